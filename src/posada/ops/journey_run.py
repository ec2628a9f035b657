"""The members of a journey that a request asks for: simulated from the known state, or learned from reports."""

from __future__ import annotations

from dataclasses import dataclass

from posada.model.errors import InvalidValueError
from posada.model.learning import Learning
from posada.model.run import Run
from posada.model.scenario import Scenario
from posada.ops.assimilation import learn
from posada.ops.blocks import Filled
from posada.ops.nights import Resumed
from posada.ops.request import Request, Tell, say_nothing
from posada.ops.simulation import FROM_START, as_of_date, means_of, simulate_journey


@dataclass(frozen=True, slots=True)
class JourneyRun:
    """The members of a journey, what was learned on the way if they did learn, and what was done to a store."""

    run: Run
    learning: Learning | None = None
    filled: Filled | None = None
    resumed: Resumed | None = None


def run_journey(request: Request, scenario: Scenario, tell: Tell = say_nothing) -> JourneyRun:
    """Return the members of a journey, which learn from reports when the request says so.

    Raises
    ------
    PosadaError
        When the as-of date is none, the store is of something else, or something is asked for that learning does not
        have.
    """
    if request.learn:
        return _learn(request, scenario, tell)
    step = "mix" if scenario.is_mixed else "simulate"
    tell(step, 0, request.members)
    filled: list[Filled] = []
    run = simulate_journey(
        scenario,
        request.members,
        request.seed,
        as_of=as_of_date(scenario, request.as_of) or FROM_START,
        means=means_of(request.workers, request.cluster, request.store, filled.append),
        itinerary=request.itinerary,
        progress=lambda done, total: tell(step, done, total),
    )
    return JourneyRun(run, filled=filled[0] if filled else None)


def _learn(request: Request, scenario: Scenario, tell: Tell) -> JourneyRun:
    for name, given in (("itinerary", request.itinerary), ("cluster", request.cluster)):
        if given is not None:
            raise InvalidValueError(f"a forecast that learns from reports has no {name}, and '{given}' is one.")
    date = as_of_date(scenario, request.as_of)
    if date is None:
        settings = scenario.settings
        raise InvalidValueError(
            f"no as-of date is given, and '{request.scenario}' names none. Say up to which day to learn, with --as-of "
            f"and a day from {settings.start} to {settings.end}."
        )
    tell("learn", 0, 1)
    learned = learn(
        scenario,
        date,
        request.members,
        request.seed,
        workers=means_of(request.workers).workers,
        store=request.store,
        progress=lambda done, total: tell("learn", done, total),
    )
    return JourneyRun(learned.run, learned.learning, resumed=learned.resumed)
