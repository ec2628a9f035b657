"""The outlook of a run with all that a brief needs: the public way from members to what people read."""

from __future__ import annotations

import datetime as dt
from typing import Protocol, overload

import posada
from posada.forecast import summary as forecast_summary
from posada.forecast.dispersal import summarise_dispersal
from posada.forecast.place_counts import PlaceCounts
from posada.io.stamp import written_at
from posada.model.dispersal_outlook import DispersalOutlook
from posada.model.dispersal_run import DispersalRun
from posada.model.outlook import Outlook, Stamp
from posada.model.run import Run
from posada.model.scenario import Scenario
from posada.ops.brief_content import complete


class Stamped(Protocol):
    """What a stamp is made from: any kind of run."""

    @property
    def scenario(self) -> Scenario:
        """The scenario, as it was known."""

    @property
    def seed(self) -> int:
        """The seed."""

    @property
    def members(self) -> int:
        """Number of members."""

    @property
    def as_of(self) -> dt.date | None:
        """The date after which nothing published was used."""


@overload
def summarise(run: Run, *, made_at: dt.datetime | None = None) -> Outlook: ...
@overload
def summarise(run: DispersalRun, *, made_at: dt.datetime | None = None) -> DispersalOutlook: ...
def summarise(run: Run | DispersalRun, *, made_at: dt.datetime | None = None) -> Outlook | DispersalOutlook:
    """Return the outlook of a run: quantiles per town and night, or per camp and day where people are dispersed.

    Towns are in the order of arrival; those that hardly anybody reaches are not among them (see
    :func:`posada.forecast.summary.summarise`). Needs are those of the upper end of the 80 % range of the
    fullest night (see :data:`posada.ops.brief_content.PLANNING_LEVEL`).

    Parameters
    ----------
    made_at : datetime, optional
        The moment for the stamp, with its time zone; now when not given.
    """
    if isinstance(run, DispersalRun):
        return summarise_dispersed(run, made_at=made_at)
    return summarise_journey(run, made_at=made_at)


def summarise_journey(
    run: Run, *, made_at: dt.datetime | None = None, for_briefs: bool = True, counts: PlaceCounts | None = None
) -> Outlook:
    """Return the outlook of a run of groups; see :func:`summarise`. What only briefs show can be left out.

    ``counts`` are those of the run, when they have been counted already.
    """
    return complete(forecast_summary.summarise(run, stamp_of(run, made_at), counts), run, for_briefs=for_briefs)


def summarise_dispersed(run: DispersalRun, *, made_at: dt.datetime | None = None) -> DispersalOutlook:
    """Return the outlook of a run of dispersed people; see :func:`summarise`."""
    return summarise_dispersal(run, stamp_of(run, made_at))


def stamp_of(run: Stamped, made_at: dt.datetime | None = None) -> Stamp:
    """Return the stamp of a run that is written now, or at the moment given."""
    return Stamp(
        version=posada.__version__,
        scenario_id=run.scenario.settings.id,
        scenario_title=run.scenario.settings.title,
        scenario_hash=run.scenario.hash,
        seed=run.seed,
        members=run.members,
        as_of=run.as_of,
        made_at=written_at(made_at),
    )
