"""What is asked of the day's work, and what comes of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # a request is there before the engine is loaded
    from posada.model.conflict_forecast import ConflictForecast
    from posada.model.dispersal_outlook import DispersalOutlook
    from posada.model.dispersal_run import DispersalRun
    from posada.model.findings import Findings
    from posada.model.outlook import Outlook
    from posada.model.run import Run
    from posada.ops.blocks import Filled
    from posada.ops.nights import Resumed

STEPS = ("read", "simulate", "learn", "disperse", "mix", "summarise", "write")
"""Steps of the work. Of ``simulate`` (groups), ``learn``, ``disperse`` and ``mix`` (both together) each run has one."""

Tell = Callable[[str, int, int], None]
"""Told the step, how much of it is done, and how much there is."""


def say_nothing(_step: str, _done: int, _total: int) -> None:
    """Be told, and keep it."""


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked for. ``out`` is ``None`` when nothing is to be written; the others as in ``simulate``.

    Attributes
    ----------
    as_of, itinerary, briefs
        Of journeys only.
    learn
        Whether the members learn from every report on their way to the as-of date, instead of setting out from the
        state known then; without an itinerary and a cluster. The store then keeps nights. Of a conflict, whether the
        people registered in its camps are forecast from the as-of date on.
    settings, days, flee_out, flee_member, overwrite
        Of dispersed people only: settings of Flee for its folder; how many days from the first; a file in the form
        of Flee's results, of the mean over the members or of one; whether it may take the place of another.
    cluster, store
        Who runs the members, and the folder that keeps them. They change no number, so no stamp names them.
    """

    scenario: str
    members: int = 1000
    seed: int = 1
    as_of: str | dt.date | None = None
    workers: int | None = None
    itinerary: str | None = None
    out: Path | None = None
    briefs: bool = True
    settings: str | None = None
    days: int | None = None
    flee_out: Path | None = None
    flee_member: int | None = None
    overwrite: bool = False
    cluster: str | None = None
    store: Path | None = None
    learn: bool = False

    def options(self) -> dict[str, str | int | bool | None]:
        """Return what to keep in the stamp of a journey: enough to ask for the same again."""
        return {
            "scenario": self.scenario,
            "members": self.members,
            "seed": self.seed,
            "as_of": str(self.as_of) if self.as_of else None,
            "itinerary": self.itinerary,
            "briefs": self.briefs,
            "learn": self.learn,
        }

    def dispersal_options(self) -> dict[str, str | int | bool | None]:
        """Return what to keep in the stamp of a run of dispersed people."""
        return {
            "scenario": self.scenario,
            "members": self.members,
            "seed": self.seed,
            "settings": self.settings,
            "days": self.days,
        }

    def of_journeys(self) -> tuple[str, ...]:
        """Return the options given that only journeys of groups have, as they are called on the command line."""
        given = {"--as-of or --from-start": self.as_of, "--itinerary": self.itinerary, "--no-briefs": not self.briefs}
        return tuple(name for name, value in given.items() if value)

    def of_dispersal(self) -> tuple[str, ...]:
        """Return the options given that only dispersed people have, as they are called on the command line."""
        given = {
            "--settings": self.settings is not None,
            "--days": self.days is not None,
            "--flee-out": self.flee_out is not None,
            "--flee-member": self.flee_member is not None,
            "--overwrite": self.overwrite,
        }
        return tuple(name for name, value in given.items() if value)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a request: the run, its outlook, the findings of the scenario, and the files.

    ``left_out`` counts, by table, the rows that were published too late to be used; ``filled`` says what was done
    to have all members in the store, and ``resumed`` which nights are in it, if there is one.
    """

    request: Request
    run: Run
    outlook: Outlook
    findings: Findings
    left_out: dict[str, int] = field(default_factory=dict)
    files: tuple[Path, ...] = ()
    filled: Filled | None = None
    resumed: Resumed | None = None


@dataclass(frozen=True, slots=True)
class CampsAnswer:
    """What came of a request to forecast the camps of a conflict from a date on."""

    request: Request
    forecast: ConflictForecast
    names: Mapping[str, str]
    """Names of the camps that may be named, by identifier."""
    findings: Findings
    files: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class DispersalAnswer:
    """What came of a request about dispersed people."""

    request: Request
    run: DispersalRun
    outlook: DispersalOutlook
    findings: Findings
    files: tuple[Path, ...] = ()
    filled: Filled | None = None
