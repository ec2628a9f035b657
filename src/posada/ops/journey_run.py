"""The members of a journey that a request asks for: simulated from the known state, or learned from reports."""

from __future__ import annotations

from collections.abc import Callable

from posada.model.errors import InvalidValueError
from posada.model.learning import Learning
from posada.model.run import Run
from posada.model.scenario import Scenario
from posada.ops.assimilation import learn
from posada.ops.blocks import Filled
from posada.ops.means import keep_silent
from posada.ops.request import Request, Tell, say_nothing
from posada.ops.simulation import FROM_START, as_of_date, means_of, simulate_journey


def run_journey(
    request: Request, scenario: Scenario, tell: Tell = say_nothing, *, fill: Callable[[Filled], None] = keep_silent
) -> tuple[Run, Learning | None]:
    """Return the members of a journey, and what was learned on the way when the request asks to learn.

    Parameters
    ----------
    fill : callable
        Told what was done to have all members in the store, if there is one.

    Raises
    ------
    InvalidValueError
        When the as-of date is none, or something is asked for that learning does not have.
    """
    if request.learn:
        return _learn(request, scenario, tell)
    tell("simulate", 0, request.members)
    run = simulate_journey(
        scenario,
        request.members,
        request.seed,
        as_of=as_of_date(scenario, request.as_of) or FROM_START,
        means=means_of(request.workers, request.cluster, request.store, fill),
        itinerary=request.itinerary,
        progress=lambda done, total: tell("simulate", done, total),
    )
    return run, None


def _learn(request: Request, scenario: Scenario, tell: Tell) -> tuple[Run, Learning]:
    for name, given in (("itinerary", request.itinerary), ("cluster", request.cluster), ("store", request.store)):
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
        progress=lambda done, total: tell("learn", done, total),
    )
    return learned.run, learned.learning
