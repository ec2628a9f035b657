"""A forecast as text for a terminal: what was known, a row for each town, how it ends, what was written."""

from __future__ import annotations

from pathlib import Path

from posada.cli.aligning import aligned
from posada.cli.learning_text import learning_text
from posada.forecast.start import last_seen
from posada.model.findings import Findings, Severity
from posada.model.outlook import LEVELS, Band, Outlook, TownOutlook
from posada.model.run import Run
from posada.model.start import GroupStart
from posada.ops.request import Answer
from posada.report.days import Issue, day_range, full_day, hour_window, named_day, short_day
from posada.report.headlines import arrival_days, is_here, show_band, shown_towns
from posada.report.numbers import SMALL_COUNT, is_indicative, people, people_range, percent, plain
from posada.report.phrases import Phrases

LEAST_CHANCE = 0.05
"""Towns that are less likely to see the group are counted, not listed."""

_LANGUAGE = "en"
_HEADERS = (
    "Town",
    "Chance",
    "Arrival (80% range)",
    "Tonight",
    "Fullest night",
    "Nights",
    "Places short",
    "Seats onward",
)


def forecast_text(answer: Answer, out: Path | None) -> str:
    """Return what ``posada run`` and ``posada forecast`` print."""
    outlook = answer.outlook
    learned = "" if outlook.learning is None else learning_text(outlook.learning, answer.run)
    parts = [
        _heading(outlook),
        _known_state(answer.run, is_believed=outlook.learning is not None),
        _left_out(answer),
        warnings_text(answer.findings, answer.request.scenario),
        _towns(outlook),
        _ends(outlook),
        learned,
        _nobody_lost(answer.run),
        _files(answer, out),
    ]
    return "\n\n".join(part for part in parts if part)


def _heading(outlook: Outlook) -> str:
    stamp = outlook.stamp
    since = f"as of {full_day(stamp.as_of, _LANGUAGE)}" if stamp.as_of else "from the first day"
    return (
        f"{stamp.scenario_title}: {since}, {plain(stamp.members)} members, seed {stamp.seed}\n"
        f"scenario {stamp.scenario_id} {stamp.scenario_hash[:8]}, posada {stamp.version}, {stamp.classification}"
    )


def _known_state(run: Run, *, is_believed: bool = False) -> str:
    """Say where the groups are known to be, since when, and with how many people; or where they are believed to be."""
    if run.start is None:
        return ""
    names = {row.id: row.name for row in run.scenario.groups}
    lines = ["Believed then:" if is_believed else "Known then:"]
    for row in run.start.groups:
        place = run.scenario.place(row.place)
        where = "in a place marked sensitive" if place.sensitive else f"in {place.name}"
        where = f"most likely {where}" if is_believed else f"{where}{_since(run, row)}"
        size = f"{people(row.people.likely)} people ({people_range(row.people.low, row.people.high)})"
        lines.append(f"  {names[row.group]}: {where}; {size}")
    phrases = Phrases(_LANGUAGE)
    for status in run.start.statuses:
        size = f"{people(status.people.likely)} ({people_range(status.people.low, status.people.high)})"
        lines.append(f"  {phrases.word('outcome', status.status)}: {size}")
    listed = {row.group for row in run.start.groups}
    later = [row.name for row in run.scenario.groups if row.departs > run.start.date and row.id not in listed]
    lines += [f"  {name}: departs later" for name in later]
    return "\n".join(lines)


def _since(run: Run, row: GroupStart) -> str:
    """Say how long ago a group was last reported where it is known to be, when that is long."""
    assert run.start is not None
    seen = last_seen(run.scenario, row)
    days_ago = (run.start.date - seen).days if seen else 0
    return f", last reported there {days_ago} days before" if days_ago > 1 else ""


def _left_out(answer: Answer) -> str:
    if not answer.left_out:
        return ""
    rows = ", ".join(f"{table} {count}" for table, count in answer.left_out.items())
    return f"Published later, so not used (rows): {rows}."


def warnings_text(findings: Findings, scenario: str) -> str:
    """Say how many warnings there are and how to see them; empty when there are none."""
    count = sum(row.severity is Severity.WARNING for row in findings.rows)
    if not count:
        return ""
    plural = "s" if count > 1 else ""
    return f"The scenario has {count} warning{plural}; see: posada check {scenario}"


