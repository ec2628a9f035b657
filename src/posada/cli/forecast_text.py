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

_COLUMNS = ("town", "chance", "arrival", "tonight", "peak", "nights", "short", "seats")


def forecast_text(answer: Answer, out: Path | None, phrases: Phrases) -> str:
    """Return what ``posada run`` and ``posada forecast`` print."""
    outlook = answer.outlook
    learned = "" if outlook.learning is None else learning_text(outlook.learning, answer.run, phrases)
    parts = [
        _heading(outlook, phrases),
        _known_state(answer.run, phrases, is_believed=outlook.learning is not None),
        _left_out(answer, phrases),
        warnings_text(answer.findings, answer.request.scenario, phrases),
        _towns(outlook, phrases),
        _ends(outlook, phrases),
        learned,
        phrases.say("forecast_text.nobody_lost", members=plain(answer.run.members), nights=len(answer.run.dates)),
        _files(answer, out, phrases),
    ]
    return "\n\n".join(part for part in parts if part)


def _heading(outlook: Outlook, phrases: Phrases) -> str:
    stamp = outlook.stamp
    since = phrases.say("forecast_text.from_start")
    if stamp.as_of:
        since = phrases.say("forecast_text.as_of", day=full_day(stamp.as_of, phrases.language))
    return phrases.say(
        "forecast_text.heading",
        title=stamp.scenario_title,
        since=since,
        members=plain(stamp.members),
        seed=stamp.seed,
        scenario=stamp.scenario_id,
        hash=stamp.scenario_hash[:8],
        version=stamp.version,
        classification=phrases.word("classification", stamp.classification).lower(),
    )


def _known_state(run: Run, phrases: Phrases, *, is_believed: bool = False) -> str:
    """Say where the groups are known to be, since when, and with how many people; or where they are believed to be."""
    if run.start is None:
        return ""
    names = {row.id: row.name for row in run.scenario.groups}
    lines = [phrases.say("forecast_text.believed" if is_believed else "forecast_text.known")]
    for row in run.start.groups:
        place = run.scenario.place(row.place)
        where = phrases.say("forecast_text.hidden_place")
        if not place.sensitive:
            where = phrases.say("forecast_text.in_place", place=place.name)
        where = phrases.say("forecast_text.likely", where=where) if is_believed else where + _since(run, row, phrases)
        size = {"people": people(row.people.likely), "ends": people_range(row.people.low, row.people.high)}
        lines.append(f"  {names[row.group]}: {phrases.say('forecast_text.group', where=where, **size)}")
    for status in run.start.statuses:
        ends = people_range(status.people.low, status.people.high)
        lines.append(f"  {phrases.word('outcome', status.status)}: {people(status.people.likely)} ({ends})")
    listed = {row.group for row in run.start.groups}
    later = [row.name for row in run.scenario.groups if row.departs > run.start.date and row.id not in listed]
    lines += [f"  {name}: {phrases.say('forecast_text.departs_later')}" for name in later]
    return "\n".join(lines)


def _since(run: Run, row: GroupStart, phrases: Phrases) -> str:
    """Say how long ago a group was last reported where it is known to be, when that is long."""
    assert run.start is not None
    seen = last_seen(run.scenario, row)
    days_ago = (run.start.date - seen).days if seen else 0
    return phrases.say("forecast_text.last_reported", days=days_ago) if days_ago > 1 else ""


def _left_out(answer: Answer, phrases: Phrases) -> str:
    if not answer.left_out:
        return ""
    rows = ", ".join(f"{table} {count}" for table, count in answer.left_out.items())
    return phrases.say("forecast_text.left_out", rows=rows)


def warnings_text(findings: Findings, scenario: str, phrases: Phrases) -> str:
    """Say how many warnings there are and how to see them; empty when there are none."""
    count = sum(row.severity is Severity.WARNING for row in findings.rows)
    if not count:
        return ""
    key = "forecast_text.warning" if count == 1 else "forecast_text.warnings"
    return phrases.say(key, n=count, scenario=scenario)


