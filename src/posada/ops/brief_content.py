"""What a brief needs beyond the forecast: needs by standard, what the town offers, statements, drivers."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace

from posada.forecast.drivers import Drawn, drivers
from posada.model.outlook import Driver, NeedLine, Outlook, Statement, TownOutlook
from posada.model.run import Run
from posada.model.scenario import Scenario
from posada.model.statements import Report
from posada.ops.offers import town_offers
from posada.plan.needs import calculate_needs, phase_for_nights
from posada.plan.standards import Standards, read_standards
from posada.report.numbers import round_needed

PLANNING_LEVEL = 0.9
"""Needs are computed for the upper end of the 80 % range of the fullest night, if the group comes.

A town that prepares for the middle is short every second time; for this level, one time in ten. The people
are rounded up to two significant figures first, so that a reader can check every line with the number shown.
"""

_UNKNOWN_STAY = "overnight"


def complete(outlook: Outlook, run: Run, *, for_briefs: bool = True) -> Outlook:
    """Return an outlook with statements, and for briefs with needs, offers and drivers of each town as well."""
    towns = tuple(replace(town, statements=_statements_of(town, run)) for town in outlook.towns)
    if for_briefs:
        standards, drawn = read_standards(), Drawn(run)
        towns = tuple(_complete_town(town, drawn, standards) for town in towns)
    used = run.start.report_ids if run.start else ()
    return replace(outlook, towns=towns, statements=statements(run.scenario, used))


def _complete_town(town: TownOutlook, drawn: Drawn, standards: Standards) -> TownOutlook:
    run = drawn.run
    people, phase, lines = _needs(town, run.scenario, standards)
    return replace(
        town,
        needs=lines,
        needs_people=people,
        needs_phase=phase,
        offers=town_offers(run.scenario, town.place_id, run.dates[0]),
        drivers=_drivers(drawn, town.place_id),
    )


def _statements_of(town: TownOutlook, run: Run) -> tuple[Statement, ...]:
    known = [row for row in run.scenario.reports if row.place == town.place_id and row.published <= run.dates[0]]
    return statements(run.scenario, [row.id for row in known])


def _needs(town: TownOutlook, scenario: Scenario, standards: Standards) -> tuple[int, str, tuple[NeedLine, ...]]:
    upper = town.peak.at(PLANNING_LEVEL)
    stay = town.nights.at(0.5)
    phase = _UNKNOWN_STAY if math.isnan(stay) else phase_for_nights(stay)
    if math.isnan(upper) or upper < 1:
        return 0, phase, ()
    people = int(round_needed(upper))
    climate = scenario.settings.climate
    lines = calculate_needs(people, phase, climate=climate, standards=standards, essential_only=True)
    return people, phase, lines


def _drivers(drawn: Drawn, place_id: str) -> tuple[Driver, ...]:
    """Return what moves the day of arrival most; in a town where the group is already, the nights it stays."""
    return drivers(drawn, f"arrival:{place_id}") or drivers(drawn, f"nights:{place_id}")


def statements(scenario: Scenario, report_ids: Iterable[str]) -> tuple[Statement, ...]:
    """Return reports as they are listed in a brief, in the order given."""
    by_id = {row.id: row for row in scenario.reports}
    return tuple(_statement(scenario, by_id[id_]) for id_ in report_ids)


def _statement(scenario: Scenario, report: Report) -> Statement:
    source = next(row for row in scenario.sources if row.id == report.source[0])
    return Statement(
        report_id=report.id,
        published=report.published,
        event_date=report.event_date,
        place_id=report.place,
        kind=report.kind,
        figure=figure_text(report),
        speaker_role=report.speaker_role,
        on_record=report.on_record,
        publisher=source.publisher,
        title=source.title,
        url=source.url,
        summary=report.summary,
    )


def figure_text(report: Report) -> str:
    """Return the figure of a report with its unit as the last word: ``≥ 1,200 people``; empty when it has none."""
    low, value, high = report.value_low, report.value, report.value_high
    if low is not None and high is not None:
        amount = f"{_plain(low)}–{_plain(high)}"
    elif low is not None and value in (None, low):
        amount = f"≥ {_plain(low)}"
    elif high is not None and value in (None, high):
        amount = f"≤ {_plain(high)}"
    elif value is not None:
        amount = _plain(value)
    else:
        return ""
    return f"{amount} {report.unit}"


def _plain(value: float) -> str:
    return f"{value:,.10g}"