def _towns(outlook: Outlook) -> str:
    issue = Issue.of(outlook.stamp, outlook.dates[0])
    towns = shown_towns(outlook)
    listed = [town for town in towns if town.arrival.probability >= LEAST_CHANCE or is_here(town, issue)]
    lines = aligned([_HEADERS, *(_row(town, issue) for town in listed)])
    notes = ["Middle and 80% range, if they come. * indicative: the range is wider than half of the middle."]
    if len(towns) > len(listed):
        few = percent(LEAST_CHANCE)
        notes.append(f"And {len(towns) - len(listed)} places that the group reaches with a chance below {few}.")
    if len(outlook.towns) > len(towns):
        notes.append(f"{len(outlook.towns) - len(towns)} places marked sensitive are not shown.")
    return "\n".join([*lines, *notes])


def _row(town: TownOutlook, issue: Issue) -> tuple[str, ...]:
    return (
        town.name,
        percent(town.arrival.probability),
        _arrival(town, issue),
        *(band_cell(band) for band in (town.tonight, town.peak)),
        band_cell(town.nights, counts_people=False),
        *(band_cell(band) for band in (town.places_short, town.onward_seats)),
    )


def _arrival(town: TownOutlook, issue: Issue) -> str:
    days = arrival_days(town)
    if is_here(town, issue):
        return "already here"
    if town.arrival.most_likely is None or days is None:
        return "–"
    hours = f", {hour_window(town.arrival.hours, _LANGUAGE)}" if town.arrival.hours and days[0] == days[1] else ""
    return f"{named_day(town.arrival.most_likely, _LANGUAGE)} ({day_range(*days, _LANGUAGE)}{hours})"


def band_cell(band: Band, *, counts_people: bool = True) -> str:
    """Return ``1,100 (900–1,300)``, with a star when the range is only indicative; a dash when it is not defined."""
    shown = show_band(band, counts_people=counts_people)
    if shown is None:
        return "–"
    if shown.low_high == shown.middle:
        return shown.middle
    return f"{shown.middle} ({shown.low_high})" + ("*" if shown.indicative else "")


def _ends(outlook: Outlook) -> str:
    """Say how the journey stands on its last day."""
    journey = outlook.journey
    last = short_day(outlook.dates[-1], _LANGUAGE)
    phrases = Phrases(_LANGUAGE)
    rows: list[tuple[str, ...]] = [(f"Standing on {last}", "People (80% range)")]
    series = {"together": journey.together, **journey.outcomes}
    for name, bands in series.items():
        meaning = "Still in a group" if name == "together" else journey.outcome_meanings[name]
        label = meaning if name == "together" else phrases.word("outcome", name, otherwise=meaning)
        low, middle, high = (float(bands[LEVELS.index(level), -1]) for level in (0.1, 0.5, 0.9))
        low_high = people_range(low, high)
        if low_high == people(middle):
            rows.append((label, low_high))
            continue
        wide = "*" if is_indicative(low, middle, high) and high >= SMALL_COUNT else ""
        rows.append((label, f"{people(middle)} ({low_high}){wide}"))
    note = "Somebody may have had several of these standings; they do not add up."
    return "\n".join([*aligned(rows), note])


def _nobody_lost(run: Run) -> str:
    return (
        f"Nobody lost: in each of {plain(run.members)} members, on each of {len(run.dates)} nights, "
        "people entered = present + under way + in a final status."
    )


def _files(answer: Answer, out: Path | None) -> str:
    if out is None:
        return "Nothing was written; --out DIR writes tables, map points and briefs."
    top = [path.name for path in answer.files if path.parent == out]
    deeper = [path for path in answer.files if path.parent != out]
    lines = [f"Written to {out}: {', '.join(top)}"]
    if deeper:
        folder = deeper[0].parent.name
        corridor = next((path for path in deeper if path.name == "corridor.es.html"), deeper[0])
        lines.append(f"and {len(deeper)} files of briefs in {out / folder}; begin with {corridor}")
    return "\n".join(lines)
