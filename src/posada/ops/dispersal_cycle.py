"""The day's work for dispersed people: simulate, summarise, write results and the table of Flee."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from posada.io.flee.out import FleeOut, write_flee_out
from posada.model.errors import InvalidValueError
from posada.model.registrations import reception_places
from posada.model.scenario import Scenario
from posada.ops.blocks import Filled
from posada.ops.dispersal_writing import write_dispersal
from posada.ops.request import DispersalAnswer, Request, Tell
from posada.ops.simulation import means_of, simulate_dispersed
from posada.ops.summary import summarise_dispersed


def run_dispersal(
    request: Request, scenario: Scenario, *, tell: Tell, made_at: dt.datetime | None = None
) -> DispersalAnswer:
    """Do the day's work for a scenario of dispersed people; of the places, only camps are kept.

    Raises
    ------
    PosadaError
        When the input is at fault. Nothing is written then.
    """
    if request.of_journeys():
        raise InvalidValueError(
            f"'{request.scenario}' is about dispersed people, and {', '.join(request.of_journeys())} is for journeys "
            "of groups. Leave it out."
        )
    tell("read", 1, 1)
    tell("disperse", 0, request.members)
    filled: list[Filled] = []
    run = simulate_dispersed(
        scenario,
        request.members,
        request.seed,
        days=request.days,
        places=reception_places(scenario),
        means=means_of(request.workers, request.cluster, request.store, filled.append),
        progress=lambda done, total: tell("disperse", done, total),
    )
    tell("summarise", 0, 1)
    outlook = summarise_dispersed(run, made_at=made_at)
    tell("summarise", 1, 1)
    files: list[Path] = []
    if request.out is not None:
        tell("write", 0, 1)
        files = write_dispersal(outlook, run, request.out, options=request.dispersal_options())
        tell("write", 1, 1)
    if request.flee_out is not None:
        write_flee_out(FleeOut.of(run), request.flee_out, member=request.flee_member, overwrite=request.overwrite)
        files.append(request.flee_out)
    return DispersalAnswer(request, run, outlook, scenario.check(), tuple(files), *filled)
