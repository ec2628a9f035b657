"""The turn of one town: its own load made small with its own means, given what its neighbours send it.

The town decides on its sites and its vehicles. What other towns do with theirs is held as it is; where people are
follows, and who lodges them elsewhere is the others' affair. In order, with *w* the weight of a scenario::

    load(p) = Σ_{s, d on which p pushes on or refuses} w(s) × people in p     everybody who sleeps there is a load
            + Σ_{s, d on other nights}                 w(s) × without place in p
    then those without a place in p, overcrowding in p, what its vehicles cost;
    a town that welcomes people on every night looks at kilometres on foot before it looks at that cost.

What is still open then is who of a town's people was carried; it is so chosen that people walk least. Nobody is sent
to a town that had its turn before: people are sent on, not back.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from posada.model.comparison import Standing
from posada.model.demand import FAMILIES
from posada.model.plan import Priority, SolveStatus
from posada.plan.highs import FEASIBILITY, LARGE, Solver
from posada.plan.objectives import Model
from posada.plan.program import Matrix
from posada.plan.rounding import round_trips
from posada.plan.solve import KEPT_SHARE
from posada.plan.variables import NONE, Table

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

GAIN = 1e-4
"""A change of less than this share of a town's person-nights is no gain: what the arithmetic of a solve leaves."""

SPENT_GAIN = 0.01
"""Share by which kilometres or money must fall for a town to change for them alone."""


class Aim(NamedTuple):
    """Something a town makes small: a cost for each column, ``(columns,)``, and what is a gain.

    A gain is more than ``least``, and more than the share ``spent`` of what there was.
    """

    cost: Floats
    least: float = GAIN
    spent: float = 0.0


class Turn(NamedTuple):
    """How a turn ended: the solution ``(columns,)``, whether the town gains by it, and whether no answer is better."""

    x: Floats
    gains: bool
    proven: bool


def take_turn(
    model: Model,
    x: Floats,
    town: int,
    standing: Standing,
    *,
    before: Sequence[int],
    seconds: float,
    gain_share: float = GAIN,
) -> Turn:
    """Return the best answer of a town to what the others do, or ``x`` as it was when it gains nothing.

    Parameters
    ----------
    x : (columns,)
        A solution in which people are lodged where they are; the lodging of other towns is not adapted.
    before : sequence of int
        Towns that had their turn: where people are in them stays as it is.
    seconds : float
        For each solve.
    gain_share : float
        Share of the person-nights that the demand brings to the town which a change must save.
    """
    reach = model.problem.downstream[town].copy()
    reach[town] = True
    reach[list(before)] = False
    program = _TownProgram(model, x, town, _Free(reach, _upper(model, standing)), seconds)
    aims = town_aims(model, town, standing, gain_share)
    for aim in aims:
        program.lessen(aim.cost)
    if not gains(aims, x, program.whole()):
        return Turn(x, False, program.proven)
    program.settle_who_rode()
    return Turn(program.whole(), True, program.proven)


def gains(aims: tuple[Aim, ...], before: Floats, after: Floats) -> bool:
    """Say whether a town is better off: the first of its aims that differs is lower."""
    for cost, least, spent in aims:
        old, new = float(cost @ before), float(cost @ after)
        if abs(new - old) > max(least, spent * abs(old)):
            return new < old
    return False


def town_aims(model: Model, town: int, standing: Standing, gain_share: float = GAIN) -> tuple[Aim, ...]:
    """Return what a town makes small, first things first; see the head of the module."""
    held, weights = model.held, model.problem.demand.weights
    brought = float(weights @ model.problem.demand.people[:, :, town].sum(axis=(1, 2)))
    least = gain_share * max(1.0, brought)
    pushes, welcome = standing.pushes[:, town], bool(standing.welcomes[:, town].all())
    load, without, over = (np.zeros(model.matrix.lower.size) for _ in range(3))
    for table, sign in ((held.ahead, 1.0), (held.gap, -1.0)):
        s, d, p, _ = table.at
        here = (p == town) & pushes[d]
        load[table.column[here]] = sign * weights[s[here]]
    s, d, p, _ = held.without.at
    here = p == town
    without[held.without.column[here]] = weights[s[here]]
    here &= ~pushes[d]
    load[held.without.column[here]] = weights[s[here]]
    s, _, i = held.over.at
    here = model.problem.site_place[i] == town
    over[held.over.column[here]] = weights[s[here]]
    costs = {objective.priority: objective.cost for objective in model.objectives}
    trips = np.zeros_like(load)
    here = model.problem.arcs.home[held.trips.at[2]] == town
    trips[held.trips.column[here]] = costs[Priority.COST][held.trips.column[here]]
    money = Aim(trips, spent=SPENT_GAIN)
    foot = Aim(costs[Priority.ON_FOOT], spent=SPENT_GAIN)
    return (*(Aim(cost, least) for cost in (load, without, over)), *((foot, money) if welcome else (money,)))


