"""The turn of one town: its own load made small with its own means, given what its neighbours send it.

The town decides on its sites and its vehicles. What other towns do with theirs is held as it is; where people are
follows, and who lodges them elsewhere is the others' affair. In order, with *w* the weight of a scenario::

    load(p) = Σ_{s, d on which p pushes on or refuses} w(s) × people in p     everybody who sleeps there is a load
            + Σ_{s, d on other nights}                 w(s) × without place in p
    then those without a place in p, overcrowding in p, its cost, kilometres on foot;
    a town that welcomes people on every night looks at the kilometres before the cost.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from posada.model.comparison import Standing
from posada.model.demand import FAMILIES
from posada.model.plan import Priority, SolveStatus
from posada.plan.highs import FEASIBILITY, Solver
from posada.plan.objectives import Model
from posada.plan.program import Matrix
from posada.plan.solve import KEPT_SHARE
from posada.plan.variables import Table

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


class Turn(NamedTuple):
    """How a turn ended: the whole solution ``(columns,)``, and whether each of its solves was proven best."""

    x: Floats
    proven: bool


def take_turn(model: Model, x: Floats, town: int, standing: Standing, seconds: float) -> Turn:
    """Return the best answer of a town to what the others do.

    ``x`` is a solution in which people are lodged where they are; the lodging of other towns is not adapted.
    """
    own = _own_columns(model, town)
    follows, elsewhere = _consequences(model, town)
    decided = (_decided_elsewhere(model) & ~own) | elsewhere
    columns = np.flatnonzero(own | follows)
    matrix = _rest(model, _upper(model, standing), columns, np.flatnonzero(decided), x)
    solver = Solver(matrix)
    best, proven = x[columns], True
    for cost in town_objectives(model, town, standing):
        part = cost[columns]
        if not part.any():
            continue
        solver.set_cost(part)
        found, whole = _solve(solver, matrix, seconds)
        proven &= whole
        if found is None:
            break
        best = found
        value = float(part @ best)
        solver.cap(part, value + KEPT_SHARE * max(1.0, abs(value)))
    out = x.copy()
    out[columns] = np.clip(best, model.matrix.lower[columns], model.matrix.upper[columns])
    _make_whole(model, out)
    return Turn(out, proven)


def _make_whole(model: Model, x: Floats) -> None:
    """Make trips exactly whole where they must be, and count whole families in vehicles."""
    held, size = model.held, model.problem.options.family_size
    trips = held.trips.column[model.matrix.integer[held.trips.column]]
    x[trips] = np.rint(x[trips])
    families = held.ride_families
    riders = x[held.rides.lookup[(*families.at, np.full(families.size, FAMILIES))]]
    x[families.column] = np.minimum(np.floor(x[families.column] + FEASIBILITY), np.floor(riders / size + FEASIBILITY))
    x[held.ride_split.column] = np.maximum(riders - size * x[families.column], 0.0)


def town_objectives(model: Model, town: int, standing: Standing) -> Iterator[Floats]:
    """Yield what a town makes small, first things first, each as ``(columns,)``; see the formula above."""
    held, weights = model.held, model.problem.demand.weights
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
    money = np.where(_own_columns(model, town), costs[Priority.COST], 0.0)
    foot = costs[Priority.ON_FOOT]
    yield from (load, without, over, *((foot, money) if welcome else (money, foot)))


def _own_columns(model: Model, town: int) -> Flags:
    """Return the columns on which a town decides, ``(columns,)``."""
    problem, held = model.problem, model.held
    own = np.zeros(model.matrix.lower.size, bool)

    def mark(table: Table, here: Flags) -> None:
        own[table.column[here]] = True

    for table in (held.opened, held.lodged, held.over, held.families, held.split):
        mark(table, problem.site_place[table.at[2]] == town)
    for table in (held.trips, held.rides, held.ride_families, held.ride_split):
        mark(table, problem.arcs.origin[table.at[2]] == town)
    for table in (held.without, held.evening, held.onward):
        mark(table, table.at[2] == town)
    mark(held.leg_new, problem.demand.legs.origin[held.leg_new.at[0]] == town)
    return own


def _consequences(model: Model, town: int) -> tuple[Flags, Flags]:
    """Return the columns of where people are: those that follow from the town, and those that it cannot reach.

    Whoever a town carries is missing in it or beyond it, and waits beyond it. Elsewhere nothing follows, and nothing
    may: who of the people there was carried by others is no choice of this town.
    """
    held = model.held
    reach = model.problem.downstream[town].copy()
    reach[town] = True
    flags = np.zeros((2, model.matrix.lower.size), bool)
    for table in (held.gap, held.ahead, held.met, held.gone_gap, held.gone_ahead):
        flags[0, table.column] = reach[table.at[2]]
        flags[1, table.column] = ~reach[table.at[2]]
    origin = model.problem.demand.legs.origin[held.leg_old.at[0]]
    flags[0, held.leg_old.column], flags[1, held.leg_old.column] = reach[origin], ~reach[origin]
    return flags[0], flags[1]


def _decided_elsewhere(model: Model) -> Flags:
    """Return the columns of who is carried; all others that a town does not own are set when people are lodged."""
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
    return Matrix(
        lower=matrix.lower[free],
        upper=upper[free],
        integer=(matrix.integer & trips)[free],
        row_lower=matrix.row_lower[rows] - held,
        row_upper=matrix.row_upper[rows] - held,
        start=kept.indptr.astype(np.int64),
        index=kept.indices.astype(np.int64),
        value=kept.data.astype(np.float64),
    )


def _solve(solver: Solver, matrix: Matrix, seconds: float) -> tuple[Floats | None, bool]:
    """Return the best solution with whole trips, and whether it is proven; rounded down where time ran out."""
    solver.relax(True)
    loose = solver.solve(seconds)
    if loose.solution is None:
        return None, False
    whole = np.flatnonzero(matrix.integer)
    near = loose.solution[whole]
    if (np.abs(near - np.rint(near)) <= FEASIBILITY).all():
        return loose.solution, loose.status is SolveStatus.OPTIMAL
    solver.relax(False)
    found = solver.solve(seconds, gap_share=0.0)
    if found.solution is not None:
        return found.solution, found.status is SolveStatus.OPTIMAL
    fewer = np.floor(near + FEASIBILITY)
    solver.set_bounds(whole, fewer, fewer)
    solver.relax(True)
    found = solver.solve(seconds)
    solver.set_bounds(whole, matrix.lower[whole], matrix.upper[whole])
    return found.solution, False
