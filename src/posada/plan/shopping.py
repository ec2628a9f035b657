"""What each town needs in the first days and later: standards times the people whom a plan expects there.

*People* of a phase are those of its fullest night, *person-nights* those of all its nights, both high (the quantile at
0.9 over the futures): a town that prepares for the middle is short every second time. How long a person stays is taken
to be person-nights by people, which chooses the phase of the standards.

What is used up (per person and day) stands for the fullest day and is brought for all days. What stays, such as a
blanket or a toilet, is brought once: in the later days only what goes beyond the first ones; and what the town reported
as ready need not be brought.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

import numpy as np

from posada.model.need import Indicator
from posada.model.plan import Plan
from posada.model.plan_tables import PLAN_PHASES, SupplyRow
from posada.model.sensitive import NOT_NAMED, ShownNames
from posada.plan.needs import calculate_needs, exact, phase_for_nights, rounded
from posada.plan.spread import HIGH, Floats, by_future, weighted_quantile, whole_people
from posada.plan.standards import Standards

_DAILY = "/day", "/día"
_NOT_BROUGHT = frozenset(("covered_space", "consultations", "buses", "convoys"))
"""Lines that nobody brings: sites and vehicles have tables of their own."""


def supply_rows(
    plan: Plan, names: ShownNames, standards: Standards, ready: Mapping[tuple[str, str], float]
) -> tuple[SupplyRow, ...]:
    """Return what is to be brought to each town that may be named, in the first days and later.

    Parameters
    ----------
    ready : mapping
        What towns reported as ready, by place and line of the standards.
    """
    people = by_future(
        (((row.place_id, row.date), row.scenario, row.people) for row in plan.lodging), len(plan.weights)
    )
    rows: list[SupplyRow] = []
    for place in names.towns:
        if names.shown(place) == NOT_NAMED:
            continue
        before: dict[str, SupplyRow] = {}
        for phase, nights in zip(PLAN_PHASES, _phases(plan), strict=True):
            found = [people[place, night] for night in nights if (place, night) in people]
            if found:
                made = list(_of_phase(plan, (place, names.town(place), phase), nights, found, standards))
                brought = [_to_bring(row, before.get(row.item), ready.get((place, row.item))) for row in made]
                rows += _with_shares(brought, standards)
                before |= {row.item: row for row in made}
    return tuple(rows)


def _phases(plan: Plan) -> tuple[tuple[dt.date, ...], tuple[dt.date, ...]]:
    return plan.near_dates, plan.dates[len(plan.near_dates) :]


def _of_phase(
    plan: Plan, where: tuple[str, str, str], nights: Sequence[dt.date], people: list[Floats], standards: Standards
) -> Iterator[SupplyRow]:
    """Yield the needs of a town in a phase, before it is seen what is there."""
    weights = np.array(plan.weights, np.float64)
    most = whole_people(weighted_quantile(np.max(people, axis=0), weights, HIGH))
    total = whole_people(weighted_quantile(np.sum(people, axis=0), weights, HIGH))
    if most == 0:
        return
    stay = phase_for_nights(max(total / most, 1.0))
    standing, used = (
        calculate_needs(number, stay, climate=plan.options.climate, standards=standards, essential_only=True)
        for number in (most, max(total, most))
    )
    for line, whole in zip(standing, used, strict=True):
        if line.key in _NOT_BROUGHT:
            continue
        daily = line.unit_en.endswith(_DAILY)
        yield SupplyRow(
            place=where[0],
            town=where[1],
            phase=where[2],
            first_night=nights[0],
            last_night=nights[-1],
            item=line.key,
            label_es=line.label_es,
            label_en=line.label_en,
            people=most,
            person_nights=max(total, most),
            stay=stay,
            unit=_unit(line.unit_en),
            unit_es=_unit(line.unit_es),
            daily=daily,
            standing_low=line.quantity_low,
            standing_target=line.quantity_target,
            quantity_low=(whole if daily else line).quantity_low,
            quantity_target=(whole if daily else line).quantity_target,
            source=line.source,
            verified=line.verified,
        )


def _unit(unit: str) -> str:
    """Return ``L`` of ``L/day``: quantities are for one day, or for all."""
    return next((unit.removesuffix(end) for end in _DAILY if unit.endswith(end)), unit)


def _to_bring(row: SupplyRow, before: SupplyRow | None, ready: float | None) -> SupplyRow:
    """Return a row with what is still to be brought."""
    if row.daily:
        return replace(row, ready=ready)

    def rest(wanted: float | None, brought: float | None) -> float | None:
        there = max(ready or 0.0, (brought or 0.0) if before is not None else 0.0)
        return None if wanted is None else max(wanted - there, 0.0)

    low = rest(row.standing_low, before.standing_low if before else None)
    target = rest(row.standing_target, before.standing_target if before else None)
    return replace(row, ready=ready, quantity_low=low, quantity_target=target)


def _with_shares(rows: list[SupplyRow], standards: Standards) -> list[SupplyRow]:
    """Return the rows with shares, such as toilets for women, of what is brought and not of all there must be."""
    brought = {row.item: row for row in rows}
    parts = {line.key: line for line in standards if line.kind.endswith("share_of") and line.of in brought}

    def share(row: SupplyRow) -> SupplyRow:
        part = parts[row.item]
        whole = brought[str(part.of)]
        low, target = (
            _of_whole(part, quantity, figure)
            for quantity, figure in ((whole.quantity_low, part.low), (whole.quantity_target, part.target))
        )
        return replace(row, quantity_low=low, quantity_target=target)

    return [share(row) if row.item in parts else row for row in rows]


def _of_whole(part: Indicator, whole: float | None, figure: float | None) -> float | None:
    if whole is None or figure is None:
        return None
    quantity = rounded(part, Fraction(whole) * exact(figure))
    return None if quantity is None else float(quantity)
