"""Where people can be if some are carried: only variables that can matter are built."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from posada.model.demand import DEMAND_CLASSES
from posada.plan.problem import Problem

Flags = NDArray[np.bool_]
Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Support:
    """What can be more than zero. ``cells`` are (scenarios, days, places, classes).

    Attributes
    ----------
    ahead : cells
        Somebody can wait there who was carried there.
    gap : cells
        Somebody can be missing there who was carried away.
    lasting : cells
        Somebody can be missing there for the night, for one waits beyond; where none does, a gap would pass its person.
    sources : cells
        Somebody is there who could be carried from there that day.
    rides : (scenarios, arcs, days, classes)
    leg_gap : (legs, classes)
        A gap can walk the leg.
    leaving : cells
        People who leave the journey there between the night before and this night, ``(…)`` as numbers.
    """

    ahead: Flags
    gap: Flags
    lasting: Flags
    sources: Flags
    rides: Flags
    leg_gap: Flags
    leaving: Floats


def guests(problem: Problem, rides: Flags) -> Flags:
    """Return where people of other towns can come for the night, cells."""
    demand, arcs = problem.demand, problem.arcs
    found = np.zeros(demand.people.shape, bool)
    s, arc, d, need = np.nonzero(rides & arcs.night[None, :, None, None])
    found[s, d, arcs.target[arc], need] = True
    return found


def find_support(problem: Problem) -> Support:
    """Return what can be more than zero, day by day from the first."""
    demand, legs, arcs = problem.demand, problem.demand.legs, problem.arcs
    scenarios, days, places, classes = demand.people.shape
    shape = (scenarios, days, places, classes)
    present = demand.people > 0
    ahead, gap, lasting, sources = (np.zeros(shape, bool) for _ in range(4))
    rides = np.zeros((shape[0], arcs.size, shape[1], len(DEMAND_CLASSES)), bool)
    leg_gap = np.zeros(legs.people.shape, bool)
    leaving = leavers(problem)
    large = legs.people.sum(axis=1) >= problem.options.least_group
    crowd = present & (demand.people.sum(axis=3, keepdims=True) >= problem.options.least_group)
    expected = expected_soon(problem)
    may = problem.rides[arcs.fleet] if arcs.size else np.zeros((0, len(DEMAND_CLASSES)), bool)
    for day in range(shape[1]):
        before = ahead[:, day - 1] if day else np.zeros_like(ahead[:, 0])
        gap_before = lasting[:, day - 1] if day else np.zeros_like(before)
        sources[:, day] = crowd[:, day] | before
        setting_out = np.flatnonzero((legs.leaves == day) & large)
        np.logical_or.at(
            sources[:, day], (legs.scenario[setting_out], legs.origin[setting_out]), legs.people[setting_out] > 0
        )
        standing = problem.fleet_on[arcs.fleet, day][None, :] & problem.fleet_kept[:, arcs.fleet]
        rides[:, :, day] = standing[:, :, None] & may[None]
        rides[:, :, day] &= np.where(
            arcs.night[:, None],
            crowd[:, day][:, arcs.origin] & _helped_for_a_night(problem, day)[:, :, None],
            sources[:, day][:, arcs.origin] & expected[:, day][:, arcs.target],
        )
        ahead[:, day] = before & expected[:, day]
        taken = np.zeros_like(before)
        s, arc, need = np.nonzero(rides[:, :, day] & ~arcs.night[None, :, None])
        ahead[s, day, arcs.target[arc], need] = True
        taken[s, arcs.origin[arc], need] = True
        sources[:, day] &= taken
        walked = gap_before | taken
        leg_gap[setting_out] = walked[legs.scenario[setting_out], legs.origin[setting_out]] & (
            legs.people[setting_out] > 0
        )
        gap[:, day] |= (gap_before | taken) & present[:, day]
        coming = np.flatnonzero(legs.arrives == day)
        np.logical_or.at(gap[:, day], (legs.scenario[coming], legs.target[coming]), leg_gap[coming])
        gap[:, day] &= present[:, day]
        beyond = np.einsum("pq,sqc->spc", problem.downstream.astype(np.float32), ahead[:, day].astype(np.float32)) > 0
        lasting[:, day] = gap[:, day] & beyond
    return Support(ahead, gap, lasting, sources, rides, leg_gap, leaving)


def _helped_for_a_night(problem: Problem, day: int) -> Flags:
    """Return for which ways people lack places where they begin and find some where they end, ``(scenarios, arcs)``."""
    short, arcs = problem.shortfall, problem.arcs
    return np.asarray(short.lacking[:, day][:, arcs.origin] & short.spare[:, day][:, arcs.target])


def expected_soon(problem: Problem) -> Flags:
    """Return where people of a class are still to come on a leg within the days that anybody waits.

    Nobody takes a ride to a town to which the others do not come. On the last day it is the day after that counts.
    """
    demand, legs = problem.demand, problem.demand.legs
    expected = np.zeros(demand.people.shape, bool)
    large = legs.people.sum(axis=1) >= problem.options.least_group
    for wait in range(problem.options.longest_wait_days + 1):
        day = legs.arrives - wait
        inside = (day >= 0) & (day < len(demand.dates)) & large
        at = (legs.scenario[inside], day[inside], legs.target[inside])
        np.logical_or.at(expected, at, legs.people[inside] > 0)
    return expected


def leavers(problem: Problem) -> Floats:
    """Return people who leave the journey in a town before a night: more went than set out on a leg."""
    demand, legs = problem.demand, problem.demand.legs
    out, came = np.zeros(demand.people.shape), np.zeros(demand.people.shape)
    np.add.at(out, (legs.scenario, legs.leaves, legs.origin), legs.people)
    inside = legs.arrives < len(demand.dates)
    np.add.at(came, (legs.scenario[inside], legs.arrives[inside], legs.target[inside]), legs.people[inside])
    before = np.concatenate([np.zeros_like(demand.people[:, :1]), demand.people[:, :-1]], axis=1)
    gone = before - out + came - demand.people
    gone[:, 0] = 0.0
    return np.maximum(gone, 0.0)
