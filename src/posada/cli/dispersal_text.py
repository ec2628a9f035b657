"""A forecast of dispersed people as text for a terminal: a row for each camp, and where the others are."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from posada.cli.aligning import aligned
from posada.cli.forecast_text import band_cell, warnings_text
from posada.model.dispersal_outlook import DailyPeople, DispersalOutlook
from posada.model.outlook import Band
from posada.ops.request import DispersalAnswer
from posada.report.days import full_day
from posada.report.numbers import SMALL_COUNT, plain
from posada.report.phrases import Phrases

_LANGUAGE = "en"
_UNKNOWN = "–"


def dispersal_text(answer: DispersalAnswer, out: Path | None) -> str:
    """Return what ``posada run`` prints about dispersed people."""
    outlook = answer.outlook
    parts = [
        _heading(outlook),
        warnings_text(answer.findings, answer.request.scenario, Phrases("en")),
        _last_day(outlook),
        _fullest_days(outlook),
        _notes(outlook),
        _files(answer, out),
    ]
    return "\n\n".join(part for part in parts if part)


def _heading(outlook: DispersalOutlook) -> str:
    stamp = outlook.stamp
    first, last = (full_day(day, _LANGUAGE) for day in (outlook.dates[0], outlook.dates[-1]))
    return (
        f"{stamp.scenario_title}: {first} to {last}, {plain(stamp.members)} members, seed {stamp.seed}\n"
        f"scenario {stamp.scenario_id} {stamp.scenario_hash[:8]}, posada {stamp.version}, {stamp.classification}"
    )


def _named(outlook: DispersalOutlook) -> list[tuple[str, str, DailyPeople]]:
    """Return name, country and numbers of the camps, the fullest first, and of their sums."""
    ranked = sorted(outlook.shown, key=lambda camp: -camp.daily.end.at(0.5))
    rows = [(camp.place.name, camp.place.country, camp.daily) for camp in ranked]
    for country, daily in outlook.countries.items():
        number = sum(camp.place.country == country for camp in ranked)
        if 1 < number < len(ranked):
            rows.append((f"{number} camps", country, daily))
    return [*rows, ("All camps", "", outlook.in_camps)] if len(rows) > 1 else rows


def _last_day(outlook: DispersalOutlook) -> str:
    day = full_day(outlook.dates[-1], _LANGUAGE)
    rows: list[tuple[str, ...]] = [(f"On {day}", "Country", "Registered", "People (80% range)", "Capacity", "Filled")]
    for name, country, daily in _named(outlook):
        capacity = _UNKNOWN if daily.capacity is None else plain(daily.capacity)
        filled = _filled(daily.end, daily.capacity)
        rows.append((name, country, _counted(daily, -1), band_cell(daily.end), capacity, filled))
    for name, daily in (
        ("Under way", outlook.under_way),
        ("In towns and elsewhere", outlook.elsewhere),
        ("Ever displaced", outlook.displaced),
    ):
        rows.append((name, "", "", band_cell(daily.end), "", ""))
    return "\n".join(aligned(rows))


def _fullest_days(outlook: DispersalOutlook) -> str:
    if not outlook.shown:
        return ""
    rows: list[tuple[str, ...]] = [("Fullest day", "Country", "Day", "Registered then", "People then (80% range)")]
    for name, country, daily in _named(outlook):
        then = _counted(daily, outlook.dates.index(daily.peak_date))
        rows.append((name, country, full_day(daily.peak_date, _LANGUAGE), then, band_cell(daily.peak)))
    return "\n".join(aligned(rows))


def _counted(daily: DailyPeople, day: int) -> str:
    """Return the people registered on a day; they were counted, so they are not rounded."""
    if daily.registered is None:
        return _UNKNOWN
    count = int(daily.registered[day])
    return f"<{SMALL_COUNT}" if 0 < count < SMALL_COUNT else plain(count)


def _filled(band: Band, capacity: int | None) -> str:
    """Return the people as a share of the capacity, with its range."""
    if not capacity:
        return _UNKNOWN
    low, middle, high = (round(100 * band.at(level) / capacity) for level in (0.1, 0.5, 0.9))
    return f"{middle}%" if low == high else f"{middle}% ({low}–{high}%)"


def _notes(outlook: DispersalOutlook) -> str:
    return "\n".join(_all_notes(outlook))


def _all_notes(outlook: DispersalOutlook) -> Iterable[str]:
    yield "Middle and 80% range over the members; one number where rounding leaves no range. * indicative: wide."
    yield "The range is that of what people happen to choose. Rules, conflict and counts are taken as certain."
    if any(camp.daily.registered is not None for camp in outlook.shown):
        yield "Registered: as counted, interpolated between counts."
    if outlook.registered_is_input:
        yield (
            "As many people set out as registrations rose: how many are displaced is an input of this run, "
            "and where they are is its forecast."
        )
    if outlook.people_per_simulated > 1:
        each = plain(outlook.people_per_simulated)
        yield f"One simulated person stands for {each} people; all numbers here are of people, and none is finer."
    hidden = len(outlook.camps) - len(outlook.shown)
    if hidden:
        yield f"{hidden} camps marked sensitive are not shown, and are counted under other places."
    yield (
        f"Nobody lost: in each of {plain(outlook.stamp.members)} members, on each of {len(outlook.dates)} nights, "
        "people entered = present + under way."
    )


def _files(answer: DispersalAnswer, out: Path | None) -> str:
    flee_out = answer.request.flee_out
    lines = []
    if out is not None:
        names = [path.name for path in answer.files if path.parent == out and path != flee_out]
        lines.append(f"Written to {out}: {', '.join(names)}")
    if flee_out is not None:
        member = answer.request.flee_member
        of = "the mean over the members" if member is None else f"member {member}"
        unit = ", in simulated people" if answer.outlook.people_per_simulated > 1 else ""
        lines.append(f"Written in Flee's form, {of}{unit}: {flee_out}")
    return "\n".join(lines) or "Nothing was written; --out DIR writes tables, map points and a map."
