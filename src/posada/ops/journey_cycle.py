"""The day's work for a journey: simulate or learn, summarise, complete, write."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

from posada.forecast.place_counts import count_places
from posada.forecast.vintage import as_known
from posada.model.scenario import Scenario
from posada.ops.journey_run import run_journey
from posada.ops.request import Answer, Request, Tell
from posada.ops.simulation import as_of_date, means_of
from posada.ops.summary import summarise_journey
from posada.ops.writing import Counted, write_whole
from posada.report.beside import BriefWriter


def finish_journey(
    request: Request, scenario: Scenario, tell: Tell, made_at: dt.datetime | None, begin_briefs: BriefWriter
) -> Answer:
    """Do the day's work for a journey that has been read.

    Raises
    ------
    PosadaError
        When the input is at fault. Nothing is written then.
    """
    date = as_of_date(scenario, request.as_of)
    left_out = {} if date is None else as_known(scenario, date).left_out
    tell("read", 1, 1)
    made = run_journey(request, scenario, tell)
    tell("summarise", 0, 1)
    counted = Counted(made.run, count_places(made.run, workers=means_of(request.workers).workers))
    briefs = request.briefs and request.out is not None
    outlook = summarise_journey(made.run, made_at=made_at, for_briefs=briefs, counts=counted.counts)
    outlook = replace(outlook, learning=made.learning)
    tell("summarise", 1, 1)
    files: list[Path] = []
    if request.out is not None:
        tell("write", 0, 1)
        options = request.options()
        files = write_whole(outlook, counted, request.out, briefs=briefs, options=options, begin_briefs=begin_briefs)
        tell("write", 1, 1)
    return Answer(request, made.run, outlook, scenario.check(), left_out, tuple(files), made.filled, made.resumed)
