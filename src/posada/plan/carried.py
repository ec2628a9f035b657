"""People are conserved: whoever is carried runs ahead of the demand and leaves a gap in it.

With *a* people ahead and *z* gaps, in each scenario and class, for a night *d* in town *p*::

    z(d,p) = z(d−1,p) − Σ gaps that leave p + Σ gaps that reach p + evening − met − gone        (gaps)
    a(d,p) = a(d−1,p) − onward + Σ riders set down in p − met − gone                            (ahead)
    Σ riders from p = Σ taken from legs that leave p + evening + onward                         (sources)
    taken from a leg + gaps that walk it ≤ its people;  gaps that leave ≤ z(d−1,p);  onward ≤ a(d−1,p)
    Σ_p gone gaps = Σ_p gone people ahead                                                       (leaving)
    Σ_{q from p on} z(q) ≤ Σ_{q beyond p} a(q)                                                  (meeting)
    Σ riders from p for the night ≤ uptake × (people − z(d,p))                                  (guests)
    Σ riders from p for the night + evening ≤ uptake × people                                   (guests)

*Meeting* lets no gap pass its person, so that nobody who was carried is left behind when the others go on. Taking
part is a choice: the bounds of the sources are the uptake of rides times the people who are asked.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from posada.plan.problem import Problem
from posada.plan.program import Program
from posada.plan.variables import NONE, Table, Variables

Ints = NDArray[np.int64]
Entries = list[tuple[Ints, Ints, float]]


def conserve_people(program: Program, problem: Problem, held: Variables) -> None:
    """Add all rows of the family."""
    if not held.rides.size:
        return
    _gap_rows(program, problem, held)
    _ahead_rows(program, problem, held)
    _source_rows(program, problem, held)
    _limit_rows(program, problem, held)
    _leaving_rows(program, held)
    _meeting_rows(program, problem, held)
    _guest_rows(program, problem, held)


def _numbered(flags: NDArray[np.bool_]) -> tuple[Ints, int]:
    rows = np.full(flags.shape, NONE, np.int64)
    count = int(np.count_nonzero(flags))
    rows[flags] = np.arange(count)
    return rows, count


def _here(rows: Ints, table: Table, value: float) -> tuple[Ints, Ints, float]:
    """Return entries of a table in the rows of its own cells."""
    row = rows[table.at]
    kept = row != NONE
    return row[kept], table.column[kept], value


def _next_day(rows: Ints, table: Table, value: float) -> tuple[Ints, Ints, float]:
    """Return entries of a table in the rows of the night after."""
    s, d, p, c = table.at
    inside = d + 1 < rows.shape[1]
    row = rows[s[inside], d[inside] + 1, p[inside], c[inside]]
    kept = row != NONE
    return row[kept], table.column[inside][kept], value


def _of_legs(rows: Ints, problem: Problem, table: Table, value: float, *, at_target: bool) -> tuple[Ints, Ints, float]:
    """Return entries of a table of legs in the rows of where they leave, or of where they arrive."""
    legs = problem.demand.legs
    leg, c = table.at
    day = legs.arrives[leg] if at_target else legs.leaves[leg]
    place = legs.target[leg] if at_target else legs.origin[leg]
    inside = day < rows.shape[1]
    row = rows[legs.scenario[leg[inside]], day[inside], place[inside], c[inside]]
    kept = row != NONE
    return row[kept], table.column[inside][kept], value


def _riders(rows: Ints, problem: Problem, table: Table, value: float, *, at_target: bool) -> tuple[Ints, Ints, float]:
    onward = ~problem.arcs.night[table.at[2]]
    s, d, arc, c = (axis[onward] for axis in table.at)
    place = (problem.arcs.target if at_target else problem.arcs.origin)[arc]
    row = rows[s, d, place, c]
    kept = row != NONE
    return row[kept], table.column[onward][kept], value


def _gap_rows(program: Program, problem: Problem, held: Variables) -> None:
    gap = held.support.gap
    flags = gap.copy()
    flags[:, 1:] |= gap[:, :-1]
    legs = problem.demand.legs
    inside = legs.arrives < gap.shape[1]
    np.logical_or.at(
        flags,
        (legs.scenario[inside], legs.arrives[inside], legs.target[inside]),
        (held.support.leg_gap | (held.leg_new.lookup != NONE))[inside],
    )
    rows, count = _numbered(flags)
    entries: Entries = [
        _here(rows, held.gap, 1.0),
        _next_day(rows, held.gap, -1.0),
        _of_legs(rows, problem, held.leg_old, 1.0, at_target=False),
        _of_legs(rows, problem, held.leg_old, -1.0, at_target=True),
        _of_legs(rows, problem, held.leg_new, -1.0, at_target=True),
        _here(rows, held.evening, -1.0),
        _here(rows, held.met, 1.0),
        _here(rows, held.gone_gap, 1.0),
    ]
    program.add_rows("gaps", count, entries, lower=0.0, upper=0.0)


def _ahead_rows(program: Program, problem: Problem, held: Variables) -> None:
    rows, count = _numbered(held.support.ahead)
    entries: Entries = [
        _here(rows, held.ahead, 1.0),
        _next_day(rows, held.ahead, -1.0),
        _here(rows, held.onward, 1.0),
        _riders(rows, problem, held.rides, -1.0, at_target=True),
        _here(rows, held.met, 1.0),
        _here(rows, held.gone_ahead, 1.0),
    ]
    program.add_rows("ahead", count, entries, lower=0.0, upper=0.0)


def _source_rows(program: Program, problem: Problem, held: Variables) -> None:
    rows, count = _numbered(held.support.sources)
    entries: Entries = [
        _riders(rows, problem, held.rides, 1.0, at_target=False),
        _of_legs(rows, problem, held.leg_new, -1.0, at_target=False),
        _here(rows, held.evening, -1.0),
        _here(rows, held.onward, -1.0),
    ]
    program.add_rows("sources", count, entries, lower=0.0, upper=0.0)


def _limit_rows(program: Program, problem: Problem, held: Variables) -> None:
    people = problem.demand.legs.people
    rows, count = _numbered((held.leg_new.lookup != NONE) | (held.leg_old.lookup != NONE))
    program.add_rows(
        "legs",
        count,
        [(rows[table.at], table.column, 1.0) for table in (held.leg_new, held.leg_old)],
        upper=people[rows != NONE],
    )
    before = np.zeros_like(held.support.gap)
    before[:, 1:] = held.support.gap[:, :-1]
    rows, count = _numbered(before)
    entries: Entries = [
        _of_legs(rows, problem, held.leg_old, 1.0, at_target=False),
        _here(rows, held.gone_gap, 1.0),
        _next_day(rows, held.gap, -1.0),
    ]
    program.add_rows("gaps that leave", count, entries, upper=0.0)
    before = np.zeros_like(held.support.ahead)
    before[:, 1:] = held.support.ahead[:, :-1]
    rows, count = _numbered(before)
    entries = [_here(rows, held.onward, 1.0), _here(rows, held.gone_ahead, 1.0), _next_day(rows, held.ahead, -1.0)]
    program.add_rows("people who go on", count, entries, upper=0.0)


def _leaving_rows(program: Program, held: Variables) -> None:
    shape = held.support.gap.shape
    flags = np.zeros((shape[0], shape[1], shape[3]), bool)
    for table in (held.gone_gap, held.gone_ahead):
        flags[table.at[0], table.at[1], table.at[3]] = True
    rows, count = _numbered(flags)
    entries: Entries = []
    for table, sign in ((held.gone_gap, 1.0), (held.gone_ahead, -1.0)):
        entries.append((rows[table.at[0], table.at[1], table.at[3]], table.column, sign))
    program.add_rows("leaving", count, entries, lower=0.0, upper=0.0)


def _meeting_rows(program: Program, problem: Problem, held: Variables) -> None:
    rows, count = _numbered(held.support.gap & held.support.ahead)
    entries: Entries = []
    for place in range(rows.shape[2]):
        own = rows[:, :, place]
        if (own == NONE).all():
            continue
        beyond = problem.downstream[place]
        for table, sign, also_here in ((held.gap, 1.0, True), (held.ahead, -1.0, False)):
            s, d, p, c = table.at
            row = own[s, d, c]
            kept = (row != NONE) & (beyond[p] | (also_here & (p == place)))
            entries.append((row[kept], table.column[kept], sign))
    program.add_rows("meeting", count, entries, upper=0.0)


def _guest_rows(program: Program, problem: Problem, held: Variables) -> None:
    """Let no more people be taken elsewhere for a night than want to ride, of those who are there."""
    night = problem.arcs.night[held.rides.at[2]]
    s, d, arc, c = (axis[night] for axis in held.rides.at)
    flags = np.zeros(problem.demand.people.shape, bool)
    flags[s, d, problem.arcs.origin[arc], c] = True
    rows, count = _numbered(flags)
    uptake = problem.options.ride_uptake_share
    guests: tuple[Ints, Ints, float] = (rows[s, d, problem.arcs.origin[arc], c], held.rides.column[night], 1.0)
    most = uptake * problem.demand.people[flags]
    program.add_rows("guests", count, [guests, _here(rows, held.gap, uptake)], upper=most)
    program.add_rows("guests and riders", count, [guests, _here(rows, held.evening, 1.0)], upper=most)