def _towns(outlook: Outlook, phrases: Phrases) -> str:
    issue = Issue.of(outlook.stamp, outlook.dates[0])
    towns = shown_towns(outlook)
    listed = [town for town in towns if town.arrival.probability >= LEAST_CHANCE or is_here(town, issue)]
    headers = tuple(phrases.say(f"towns.{column}") for column in _COLUMNS)
    lines = aligned([headers, *(_row(town, issue, phrases) for town in listed)])
    notes = [phrases.say("forecast_text.note")]
    if len(towns) > len(listed):
        few = percent(LEAST_CHANCE)
        notes.append(phrases.say("forecast_text.less_likely", n=len(towns) - len(listed), chance=few))
    if len(outlook.towns) > len(towns):
        notes.append(phrases.say("forecast_text.hidden", n=len(outlook.towns) - len(towns)))
    return "\n".join([*lines, *notes])


def _row(town: TownOutlook, issue: Issue, phrases: Phrases) -> tuple[str, ...]:
    return (
        town.name,
        percent(town.arrival.probability),
        _arrival(town, issue, phrases),
        *(band_cell(band) for band in (town.tonight, town.peak)),
        band_cell(town.nights, counts_people=False),
        *(band_cell(band) for band in (town.places_short, town.onward_seats)),
    )


def _arrival(town: TownOutlook, issue: Issue, phrases: Phrases) -> str:
    days, language = arrival_days(town), phrases.language
    if is_here(town, issue):
        return phrases.say("forecast_text.here")
    if town.arrival.most_likely is None or days is None:
        return "–"
    hours = f", {hour_window(town.arrival.hours, language)}" if town.arrival.hours and days[0] == days[1] else ""
    return f"{named_day(town.arrival.most_likely, language)} ({day_range(*days, language)}{hours})"


def band_cell(band: Band, *, counts_people: bool = True) -> str:
    """Return ``1,100 (900–1,300)``, with a star when the range is only indicative; a dash when it is not defined."""
    shown = show_band(band, counts_people=counts_people)
    if shown is None:
        return "–"
    if shown.low_high == shown.middle:
        return shown.middle
    return f"{shown.middle} ({shown.low_high})" + ("*" if shown.indicative else "")


def _ends(outlook: Outlook, phrases: Phrases) -> str:
    """Say how the journey stands on its last day."""
    journey = outlook.journey
    last = short_day(outlook.dates[-1], phrases.language)
    rows: list[tuple[str, ...]] = [
        (phrases.say("forecast_text.standing", day=last), phrases.say("forecast_text.people_range"))
    ]
    series = {"together": journey.together, **journey.outcomes}
    for name, bands in series.items():
        label = phrases.say("forecast_text.together")
        if name != "together":
            label = phrases.word("outcome", name, otherwise=journey.outcome_meanings[name])
        low, middle, high = (float(bands[LEVELS.index(level), -1]) for level in (0.1, 0.5, 0.9))
        low_high = people_range(low, high)
        if low_high == people(middle):
            rows.append((label, low_high))
            continue
        wide = "*" if is_indicative(low, middle, high) and high >= SMALL_COUNT else ""
        rows.append((label, f"{people(middle)} ({low_high}){wide}"))
    return "\n".join([*aligned(rows), phrases.say("forecast_text.several")])


def _files(answer: Answer, out: Path | None, phrases: Phrases) -> str:
    if out is None:
        return phrases.say("forecast_text.not_written")
    top = [path.name for path in answer.files if path.parent == out]
    deeper = [path for path in answer.files if path.parent != out]
    lines = [phrases.say("forecast_text.written", out=out, files=", ".join(top))]
    if deeper:
        folder = deeper[0].parent.name
        corridor = next((path for path in deeper if path.name == f"corridor.{phrases.language}.html"), deeper[0])
        lines.append(phrases.say("forecast_text.briefs", n=len(deeper), folder=out / folder, corridor=corridor))
    return "\n".join(lines)
