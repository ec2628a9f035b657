"""Running an ensemble of a scenario as of a date: the public way into the engine."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from os import PathLike
from pathlib import Path

from posada.forecast.start import known_state
from posada.forecast.vintage import as_known
from posada.io.itinerary import read_itinerary
from posada.model.dispersal_run import DispersalRun
from posada.model.errors import InvalidValueError
from posada.model.journeys import Stop
from posada.model.run import Run
from posada.model.scenario import Scenario
from posada.ops.blocks import Ensemble, Filled
from posada.ops.means import Means, keep_silent, run_ensemble
from posada.ops.processors import usable_processors

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
    days: int | None = None,
    places: Sequence[str] | None = None,
    cluster: str | None = None,
    store: str | PathLike[str] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Run | DispersalRun:
    """Run an ensemble, and return what happened in each member.

    A scenario of groups is run from the state that was publicly known on a date, and gives a
    :class:`~posada.model.run.Run`. Nothing published after the date enters: see
    :func:`posada.forecast.vintage.as_known` and :func:`posada.forecast.start.known_state`. ``Run.scenario`` is the
    scenario as it was known. Where it has a section ``[movement]`` as well, people who leave a group move on as
    dispersed people. A scenario without groups, of dispersed people only, is run from its first day with everything in
    it, and gives a :class:`~posada.model.dispersal_run.DispersalRun`.

    Parameters
    ----------
    members : int
        How many possible courses of events.
    seed : int
        0 or more. The same seed gives the same run, bit by bit, for any number of workers.
    as_of : str, date or None
        ``YYYY-MM-DD``; ``"start"`` to begin on the first day with everything in the scenario; ``None`` for the
        date that the scenario names, or its first day when it names none. Of groups only.
    workers : int or None
        Threads; one for each processor that may be used when ``None``.
    itinerary : path, tuple of Stop or None
        A planner's stops, which replace the choice of the groups that they name.
    days : int or None
        How many days from the first; all when ``None``. Of dispersed people only.
    places : sequence of str or None
        Places whose people are kept; all when ``None``. Of dispersed people only.
    cluster : str or None
        Address of a Dask scheduler whose workers run the members, such as ``tcp://10.0.0.7:8786``, or ``local:N``
        for N processes of this machine; ``None`` for threads of this process.
    store : path or None
        Folder in which members are kept as they are done. Those that are there are not run again.
    progress : callable, optional
        Called with members done and members in all.

    Raises
    ------
    InvalidValueError
        When a number is out of bounds, the date is no date or outside the journey, or something is given that the
        scenario has no use for.
    ScenarioError
        When the itinerary has faults.
    ClusterError
        When the cluster cannot be reached, or failed again and again.
    InputFileError
        When the store holds members of another run.
    """
    means = means_of(workers, cluster, store)
    if scenario.is_dispersed:
        if itinerary is not None or as_of not in (None, FROM_START):
            raise InvalidValueError("an as-of date and an itinerary are for groups; the scenario has dispersed people.")
        return simulate_dispersed(scenario, members, seed, days=days, places=places, means=means, progress=progress)
    if days is not None or places is not None:
        raise InvalidValueError("days and places to keep are for dispersed people; the scenario has groups.")
    return simulate_journey(scenario, members, seed, as_of=as_of, means=means, itinerary=itinerary, progress=progress)


def means_of(
    workers: int | None = None,
    cluster: str | None = None,
    store: str | PathLike[str] | None = None,
    tell: Callable[[Filled], None] = keep_silent,
) -> Means:
    """Return by whom members are run and where they are kept; without anything, by a thread for each processor.

    Raises
    ------
    InvalidValueError
        When both threads and a cluster are named.
    """
    if workers is not None and cluster is not None:
        raise InvalidValueError(
            f"{workers} workers are threads of this process, and the cluster at '{cluster}' has its own. Name one."
        )
    threads = usable_processors() if workers is None else workers
    return Means(threads, cluster, None if store is None else Path(store), tell)


def simulate_dispersed(
    scenario: Scenario,
    members: int = 1000,
    seed: int = 1,
    *,
    days: int | None = None,
    places: Sequence[str] | None = None,
    means: Means | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> DispersalRun:
    """Run an ensemble of dispersed people; see :func:`simulate`."""
    settings = scenario.settings
    longest = (settings.end - settings.start).days + 1
    if settings.as_of is not None:
        raise InvalidValueError(
            f"the scenario names an as-of date ({settings.as_of}), and dispersed people can only be followed from the "
            "first day, with everything that is in the scenario. Take as_of out of scenario.toml."
        )
    if days is not None and not 1 <= days <= longest:
        raise InvalidValueError(f"days is {days}. The scenario has {longest}; name a number from 1 to {longest}.")
    ensemble = Ensemble(scenario, seed, days=days, places=None if places is None else tuple(places))
    run = run_ensemble(ensemble, members, means or means_of(), progress)
    assert isinstance(run, DispersalRun)
    return run


def simulate_journey(
    scenario: Scenario,
    members: int = 1000,
    seed: int = 1,
    *,
    as_of: str | dt.date | None = None,
    means: Means | None = None,
    itinerary: Itinerary | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Run:
    """Run an ensemble of groups; see :func:`simulate`."""
    date = as_of_date(scenario, as_of)
    known = scenario if date is None else as_known(scenario, date).scenario
    stops = itinerary if isinstance(itinerary, tuple) or itinerary is None else read_itinerary(itinerary, known)
    start = None if date is None else known_state(known, date)
    run = run_ensemble(Ensemble(known, seed, start, stops or ()), members, means or means_of(), progress)
    assert isinstance(run, Run)
    return run


def as_of_date(scenario: Scenario, as_of: str | dt.date | None) -> dt.date | None:
    """Return the as-of date of a run; ``None`` for one from the first day.

    Raises
    ------
    InvalidValueError
        When it is no date, or not a day of the journey or conflict.
    """
    settings = scenario.settings
    kind, choice = ("conflict", "") if scenario.is_dispersed else ("journey", f", or '{FROM_START}'")
    cure = f"Name a day from {settings.start} to {settings.end}{choice}."
    if as_of is None:
        return settings.as_of
    if as_of == FROM_START:
        return None
    try:
        date = dt.date.fromisoformat(as_of) if isinstance(as_of, str) else as_of
    except ValueError:
        raise InvalidValueError(f"the as-of date '{as_of}' is not a date. {cure}") from None
    if not settings.start <= date <= settings.end:
        raise InvalidValueError(f"the as-of date {date} is outside the {kind}. {cure}")
    return date
