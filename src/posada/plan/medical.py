"""Medical cases ride in ambulances or accessible vehicles, and nobody leaves them to walk unnoticed.

``unmet = Σ (medical cases of a leg − taken from it − gaps that walk it)``, over all legs.

Who may ride in what is kept by not having the other variables (:func:`posada.plan.problem.build_problem`): an ambulance
carries medical cases and people with limited mobility only, and they ride in nothing that is not accessible.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from posada.model.demand import MEDICAL
from posada.plan.problem import Problem
from posada.plan.variables import Variables


def medical_cost(problem: Problem, held: Variables, cost: NDArray[np.float64]) -> float:
    """Add what carrying saves to ``cost``, ``(columns,)``; return the cases when nobody is carried, expected."""
    legs, weights = problem.demand.legs, problem.demand.weights
    for table in (held.leg_new, held.leg_old):
        leg, need = table.at
        sick = need == MEDICAL
        cost[table.column[sick]] -= weights[legs.scenario[leg[sick]]]
    return float((weights[legs.scenario] * legs.people[:, MEDICAL]).sum())
