"""The load of towns: person-nights that a town lodges, per 1,000 residents, and the largest of them.

``F(s) ≥ 1000 / residents(p) × Σ_{d, i in p, c} lodged(s,d,i,c)`` for every town *p* of scenario *s*.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from posada.plan.problem import Problem
from posada.plan.program import Program
from posada.plan.variables import Variables


def bound_load(program: Program, problem: Problem, held: Variables) -> NDArray[np.int64]:
    """Add the rows, and return the column of the largest load of each scenario."""
    scenarios, places = problem.demand.scenarios, len(problem.demand.place_ids)
    largest = program.add_columns("largest load", scenarios)
    s, _, i, _ = held.lodged.at
    place = problem.site_place[i]
    mark = s * places + place
    used = np.unique(mark)
    entries = [
        (np.searchsorted(used, mark), held.lodged.column, 1000.0 / problem.residents[place]),
        (np.arange(used.size), largest[used // places], -1.0),
    ]
    program.add_rows("load", used.size, entries, upper=0.0)
    return largest
