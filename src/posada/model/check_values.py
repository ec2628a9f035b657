"""Checks of figures: each has a source, ranges are in order, shares fit, distributions can be drawn from."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from posada.model.check_case import Case
from posada.model.fields import Field, Kind, fields_of, format_cell
from posada.model.findings import Finding
from posada.model.journeys import Transition
from posada.model.offers import Supply
from posada.model.rates import DISTRIBUTIONS, RATES, Rate
from posada.model.tables import TABLES, Settings

ROUNDING = 1e-9
"""By how much shares may exceed one: what is lost when decimal fractions are added."""

_OPEN = ("open_from", "open_to")
RANGES: dict[str, tuple[tuple[str, ...], ...]] = {
    "routes": (_OPEN,),
    "groups": (("size_low", "size_likely", "size_high"),),
    "sites": (_OPEN,),
    "vehicles": (_OPEN, ("honoured_low", "honoured_likely", "honoured_high")),
    "procedure": (_OPEN, ("low", "likely", "high")),
    "signals": (("date", "until"), ("multiplier_low", "multiplier_likely", "multiplier_high")),
    "reports": (("value_low", "value", "value_high"),),
}
"""Fields of a table that may not decrease from left to right; those that are empty are passed over."""

COUNTRY = re.compile("[A-Z]{3}")
GROUP_SHARES = ("share_women", "share_children", "share_older", "share_limited_mobility", "share_medical")
HONOURED = ("honoured_low", "honoured_likely", "honoured_high")


def countries_are_codes(case: Case) -> Iterator[Finding]:
    """The country of a place is three capital letters, so that ``country:MEX`` means one thing.

    Scenarios of dispersed movement name countries as their sources do.
    """
    if case.moves:
        return
    for where, place in case.rows("places"):
        if not COUNTRY.fullmatch(place.country):
            message = f"'{place.country}' in 'country' is not a code of three capital letters."
            yield Finding("bad-text", where, message, "Write ISO 3166-1 alpha-3, for example MEX, GTM or USA.")


def figures_have_sources(case: Case) -> Iterator[Finding]:
    """Every row of figures names at least one source."""
    for table, record in TABLES.items():
        names = [spec.name for spec in fields_of(record)]
        if "source" in names:
            for where, row in case.rows(table):
                if not row.source:
                    cure = "Name a row of the table of sources in 'source'; an assumption is a source as well."
                    yield Finding("missing-source", where, "'source' is empty.", cure)


def ranges_are_in_order(case: Case) -> Iterator[Finding]:
    """Low comes before likely before high, and a first day before the last one."""
    for table, ranges in RANGES.items():
        specs = {spec.name: spec for spec in fields_of(TABLES[table])}
        for where, row in case.rows(table):
            for names in ranges:
                yield from _disorder(where, row, [specs[name] for name in names])
    settings = case.scenario.settings
    if case.knows("scenario") and settings.start > settings.end:
        specs = {spec.name: spec for spec in fields_of(Settings)}
        yield from _disorder(case.setting("end"), settings, [specs["start"], specs["end"]])


def _disorder(where: str, row: Any, specs: list[Field]) -> Iterator[Finding]:
    given = [(spec, getattr(row, spec.name)) for spec in specs if getattr(row, spec.name) is not None]
    for (lower, low), (upper, high) in pairwise(given):
        if low > high:
            link = "after" if lower.kind is Kind.DATE else "more than"
            message = (
                f"'{lower.header}' ({format_cell(lower, low)}) is {link} '{upper.header}' ({format_cell(upper, high)})."
            )
            yield Finding("range-order", where, message, "Exchange the two, or mend the one that is wrong.")


def honoured_is_whole(case: Case) -> Iterator[Finding]:
    """Low, likely and high chance that an offer is honoured come together or not at all."""
    for where, row in case.rows("vehicles"):
        absent = [name for name in HONOURED if getattr(row, name) is None]
        if 0 < len(absent) < len(HONOURED):
            cure = "Give honoured_low, honoured_likely and honoured_high, or none of them."
            yield Finding("missing-value", where, f"'{absent[0]}' is empty, others of the three are not.", cure)


def stocks_agree(case: Case) -> Iterator[Finding]:
    """All stocks of an item are counted in one unit, and say the same of how much of it each person needs."""
    first: dict[str, tuple[str, Supply]] = {}
    for where, row in case.rows("supplies"):
        at, other = first.setdefault(row.item, (where, row))
        for name in ("unit", "per_person_night"):
            mine, theirs = getattr(row, name), getattr(other, name)
            if mine != theirs:
                message = f"'{name}' of {row.item} is {mine} here and {theirs} in {at}."
                yield Finding("unlike-stocks", where, message, "Write the same in all rows of an item.")


def shares_fit(case: Case) -> Iterator[Finding]:
    """Shares that exclude each other add up to one at most."""
    for where, group in case.rows("groups"):
        total = sum(getattr(group, name) or 0.0 for name in GROUP_SHARES)
        if total > 1 + ROUNDING:
            message = f"the shares by need of group '{group.id}' add up to {total:g}."
            cure = "Everybody is counted in one class only, the most pressing one; the rest are other adults."
            yield Finding("shares-exceed-one", where, message, cure)
    yield from _sum_up(
        ((where, row.group, (row.group,), row.share) for where, row in case.rows("destinations")),
        "the shares of the destinations of group '{}' add up to {:g}.",
        "The rest up to one goes to the group's own destination.",
    )
    yield from _sum_up(
        (
            (where, row.from_status, _moment(row), row.likely)
            for where, row in case.rows("procedure")
            if row.kind == "share_on_arrival"
        ),
        "the likely shares on arrival that leave status '{}' add up to {:g}.",
        "Of the people who arrive, each can take one way only.",
    )


def _moment(row: Transition) -> tuple[Any, ...]:
    """Return who meets a share on arrival; transitions with the same answer exclude each other."""
    return (row.from_status, row.where, row.who, row.scope, row.open_from, row.open_to)


_Share = tuple[str, str, tuple[Any, ...], float]
"""Where a share stands, whose it is, with which others it excludes itself, and how large it is."""


def _sum_up(shares: Iterator[_Share], message: str, cure: str) -> Iterator[Finding]:
    totals: dict[tuple[Any, ...], float] = defaultdict(float)
    for where, whose, key, share in shares:
        before = totals[key]
        totals[key] += share
        if before <= 1 + ROUNDING < totals[key]:
            yield Finding("shares-exceed-one", where, message.format(whose, totals[key]), cure)


def chances_are_shares(case: Case) -> Iterator[Finding]:
    """A hazard or share of a transition lies between 0 and 1."""
    for where, row in case.rows("procedure"):
        if row.kind != "capacity_per_day" and row.high > 1:
            message = f"'high' of transition '{row.id}' is {row.high:g}, but its kind is '{row.kind}'."
            yield Finding("out-of-bounds", where, message, "It must be between 0 and 1.")


def parameter_units(case: Case) -> Iterator[Finding]:
    """A parameter is given in the unit of its rate."""
    for where, row in case.rows("parameters"):
        rate = RATES.get(row.name)
        if rate is not None and row.unit != rate.unit:
            message = f"'{row.name}' is given in '{row.unit}', but its unit is '{rate.unit}'."
            yield Finding("unknown-unit", where, message, f"Convert the values and write '{rate.unit}'.")


def distributions_can_be_drawn(case: Case) -> Iterator[Finding]:
    """The values of a distribution are as many as it takes, and inside the bounds of the rate."""
    for where, row in case.rows("parameters"):
        rate = RATES.get(row.name)
        if rate is None:
            continue
        order = ";".join(DISTRIBUTIONS[row.distribution])
        cure = f"'{row.distribution}' takes {order}; '{rate.name}' may lie {_span(rate)}."
        try:
            values = row.numbers()
        except ValueError:
            yield Finding("bad-number", where, f"'values' holds '{row.values}', not numbers parted by ';'.", cure)
            continue
        fault = distribution_fault(rate, row.distribution, values)
        if fault:
            yield Finding("bad-distribution", where, f"'{row.name}': {fault}.", cure)


def _span(rate: Rate) -> str:
    if rate.maximum == float("inf"):
        return f"at {rate.minimum:g} {rate.unit} or above"
    return f"between {rate.minimum:g} and {rate.maximum:g} {rate.unit}"


def distribution_fault(rate: Rate, law: str, values: tuple[float, ...]) -> str:
    """Say why a rate cannot be drawn from a distribution with these values; empty when it can."""
    names = DISTRIBUTIONS[law]
    if len(values) != len(names):
        return f"{len(values)} values are given, '{law}' takes {len(names)}"
    given = dict(zip(names, values, strict=True))
    for spread in ("sd", "sigma_log", "alpha", "beta", "median"):
        if spread in given and given[spread] <= 0:
            return f"{spread} is {given[spread]:g}, it must be above 0"
    if law in ("uniform", "triangular") and list(values) != sorted(values):
        return f"{', '.join(names)} are not in order"
    if law == "beta":
        inside = rate.minimum <= 0 and rate.maximum >= 1
        return "" if inside else "beta lies between 0 and 1, the rate elsewhere"
    centres = {name: value for name, value in given.items() if name not in ("sd", "sigma_log")}
    for name, value in centres.items():
        if not rate.minimum <= value <= rate.maximum:
            return f"{name} is {value:g}, outside the bounds"
    return ""
