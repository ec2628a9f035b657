"""The columns of the program: what a plan decides, each family with where its columns stand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from posada.model.demand import FAMILIES
from posada.plan.opening import usable_nights
from posada.plan.problem import Problem
from posada.plan.program import Program
from posada.plan.support import Support, find_support, guests

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Cells = tuple[Ints, Ints, Ints, Ints]
"""Scenario, day, place and class of each."""

NONE = -1
"""Where a variable does not exist; it counts as 0."""


@dataclass(frozen=True, eq=False)
class Table:
    """Columns of one family with their coordinates, ``(coordinates, columns)``, and the way back from them."""

    column: Ints
    at: tuple[Ints, ...]
    lookup: Ints

    @property
    def size(self) -> int:
        """Number of columns."""
        return int(self.column.size)


@dataclass(frozen=True, eq=False)
class Variables:
    """Families of columns; coordinates in brackets. In the near days scenario 0 of ``opened`` and ``trips`` is all.

    Attributes
    ----------
    opened : (scenario, day, site)
    lodged : (scenario, day, site, group)
        Group 1 is the families in the near days; group 0 all others, and everybody later.
    over : (scenario, day, site)
        People above the standard.
    without : (scenario, day, place, group)
    families, split : (scenario, day, site)
        Whole families at a site in the near days; people of families lodged apart from them.
    gap, ahead, met, gone_gap, gone_ahead, evening, onward : (scenario, day, place, class)
        See :mod:`posada.plan.carried`.
    leg_new, leg_old : (leg, class)
        People carried from a leg; gaps that walk it.
    trips : (scenario, day, arc)
    rides : (scenario, day, arc, class)
    ride_families, ride_split : (scenario, day, arc)
    cells : (scenario, day, place, group)
        Not a variable: the cells in which anybody can be.
    """

    support: Support
    cells: tuple[Ints, ...]
    cell_lookup: Ints
    opened: Table
    lodged: Table
    over: Table
    without: Table
    families: Table
    split: Table
    gap: Table
    ahead: Table
    met: Table
    gone_gap: Table
    gone_ahead: Table
    evening: Table
    onward: Table
    leg_new: Table
    leg_old: Table
    trips: Table
    rides: Table
    ride_families: Table
    ride_split: Table


def declare(program: Program, problem: Problem) -> Variables:
    """Add the columns of a problem and return where they stand."""
    support = find_support(problem)
    demand = problem.demand
    shared = support.gap & support.ahead
    before = np.zeros_like(support.ahead)
    before[:, 1:] = support.ahead[:, :-1]
    gap_before = np.zeros_like(before)
    gap_before[:, 1:] = support.lasting[:, :-1]
    leaves_anywhere = (support.leaving > 0).any(axis=2, keepdims=True)
    occupied = _by_group((demand.people > 0) | support.ahead | guests(problem, support.rides), problem.near)

    crowd = demand.people.sum(axis=3, keepdims=True) >= problem.options.least_group

    def cells(family: str, flags: NDArray[np.bool_], upper: Floats | float = np.inf) -> Table:
        return _table(program, family, flags, upper)

    large = (demand.legs.people.sum(axis=1) >= problem.options.least_group)[:, None]
    legs_walked = support.leg_gap
    sources_by_leg = support.sources[demand.legs.scenario, demand.legs.leaves, demand.legs.origin]
    most = problem.options.ride_uptake_share
    lodged = usable_nights(problem, occupied)
    site_nights = np.asarray(lodged.any(axis=3), bool)
    family_nights = lodged[..., 1]
    ride_flags = support.rides.transpose(0, 2, 1, 3)
    ride_families = ride_flags[..., FAMILIES].copy()
    ride_families[:, problem.near :] = False
    crowds = site_nights & (problem.site_low > problem.site_target)
    return Variables(
        support=support,
        cells=np.nonzero(occupied),
        cell_lookup=_lookup(occupied),
        opened=_decisions(program, "opened", site_nights, problem.near, np.ones(site_nights.shape)),
        lodged=cells("lodged", lodged),
        over=cells("over", crowds),
        without=cells("without", occupied),
        families=_table(program, "families", family_nights, np.inf, True),
        split=cells("split", family_nights),
        gap=cells("gap", support.lasting, demand.people),
        ahead=cells("ahead", support.ahead),
        met=cells("met", shared),
        gone_gap=cells("gone_gap", (support.leaving > 0) & gap_before, support.leaving),
        gone_ahead=cells("gone_ahead", before & leaves_anywhere),
        evening=cells("evening", support.sources & (demand.people > 0) & crowd, most * demand.people),
        onward=cells("onward", support.sources & before),
        leg_new=cells("leg_new", sources_by_leg & large & (demand.legs.people > 0), most * demand.legs.people),
        leg_old=cells(
            "leg_old", legs_walked & gap_before[demand.legs.scenario, demand.legs.leaves, demand.legs.origin]
        ),
        trips=_decisions(
            program, "trips", np.asarray(ride_flags.any(axis=3), bool), problem.near, _most_trips(problem)
        ),
        rides=cells("rides", ride_flags),
        ride_families=_table(program, "ride_families", ride_families, np.inf, True),
        ride_split=cells("ride_split", ride_families),
    )


def _by_group(occupied: NDArray[np.bool_], near: int) -> NDArray[np.bool_]:
    """Return which lodging groups are there, ``(…, 2)``."""
    groups = np.zeros((*occupied.shape[:3], 2), bool)
    groups[..., 0] = np.delete(occupied, FAMILIES, axis=3).any(axis=3)
    groups[:, near:, :, 0] |= occupied[:, near:, :, FAMILIES]
    groups[:, :near, :, 1] = occupied[:, :near, :, FAMILIES]
    return groups


def group_of(day: Ints, need: Ints, near: int) -> Ints:
    """Return the lodging group of a class on a day."""
    return np.asarray((need == FAMILIES) & (day < near), np.int64)


def taken_for_a_night(problem: Problem, held: Variables) -> Iterator[tuple[Cells, Ints, float]]:
    """Yield cells, columns and sign of those who sleep elsewhere: fewer where they come from, more where they sleep."""
    night = problem.arcs.night[held.rides.at[2]]
    s, d, arc, need = (axis[night] for axis in held.rides.at)
    for place, sign in ((problem.arcs.origin[arc], -1.0), (problem.arcs.target[arc], 1.0)):
        yield (s, d, place, need), held.rides.column[night], sign


def _near(flags: NDArray[np.bool_], near: int) -> NDArray[np.bool_]:
    out = np.zeros(flags.shape, bool)
    out[:, :near] = True
    return out


def _most_trips(problem: Problem) -> Floats:
    counts = np.array([fleet.count for fleet in problem.fleets], np.float64)
    arcs = problem.arcs
    most = counts[arcs.fleet] * arcs.trips_a_day if arcs.size else np.zeros(0)
    shape = (problem.demand.scenarios, len(problem.demand.dates), arcs.size)
    return np.asarray(np.broadcast_to(most, shape), np.float64)


def _lookup(flags: NDArray[np.bool_]) -> Ints:
    lookup = np.full(flags.shape, NONE, np.int64)
    lookup[flags] = np.arange(np.count_nonzero(flags))
    return lookup


def _table(
    program: Program,
    family: str,
    flags: NDArray[np.bool_],
    upper: Floats | float,
    integer: NDArray[np.bool_] | bool = False,
) -> Table:
    most = np.broadcast_to(np.asarray(upper, np.float64), flags.shape)[flags]
    whole = np.broadcast_to(np.asarray(integer, bool), flags.shape)[flags]
    column = program.add_columns(family, int(np.count_nonzero(flags)), upper=most, integer=whole)
    lookup = np.full(flags.shape, NONE, np.int64)
    lookup[flags] = column
    return Table(column, np.nonzero(flags), lookup)


def _decisions(program: Program, family: str, flags: NDArray[np.bool_], near: int, upper: Floats) -> Table:
    """Add decisions that are whole and the same in all scenarios in the near days, and free later."""
    held = flags.copy()
    held[0, :near] = flags[:, :near].any(axis=0)
    held[1:, :near] = False
    table = _table(program, family, held, upper, _near(held, near))
    lookup = table.lookup.copy()
    lookup[:, :near] = lookup[:1, :near]
    lookup[~flags & (lookup != NONE)] = NONE
    return Table(table.column, table.at, lookup)
