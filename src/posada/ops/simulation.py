"""Running an ensemble of a scenario as of a date: the public way into the engine."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable
from os import PathLike

from posada.engine.simulate import simulate_ensemble
from posada.forecast.start import known_state
from posada.forecast.vintage import as_known
from posada.io.itinerary import read_itinerary
from posada.model.errors import InvalidValueError
from posada.model.journeys import Stop
from posada.model.run import Run
from posada.model.scenario import Scenario

FROM_START = "start"
"""As-of date of a run that uses no report and begins on the first day."""

Itinerary = str | PathLike[str] | tuple[Stop, ...]


def simulate(
    scenario: Scenario,
    members: int = 1000,
    seed: int = 1,
    *,
    as_of: str | dt.date | None = None,
    workers: int | None = None,
    itinerary: Itinerary | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Run:
    """Run an ensemble from the state that was publicly known on a date, and return what happened in each member.

    Nothing published after the date enters: see :func:`posada.forecast.vintage.as_known` and
    :func:`posada.forecast.start.known_state`. ``Run.scenario`` is the scenario as it was known.

    Parameters
    ----------
    members : int
        How many possible journeys.
    seed : int
        0 or more. The same seed gives the same run, bit by bit, for any number of workers.
    as_of : str, date or None
        ``YYYY-MM-DD``; ``"start"`` to begin on the first day with everything in the scenario; ``None`` for the
        date that the scenario names, or its first day when it names none.
    workers : int or None
        Threads; one for each processor that may be used when ``None``.
    itinerary : path, tuple of Stop or None
        A planner's stops, which replace the choice of the groups that they name.
    progress : callable, optional
        Called with members done and members in all.

    Raises
    ------
    InvalidValueError
        When a number is out of bounds, or the date is no date or outside the journey.
    ScenarioError
        When the itinerary has faults.
    """
    date = as_of_date(scenario, as_of)
    known = scenario if date is None else as_known(scenario, date).scenario
    stops = itinerary if isinstance(itinerary, tuple) or itinerary is None else read_itinerary(itinerary, known)
    return simulate_ensemble(
        known,
        members=members,
        seed=seed,
        start=None if date is None else known_state(known, date),
        plan=stops or (),
        workers=usable_processors() if workers is None else workers,
        progress=progress,
    )


def as_of_date(scenario: Scenario, as_of: str | dt.date | None) -> dt.date | None:
    """Return the as-of date of a run; ``None`` for one from the first day.

    Raises
    ------
    InvalidValueError
        When it is no date, or not a day of the journey.
    """
    settings = scenario.settings
    days = f"a day from {settings.start} to {settings.end}"
    if as_of is None:
        return settings.as_of
    if as_of == FROM_START:
        return None
    try:
        date = dt.date.fromisoformat(as_of) if isinstance(as_of, str) else as_of
    except ValueError:
        raise InvalidValueError(f"the as-of date '{as_of}' is not a date. Name {days}, or '{FROM_START}'.") from None
    if not settings.start <= date <= settings.end:
        raise InvalidValueError(f"the as-of date {date} is outside the journey. Name {days}, or '{FROM_START}'.")
    return date


def usable_processors() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
