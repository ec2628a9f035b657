"""A plan tried on members that it was not made for, against the rule: how many people are without a place.

    python -m bench.plan_trial [MEMBERS] [SECONDS] [SCENARIO]

The offers are made up (``bench/plan_offers.py``). The plan is made for the forecast of seed 1, and tried on that of
seed 2.
"""

from __future__ import annotations

import resource
import sys
import time

import numpy as np

from bench.plan_offers import made_up_offers
from posada.io.folder import read_scenario
from posada.model.plan import PlanOptions, PlanStamp, Priority
from posada.ops.demand import forecast_demand, members_demand
from posada.ops.simulation import simulate_journey
from posada.plan.planning import make_plan
from posada.plan.problem import build_problem
from posada.plan.recourse import try_plan

MEMBERS, SCENARIOS, DAYS = 1000, 20, 30
BETTER = 0.5
"""People by which a plan has to be better to count as better."""


def main() -> None:
    """Make the plan, print how good it is, and try it."""
    members = int(sys.argv[1]) if len(sys.argv) > 1 else MEMBERS
    seconds = float(sys.argv[2]) if len(sys.argv) > 2 else 118.0
    scenario = read_scenario(sys.argv[3] if len(sys.argv) > 3 else "caravan-2018")
    run = simulate_journey(scenario, MEMBERS, 1)
    known = run.scenario
    sites, fleets = made_up_offers(known)
    demand = forecast_demand(run, SCENARIOS, DAYS, sites=sites)
    began, used = time.perf_counter(), time.process_time()
    problem = build_problem(known, demand, PlanOptions(time_limit_s=seconds), sites, fleets)
    plan = make_plan(problem, PlanStamp("", known.settings.id, known.hash, 1, None, demand.origin))
    spent = f"{time.perf_counter() - began:.1f} s, {time.process_time() - used:.1f} s of processor"
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(f"{known.settings.id}: {plan.status.value}; {spent}, {memory:.2f} GB")
    for stage in plan.stages:
        print(f"  {stage.priority.name}: {stage.value:.1f}, gap {stage.gap_share:.4f}, {stage.seconds:.1f} s")
    others = members_demand(simulate_journey(scenario, MEMBERS, 2), range(members), np.full(members, 1 / members), DAYS)
    trial = try_plan(plan, known, others, 2)
    gain = trial.by_rule - trial.by_plan
    promised, found = plan.stage(Priority.WITHOUT_PLACE).value, trial.by_plan.mean()
    print(
        f"{members} other members: {found:,.0f} person-nights without a place, {trial.by_rule.mean():,.0f} by the rule"
    )
    print(f"  {found / promised:.2f} times the {promised:,.0f} that the plan promised")
    print(f"  better in {100 * (gain > BETTER).mean():.1f} %, worse in {100 * (gain < -BETTER).mean():.1f} %")


if __name__ == "__main__":
    main()
