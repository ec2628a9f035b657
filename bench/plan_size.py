"""Plans measured by size and severity: how long, how good, how much memory.

    python -m bench.plan_size [TOWNS DAYS PEOPLE SCENARIOS]...

Severity is the number of people against the places of a town, which are the same in every case.
"""

from __future__ import annotations

import resource
import sys
import time

import numpy as np

from bench.plan_offers import made_up_offers
from bench.worlds import corridor
from posada.model.demand import DemandScenarios, joined_legs
from posada.model.plan import Plan, PlanOptions, PlanStamp
from posada.model.scenario import Scenario
from posada.ops.demand import by_class
from posada.plan.planning import make_plan
from posada.plan.problem import build_problem

CASES = ((30, 40, 1000, 5), (90, 40, 1000, 5), (90, 40, 7000, 5))
_SHARES = (0.57, 0.22, 0.14, 0.07)


def walking(scenario: Scenario, days: int, people: int, scenarios: int) -> DemandScenarios:
    """Return four groups that walk along the corridor, each scenario with sizes and rests of its own."""
    places = [place.id for place in scenario.places]
    counts = np.zeros((scenarios, days, len(places), 4))
    parts = []
    for index in range(scenarios):
        for number, share in enumerate(_SHARES):
            size = people * share * (0.8 + 0.4 * index / max(scenarios - 1, 1))
            group = by_class(np.array(round(size)), np.array([0.4, 0.03, 0.01]), 4)
            town, day = 2 * number, number
            while day < days and town < len(places):
                stay = 1 + (town + index) % 3 // 2
                counts[index, day : day + stay, town] += group
                day += stay
                if town + 2 < len(places) and day < days:
                    parts.append((index, day, town, town + 2, day, tuple(float(part) for part in group)))
                town += 2
    dates = tuple(scenario.settings.start + np.timedelta64(day, "D").item() for day in range(days))
    labels = tuple(f"s{index}" for index in range(scenarios))
    weights = np.full(scenarios, 1 / scenarios)
    return DemandScenarios(dates, tuple(places), weights, counts, joined_legs(parts), labels, "made up")


def measure(towns: int, days: int, people: int, scenarios: int) -> Plan:
    """Return the plan of a case."""
    world = corridor(places=towns, days=days, groups=4, transitions=0, people=people)
    demand = walking(world, days, people, scenarios)
    sites, fleets = made_up_offers(world, every=3)
    problem = build_problem(world, demand, PlanOptions(time_limit_s=280.0, gap_share=0.02), sites, fleets)
    return make_plan(problem, PlanStamp("", world.settings.id, world.hash, 1, None, demand.origin))


def main() -> None:
    """Measure the cases that are named, or all."""
    given = [int(word) for word in sys.argv[1:]]
    cases = [tuple(given[at : at + 4]) for at in range(0, len(given), 4)] or CASES
    for towns, days, people, scenarios in cases:
        began, used = time.perf_counter(), time.process_time()
        plan = measure(towns, days, people, scenarios)
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
        spent = f"{time.perf_counter() - began:.1f} s, {time.process_time() - used:.1f} s of processor, {memory:.2f} GB"
        print(f"{towns} towns, {days} days, {people} people, {scenarios} scenarios: {plan.status.value}; {spent}")
        for stage in plan.stages:
            print(f"  {stage.priority.name}: {stage.value:.1f}, gap {stage.gap_share:.4f}, {stage.seconds:.1f} s")


if __name__ == "__main__":
    main()
