"""The day's work in order: read, check, simulate or learn, summarise, complete, write."""

from __future__ import annotations

import datetime as dt
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from pathlib import Path

from posada.forecast.vintage import as_known
from posada.io.folder import read_scenario
from posada.io.results import check_target
from posada.model.errors import InvalidValueError
from posada.model.scenario import Scenario
from posada.ops.conflict_cycle import forecast_camps
from posada.ops.dispersal_cycle import check_targets, run_dispersal
from posada.ops.journey_run import run_journey
from posada.ops.means import check_places
from posada.ops.request import Answer, CampsAnswer, DispersalAnswer, Request, Tell, say_nothing
from posada.ops.simulation import as_of_date, usable_processors
from posada.ops.summary import summarise_journey
from posada.ops.writing import write_whole
from posada.report.beside import BriefWriter, briefs_at_the_end, briefs_beside

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
    date = as_of_date(scenario, request.as_of)
    left_out = {} if date is None else as_known(scenario, date).left_out
    tell("read", 1, 1)
    briefs = request.briefs and request.out is not None
    with _brief_writer(request, scenario) if briefs else nullcontext(briefs_at_the_end) as begin:
        made = run_journey(request, scenario, tell)
        run = made.run
        tell("summarise", 0, 1)
        outlook = replace(summarise_journey(run, made_at=made_at, for_briefs=briefs), learning=made.learning)
        tell("summarise", 1, 1)
        files: list[Path] = []
        if request.out is not None:
            tell("write", 0, 1)
            options = request.options()
            files = write_whole(outlook, run, request.out, briefs=briefs, options=options, begin_briefs=begin)
            tell("write", 1, 1)
    return Answer(request, run, outlook, scenario.check(), left_out, tuple(files), made.filled, made.resumed)


def _brief_writer(request: Request, scenario: Scenario) -> AbstractContextManager[BriefWriter]:
    """Return what writes briefs: a process of its own where there is a processor for it and many may come."""
    processors = usable_processors() if request.workers is None else request.workers
    if processors > 1 and len(scenario.places) >= MANY_PLACES:
        return briefs_beside()
    return nullcontext(briefs_at_the_end)
