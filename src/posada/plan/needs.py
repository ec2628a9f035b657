"""Needs by standard: what so many people need in a phase of their stay, low and target.

Quantities are computed in exact fractions of the figures as they are written in the table, so that 18,000 L
with 10 % of losses are 19,800 L and not a drop more, and are then rounded to what can be fetched.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from fractions import Fraction
from functools import cache
from typing import NamedTuple, TypeAlias

from posada.model.errors import InvalidValueError, UnknownNameError
from posada.model.need import PHASES, PROJECT_ASSUMPTION, STATUSES, Demand, Indicator, NeedRange
from posada.model.outlook import NeedLine
from posada.plan.standards import Standards, read_standards, select_indicators

_PER_HEAD = ("per_person_day", "per_person", "m2_per_person")
_LAST_NIGHTS = {"daytime": 0, "overnight": 1, "days_2_5": 5}


_Pair: TypeAlias = tuple[Fraction | None, Fraction | None]


class _Band(NamedTuple):
    """Low and target of a line, rounded; and the weakest status of the figures it rests on."""

    quantities: _Pair
    status: str


def phase_for_nights(nights: float) -> str:
    """Return the phase of a stay of so many nights; a part of a night counts as a night.

    Raises
    ------
    InvalidValueError
        When the nights are negative or not a number.
    """
    if not nights >= 0:
        raise InvalidValueError(f"nights is {nights:g}. It must be 0 or more.")
    return next((phase for phase, last in _LAST_NIGHTS.items() if nights <= last), PHASES[-1])


def choose_phase(phase: str | None, nights: float | None) -> str:
    """Return the phase the user chose; without one, that of the length of stay; without both, ``overnight``.

    Raises
    ------
    UnknownNameError
        When the phase is not known; names the nearest one.
    InvalidValueError
        When the nights are negative or not a number.
    """
    by_stay = None if nights is None else phase_for_nights(nights)
    if phase is not None and phase not in PHASES:
        raise UnknownNameError("phase", phase, PHASES)
    return phase or by_stay or "overnight"


def calculate_needs(
    people: float,
    phase: str | None = None,
    *,
    nights: float | None = None,
    climate: str = "temperate",
    urban_services: bool = False,
    female_share: float | None = None,
    standards: Standards | None = None,
    essential_only: bool = False,
) -> tuple[NeedLine, ...]:
    """Return what a number of people need, one line per row of the standards that holds for them.

    Parameters
    ----------
    people : float
        How many people; a part of a person is a person.
    phase : str, optional
        ``daytime``, ``overnight``, ``days_2_5`` or ``longer``. Without it the phase follows from ``nights``;
        without both it is ``overnight``.
    nights : float, optional
        Length of stay.
    climate : str
        ``temperate``, ``cold`` or ``hot``.
    urban_services : bool
        Whether people are in buildings with services inside, for which the standard asks for more space.
    female_share : float, optional
        Share of women and girls in 0-1. The standard's split of toilets supposes as many women as men; with
        another share it is weighed by it, which is an assumption of this project and shown as one.
    standards : tuple of Indicator, optional
        As :func:`posada.plan.standards.read_standards` returns them; the bundled ones if not given.
    essential_only : bool
        Whether to return only the lines for a page of few lines.

    Returns
    -------
    tuple of NeedLine
        In the order of the table. A line is verified when its figure, and every figure it rests on, was
        opened at the source.

    Raises
    ------
    InvalidValueError
        When people, nights or share are negative, not numbers or out of bounds.
    UnknownNameError
        When the phase or climate is not known; names the nearest one.
    """
    head_count = _whole_people(people)
    if female_share is not None and not 0 <= female_share <= 1:
        raise InvalidValueError(f"female_share is {female_share:g}. It must be between 0 and 1.")
    phase = choose_phase(phase, nights)
    rows = calculated_indicators(
        read_standards() if standards is None else standards,
        phase,
        climate=climate,
        urban_services=urban_services,
    )
    bands = _bands(rows, head_count, female_share)
    return tuple(
        _line(row, bands[row.key], phase, weighed=_is_weighed(row, female_share))
        for row in rows
        if row.use == "essential" or not essential_only
    )


def calculate_need_ranges(
    demand: Demand,
    phase: str | None = None,
    *,
    nights: float | None = None,
    climate: str = "temperate",
    urban_services: bool = False,
    standards: Standards | None = None,
    essential_only: bool = False,
) -> tuple[NeedRange, ...]:
    """Return the needs for the low, the likely and the high number of people, line by line.

    Parameters and errors are those of :func:`calculate_needs`.
    """
    held = read_standards() if standards is None else standards
    low, likely, high = (
        calculate_needs(
            people,
            phase,
            nights=nights,
            climate=climate,
            urban_services=urban_services,
            standards=held,
            essential_only=essential_only,
        )
        for people in (demand.low, demand.likely, demand.high)
    )
    return tuple(NeedRange(*lines) for lines in zip(low, likely, high, strict=True))


def calculated_indicators(
    standards: Standards, phase: str, *, climate: str = "temperate", urban_services: bool = False
) -> Standards:
    """Return the rows from which needs are computed in a phase, in the order of the lines of the needs."""
    rows = select_indicators(standards, phase, climate=climate, urban_services=urban_services)
    return tuple(row for row in rows if row.use != "reference" and row.kind != "threshold")


def conditions(
    standards: Standards, phase: str, *, climate: str = "temperate", urban_services: bool = False
) -> Standards:
    """Return the rows that are a limit to keep, not a quantity to fetch, such as the way to the water."""
    rows = select_indicators(standards, phase, climate=climate, urban_services=urban_services)
    return tuple(row for row in rows if row.use != "reference" and row.kind == "threshold")


def weakest_status(key: str, rows: Iterable[Indicator]) -> str:
    """Return the status of a line with all it rests on: V, S, M, or ``project_assumption``.

    Raises
    ------
    UnknownNameError
        When no row has the key.
    """
    by_key = {row.key: row for row in rows}
    if key not in by_key:
        raise UnknownNameError("line of the standards", key, by_key)
    row = by_key[key]
    own = _own_status(row)
    if row.of is None:
        return own
    return _weaker(own, weakest_status(row.of.removesuffix(".target"), by_key.values()))


def _whole_people(people: float) -> int:
    if not 0 <= people < math.inf:
        raise InvalidValueError(f"people is {people:g}. It must be a number of people, 0 or more.")
    return math.ceil(people)


@cache
def exact(figure: float) -> Fraction:
    """Return the figure as it was written: 0.1 is a tenth, not the binary number next to it."""
    return Fraction(repr(float(figure)))


def _bands(rows: Standards, head_count: int, female_share: float | None) -> dict[str, _Band]:
    bands: dict[str, _Band] = {}
    everybody: _Pair = (Fraction(head_count), Fraction(head_count))
    for row in rows:
        basis, status = everybody, _own_status(row)
        if row.of is not None:
            below = bands[row.of.removesuffix(".target")]
            # From the rounded line, so that a reader can check the page with the numbers that stand on it.
            low, target = below.quantities
            basis = (target, target) if row.of.endswith(".target") else (low, target)
            status = _weaker(status, below.status)
        quantities = (
            rounded(row, _quantity(row, row.low, basis[0], female_share)),
            rounded(row, _quantity(row, row.target, basis[1], female_share)),
        )
        bands[row.key] = _Band(quantities, status)
    return bands


def _quantity(
    row: Indicator, figure: float | None, basis: Fraction | None, female_share: float | None
) -> Fraction | None:
    """Return the exact quantity of a row; None where it, or what it rests on, has no figure."""
    if figure is None or basis is None:
        return None
    per_unit = exact(figure) / exact(row.per)
    if row.kind == "people_per_unit":
        return basis / per_unit
    if female_share is not None and row.kind.endswith("share_of"):
        women = exact(female_share)
        return basis * _weigh(per_unit, women if row.kind == "female_share_of" else 1 - women)
    return basis * per_unit


def _weigh(share: Fraction, head_share: Fraction) -> Fraction:
    """Turn a share for as many women as men into that for another share of heads, alike per head."""
    own = share * head_share
    others = (1 - share) * (1 - head_share)
    return own / (own + others)


def rounded(row: Indicator, quantity: Fraction | None) -> Fraction | None:
    """Return a quantity in the steps and by the rounding of its line; nothing stays nothing."""
    if quantity is None:
        return None
    step = exact(row.step)
    steps = quantity / step
    half = Fraction(1, 2)
    rounding: Mapping[str, int] = {
        "up": math.ceil(steps),
        "half_up": math.floor(steps + half),
        "half_down": math.ceil(steps - half),
    }
    return rounding[row.rounding] * step


def _own_status(row: Indicator) -> str:
    return PROJECT_ASSUMPTION if row.is_assumption else row.status


def _weaker(one: str, other: str) -> str:
    return max(one, other, key=(*STATUSES, PROJECT_ASSUMPTION).index)


def _is_weighed(row: Indicator, female_share: float | None) -> bool:
    return female_share is not None and row.kind.endswith("share_of")


def _line(row: Indicator, band: _Band, phase: str, *, weighed: bool) -> NeedLine:
    low, target = band.quantities
    source = row.citation
    if weighed:
        source += f"; weighed by the share of women: {PROJECT_ASSUMPTION}"
    elif band.status == PROJECT_ASSUMPTION and not row.is_assumption:
        source += f"; rests on a {PROJECT_ASSUMPTION}"
    return NeedLine(
        key=row.key,
        label_en=row.label_en,
        label_es=row.label_es,
        quantity_low=None if low is None else float(low),
        quantity_target=None if target is None else float(target),
        unit_en=row.unit,
        unit_es=row.unit_es,
        phase=phase,
        source=source,
        verified=band.status == "V" and not weighed,
    )
