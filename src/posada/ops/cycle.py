"""The day's work in order: read, check, and what a scenario of its kind needs done.

The engine takes a second to load. It is loaded when the scenario has been read, so that a process that writes briefs
gets ready at the same time.
"""

from __future__ import annotations

import datetime as dt
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from typing import TYPE_CHECKING

from posada.io.folder import read_scenario
from posada.io.results import check_target
from posada.model.errors import InvalidValueError
from posada.model.scenario import Scenario
from posada.ops.processors import usable_processors
from posada.ops.request import Answer, CampsAnswer, DispersalAnswer, Request, Tell, say_nothing
from posada.ops.targets import check_places, check_targets
from posada.report.beside import briefs_at_the_end, briefs_beside

if TYPE_CHECKING:
    from posada.report.beside import BriefWriter

MANY_PLACES = 30
"""From so many places of a scenario on, a process of their own writes the briefs."""


def run_scenario(
    request: Request, *, tell: Tell = say_nothing, made_at: dt.datetime | None = None
) -> Answer | DispersalAnswer:
    """Do the day's work for a request.

    Parameters
    ----------
    tell : callable
        Told how far each of :data:`~posada.ops.request.STEPS` is.
    made_at : datetime, optional
        The moment for the stamp; now when not given.

    Raises
    ------
    PosadaError
        When the input is at fault. Nothing is written then.
    """
    scenario = _read(request, tell)
    if scenario.is_dispersed:
        from posada.ops.dispersal_cycle import run_dispersal

        return run_dispersal(request, scenario, tell=tell, made_at=made_at)
    if request.of_dispersal():
        raise InvalidValueError(
            f"'{request.scenario}' is a journey of groups, and {', '.join(request.of_dispersal())} is for scenarios of "
            "dispersed people. Leave it out."
        )
    return _run_journey(request, scenario, tell, made_at)


def forecast_scenario(
    request: Request, *, tell: Tell = say_nothing, made_at: dt.datetime | None = None
) -> Answer | CampsAnswer:
    """Do the day's work for a request to learn from what was reported; arguments and errors as of :func:`run_scenario`.

    Of a conflict, the people registered in its camps are forecast from the as-of date on.
    """
    scenario = _read(request, tell)
    if scenario.is_dispersed:
        from posada.ops.conflict_cycle import forecast_camps

        return forecast_camps(request, scenario, tell, made_at)
    return _run_journey(replace(request, learn=True), scenario, tell, made_at)


def _read(request: Request, tell: Tell) -> Scenario:
    """Read the scenario, once it is sure that what is asked for can be written."""
    if request.out is not None:
        check_target(request.out)
    check_targets(request)
    check_places(request.store, request.out)
    tell("read", 0, 1)
    return read_scenario(request.scenario, settings=request.settings)


def _run_journey(request: Request, scenario: Scenario, tell: Tell, made_at: dt.datetime | None) -> Answer:
    briefs = request.briefs and request.out is not None
    with _brief_writer(request, scenario) if briefs else nullcontext(briefs_at_the_end) as begin:
        from posada.ops.journey_cycle import finish_journey

        return finish_journey(request, scenario, tell, made_at, begin)


def _brief_writer(request: Request, scenario: Scenario) -> AbstractContextManager[BriefWriter]:
    """Return what writes briefs: a process of its own where there is a processor for it and many may come."""
    processors = usable_processors() if request.workers is None else request.workers
    if processors > 1 and len(scenario.places) >= MANY_PLACES:
        return briefs_beside()
    return nullcontext(briefs_at_the_end)