class _Free(NamedTuple):
    """What is free in a turn: towns in which anything can follow ``(places,)``, and upper bounds ``(columns,)``."""

    reach: Flags
    upper: Floats


class _TownProgram:
    """The program of one town: what it decides and what follows is free, all else is as it was."""

    def __init__(self, model: Model, x: Floats, town: int, free: _Free, seconds: float) -> None:
        own, decisions = _own_columns(model, town), _of_rides(model)
        follows, elsewhere = _consequences(model, town, free.reach)
        self._model, self._x, self._seconds = model, x, seconds
        self._columns = np.flatnonzero(own | follows)
        fixed = np.flatnonzero((decisions & ~own) | elsewhere)
        self._matrix = _rest(model, free.upper, self._columns, fixed, x)
        self._own_rides = np.flatnonzero((own & decisions)[self._columns])
        self._solver = Solver(self._matrix)
        self._best = x[self._columns]
        self.proven = True

    def lessen(self, cost: Floats) -> None:
        """Make one aim small and hold it there; when no solve succeeds, what is in hand stays."""
        part = cost[self._columns]
        if not part.any():
            return
        self._solver.set_cost(part)
        found = self._solve()
        if found is None:
            self.proven = False
            return
        self._best = found
        value = float(part @ found)
        self._solver.cap(part, value + KEPT_SHARE * max(1.0, abs(value)))

    def settle_who_rode(self) -> None:
        """With the town's rides as they are, choose who of the people was carried: so that they walk least."""
        rides, proven = self._own_rides, self.proven
        value = self._best[rides]
        upper = np.minimum(value + FEASIBILITY, self._matrix.upper[rides])
        self._solver.set_bounds(rides, np.minimum(np.maximum(value - FEASIBILITY, 0.0), upper), upper)
        foot = next(row.cost for row in self._model.objectives if row.priority is Priority.ON_FOOT)
        self.lessen(foot)
        self.proven = proven

    def whole(self) -> Floats:
        """Return the best solution with all columns, trips exactly whole where they must be."""
        model, out = self._model, self._x.copy()
        lower, upper = model.matrix.lower[self._columns], model.matrix.upper[self._columns]
        out[self._columns] = np.clip(self._best, lower, upper)
        _make_whole(model, out)
        return out

    def _solve(self) -> Floats | None:
        """Return the best solution with whole trips; in a large program, or without time, the loose one rounded."""
        solver, whole = self._solver, np.flatnonzero(self._matrix.integer)
        solver.relax(True, interior=False)
        loose = solver.solve(self._seconds)
        if loose.solution is None:
            return None
        near = loose.solution[whole]
        if (np.abs(near - np.rint(near)) <= FEASIBILITY).all():
            self.proven &= loose.status is SolveStatus.OPTIMAL
            return loose.solution
        if self._columns.size <= LARGE:
            solver.relax(False)
            found = solver.solve(self._seconds, gap_share=0.0)
            if found.solution is not None:
                self.proven &= found.status is SolveStatus.OPTIMAL
                return found.solution
            solver.relax(True, interior=False)
        self.proven = False
        return self._rounded(loose.solution, whole)

    def _rounded(self, loose: Floats, whole: Ints) -> Floats | None:
        """Return the best solution with the trips of a loose one rounded, up where the hours of vehicles allow it."""
        up = self._x.copy()
        up[self._columns] = loose
        round_trips(self._model, up)
        for trips in (up[self._columns][whole], np.floor(loose[whole] + FEASIBILITY), self._best[whole]):
            self._solver.set_bounds(whole, trips, trips)
            found = self._solver.solve(self._seconds)
            self._solver.set_bounds(whole, self._matrix.lower[whole], self._matrix.upper[whole])
            if found.solution is not None:
                return found.solution
        return None


def _make_whole(model: Model, x: Floats) -> None:
    """Make trips exactly whole where they must be, and count whole families in vehicles."""
    held, size = model.held, model.problem.options.family_size
    trips = held.trips.column[model.matrix.integer[held.trips.column]]
    x[trips] = np.rint(x[trips])
    families = held.ride_families
    riders = x[held.rides.lookup[(*families.at, np.full(families.size, FAMILIES))]]
    x[families.column] = np.minimum(np.floor(x[families.column] + FEASIBILITY), np.floor(riders / size + FEASIBILITY))
    x[held.ride_split.column] = np.maximum(riders - size * x[families.column], 0.0)


