"""The day's work in order: read, check, known state, simulate, summarise, complete, write."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from posada.forecast.vintage import as_known
from posada.io.folder import read_scenario
from posada.io.results import check_target
from posada.model.findings import Findings
from posada.model.outlook import Outlook
from posada.model.run import Run
from posada.ops.simulation import FROM_START, as_of_date, simulate
from posada.ops.summary import summarise
from posada.ops.writing import write_whole

STEPS = ("read", "simulate", "summarise", "write")

Tell = Callable[[str, int, int], None]
"""Told the step, how much of it is done, and how much there is."""


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked for. ``out`` is ``None`` when nothing is to be written; the others as in ``simulate``."""

    scenario: str
    members: int = 1000
    seed: int = 1
    as_of: str | dt.date | None = None
    workers: int | None = None
    itinerary: str | None = None
    out: Path | None = None
    briefs: bool = True

    def options(self) -> dict[str, str | int | bool | None]:
        """Return what to keep in the stamp: enough to ask for the same again."""
        return {
            "scenario": self.scenario,
            "members": self.members,
            "seed": self.seed,
            "as_of": str(self.as_of) if self.as_of else None,
            "itinerary": self.itinerary,
            "briefs": self.briefs,
        }


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a request: the run, its outlook, the findings of the scenario, and the files.

    ``left_out`` counts, by table, the rows that were published too late to be used.
    """

    request: Request
    run: Run
    outlook: Outlook
    findings: Findings
    left_out: dict[str, int] = field(default_factory=dict)
    files: tuple[Path, ...] = ()


def say_nothing(_step: str, _done: int, _total: int) -> None:
    """Be told, and keep it."""


def run_scenario(request: Request, *, tell: Tell = say_nothing, made_at: dt.datetime | None = None) -> Answer:
    """Do the day's work for a request.

    Parameters
    ----------
    tell : callable
        Told how far each of :data:`STEPS` is.
    made_at : datetime, optional
        The moment for the stamp; now when not given.

    Raises
    ------
    PosadaError
        When the input is at fault. Nothing is written then.
    """
    if request.out is not None:
        check_target(request.out)
    tell("read", 0, 1)
    scenario = read_scenario(request.scenario)
    date = as_of_date(scenario, request.as_of)
    left_out = {} if date is None else as_known(scenario, date).left_out
    tell("read", 1, 1)
    tell("simulate", 0, request.members)
    run = simulate(
        scenario,
        request.members,
        request.seed,
        as_of=date or FROM_START,
        workers=request.workers,
        itinerary=request.itinerary,
        progress=lambda done, total: tell("simulate", done, total),
    )
    tell("summarise", 0, 1)
    outlook = summarise(run, made_at=made_at)
    tell("summarise", 1, 1)
    files: list[Path] = []
    if request.out is not None:
        tell("write", 0, 1)
        files = write_whole(outlook, run, request.out, briefs=request.briefs, options=request.options())
        tell("write", 1, 1)
    return Answer(request, run, outlook, scenario.check(), left_out, tuple(files))
