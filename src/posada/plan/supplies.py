"""Supplies: what is brought from a stock to a town is used by the people who are there, or is short.

::

    stock(s,d,p) = stock(s,d−1,p) + Σ over stocks of brought(d,p) − used(s,d,p)
    used + short = need × (people − z + a − taken elsewhere for the night + from elsewhere)
    Σ_{d,p} brought ≤ what the stock has

All stocks of an item are one supply. What is brought where on which day is the same in all scenarios.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from posada.plan.problem import Problem
from posada.plan.program import Program
from posada.plan.variables import NONE, Variables, taken_for_a_night

Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class SupplyColumns:
    """Columns of one item: ``brought`` of each stock, day and place; ``short`` with scenario, day, place of each.

    Attributes
    ----------
    stocks : (stocks,)
        Positions of the stocks of the item.
    brought : (stocks, brought)
    day, place : (brought,)
    short, needed : (short,)
    """

    stocks: tuple[int, ...]
    brought: Ints
    day: Ints
    place: Ints
    short: Ints
    short_at: tuple[Ints, ...]
    needed: NDArray[np.float64]


def bring_supplies(program: Program, problem: Problem, held: Variables) -> tuple[SupplyColumns, ...]:
    """Add columns and rows of every item, whose stocks are one supply."""
    items: dict[str, list[int]] = {}
    for index, row in enumerate(problem.supplies):
        items.setdefault(row.item, []).append(index)
    return tuple(_of_item(program, problem, held, tuple(stocks)) for stocks in items.values())


def _of_item(program: Program, problem: Problem, held: Variables, stocks: tuple[int, ...]) -> SupplyColumns:
    rows = [problem.supplies[index] for index in stocks]
    name, each_needs = rows[0].item, rows[0].per_person_night
    there = (held.cell_lookup != NONE).any(axis=3)
    at = np.nonzero(there)
    needed = each_needs * problem.demand.people.sum(axis=3)[there]
    day, place = np.nonzero(there.any(axis=0))
    brought = np.array([program.add_columns(f"brought {name}", day.size, upper=row.quantity) for row in rows])
    short = program.add_columns(f"short {name}", needed.size)
    used = program.add_columns(f"used {name}", needed.size)
    # Of a town's stock between two days with people nothing is lost, so the days between need no column.
    stock = program.add_columns(f"stock {name}", needed.size)
    lookup = np.full(there.shape, NONE, np.int64)
    lookup[there] = np.arange(needed.size)
    each = np.arange(needed.size)
    entries = [(each, used, 1.0), (each, short, 1.0)]
    for table, sign in ((held.gap, each_needs), (held.ahead, -each_needs)):
        entries.append((lookup[table.at[:3]], table.column, sign))
    for (s, d, p, _), column, sign in taken_for_a_night(problem, held):
        entries.append((lookup[s, d, p], column, -sign * each_needs))
    program.add_rows(f"need of {name}", needed.size, entries, lower=needed, upper=needed)
    brought_at = np.full((len(rows), *there.shape[1:]), NONE, np.int64)
    brought_at[:, day, place] = brought
    entries = [(each, stock, 1.0), (each, used, 1.0)]
    _carry_over(entries, there, lookup, stock, brought_at)
    program.add_rows(f"stock of {name}", needed.size, entries, lower=0.0, upper=0.0)
    for row, columns in zip(rows, brought, strict=True):
        whole = [(np.zeros(columns.size, np.int64), columns, 1.0)]
        program.add_rows(f"all of {name}", 1, whole, upper=row.quantity)
    return SupplyColumns(stocks, brought, day, place, short, at, needed)


def _carry_over(
    entries: list[tuple[Ints, Ints, float]], there: NDArray[np.bool_], lookup: Ints, stock: Ints, brought: Ints
) -> None:
    """Add to each night the stock of the last night with people, and all that was brought since."""
    last = np.full((there.shape[0], there.shape[2]), NONE, np.int64)
    pending: list[list[tuple[int, int]]] = [[] for _ in range(there.shape[0])]
    for day in range(there.shape[1]):
        for scenario in range(there.shape[0]):
            pending[scenario] += [(int(p), day) for p in np.flatnonzero(brought[0, day] != NONE)]
            here = np.flatnonzero(there[scenario, day])
            rows = lookup[scenario, day, here]
            known = last[scenario, here] != NONE
            entries.append((rows[known], stock[last[scenario, here[known]]], -1.0))
            taken = [(p, d) for p, d in pending[scenario] if there[scenario, day, p]]
            pending[scenario] = [(p, d) for p, d in pending[scenario] if not there[scenario, day, p]]
            if taken:
                places, days = np.array(taken).T
                refilled = lookup[scenario, day, places]
                entries += [(refilled, columns[days, places], -1.0) for columns in brought]
            last[scenario, here] = rows