def _own_columns(model: Model, town: int) -> Flags:
    """Return the columns on which a town decides, ``(columns,)``."""
    problem, held = model.problem, model.held
    own = np.zeros(model.matrix.lower.size, bool)
    # A town alone sends nobody to a neighbour for a night, and fetches nobody there.
    from_home = np.where(problem.arcs.night, NONE, problem.arcs.home)

    def mark(table: Table, here: Flags) -> None:
        own[table.column[here]] = True

    for table in (held.opened, held.lodged, held.over, held.families, held.split):
        mark(table, problem.site_place[table.at[2]] == town)
    for table in (held.trips, held.rides, held.ride_families, held.ride_split):
        mark(table, from_home[table.at[2]] == town)
    for table in (held.without, held.evening, held.onward):
        mark(table, table.at[2] == town)
    mark(held.leg_new, problem.demand.legs.origin[held.leg_new.at[0]] == town)
    return own


def _consequences(model: Model, town: int, reach: Flags) -> tuple[Flags, Flags]:
    """Return the columns of where people are: those that follow from the town, and those on which it has no say.

    Whoever a town carries is missing in it or beyond it, and waits beyond it. Elsewhere nothing follows, and nothing
    may: who comes to the town, and who of the people elsewhere was carried by others, is given.
    """
    held = model.held
    flags = np.zeros((2, model.matrix.lower.size), bool)
    for table in (held.gap, held.ahead, held.met, held.gone_gap, held.gone_ahead):
        flags[0, table.column] = reach[table.at[2]]
        flags[1, table.column] = ~reach[table.at[2]]
    legs, leg = model.problem.demand.legs, held.leg_old.at[0]
    goes = reach[legs.origin[leg]] & (legs.target[leg] != town)
    flags[0, held.leg_old.column], flags[1, held.leg_old.column] = goes, ~goes
    return flags[0], flags[1]


def _of_rides(model: Model) -> Flags:
    """Return the columns of who is carried by whom."""
    held = model.held
    flags = np.zeros(model.matrix.lower.size, bool)
    for table in (
        held.trips, held.rides, held.ride_families, held.ride_split, held.evening, held.onward, held.leg_new
    ):  # fmt: skip
        flags[table.column] = True
    return flags


def _upper(model: Model, standing: Standing) -> Floats:
    """Return the bounds of a town alone: what its stance opens, and nobody set down where nobody is let off."""
    problem, held, upper = model.problem, model.held, model.matrix.upper.copy()
    _, d, i = held.opened.at
    upper[held.opened.column] *= standing.places_share[d, problem.site_place[i]]
    _, d, arc = held.trips.at
    upper[held.trips.column[standing.refuses[d, problem.arcs.target[arc]]]] = 0.0
    return upper


def _rest(model: Model, upper: Floats, free: Ints, fixed: Ints, x: Floats) -> Matrix:
    """Return the program in the free columns: fixed ones hold, and rows with any other column are left to others.

    Only trips of the near days have to be whole; families are put together when people are lodged.
    """
    from scipy.sparse import csr_array

    matrix = model.matrix
    trips = np.zeros(matrix.lower.size, bool)
    trips[model.held.trips.column] = True
    shape = (matrix.row_lower.size, matrix.lower.size)
    table = csr_array((matrix.value, matrix.index, matrix.start), shape=shape)
    others = np.ones(matrix.lower.size, bool)
    others[free] = others[fixed] = False
    size = abs(table)
    mine = np.zeros(matrix.lower.size)
    mine[free] = 1.0
    rows = np.flatnonzero((size @ mine > 0) & (size @ others.astype(np.float64) == 0))
    part = table[rows]
    held = part[:, fixed] @ x[fixed]
    kept = part[:, free].tocsr()
    kept.eliminate_zeros()
    now = kept @ x[free]
    return Matrix(
        lower=matrix.lower[free],
        upper=upper[free],
        integer=(matrix.integer & trips)[free],
        # What is in hand misses rows by as little as solves do; it has to stay a solution all the same.
        row_lower=np.minimum(matrix.row_lower[rows] - held, now),
        row_upper=np.maximum(matrix.row_upper[rows] - held, now),
        start=kept.indptr.astype(np.int64),
        index=kept.indices.astype(np.int64),
        value=kept.data.astype(np.float64),
    )
