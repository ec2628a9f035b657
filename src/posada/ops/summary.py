"""The outlook of a run with all that a brief needs: the public way from members to what people read."""

from __future__ import annotations

import datetime as dt

import posada
from posada.forecast import summary as forecast_summary
from posada.model.outlook import Outlook, Stamp
from posada.model.run import Run
from posada.ops.brief_content import complete


def summarise(run: Run, *, made_at: dt.datetime | None = None) -> Outlook:
    """Return the outlook of a run: quantiles per town and night, and what the towns need and offer.

    Towns are in the order of arrival; those that hardly anybody reaches are not among them (see
    :func:`posada.forecast.summary.summarise`). Needs are those of the upper end of the 80 % range of the
    fullest night (see :data:`posada.ops.brief_content.PLANNING_LEVEL`).

    Parameters
    ----------
    made_at : datetime, optional
        The moment for the stamp, with its time zone; now when not given.
    """
    return complete(forecast_summary.summarise(run, stamp_of(run, made_at)), run)


def stamp_of(run: Run, made_at: dt.datetime | None = None) -> Stamp:
    """Return the stamp of a run that is written now, or at the moment given."""
    return Stamp(
        version=posada.__version__,
        scenario_id=run.scenario.settings.id,
        scenario_title=run.scenario.settings.title,
        scenario_hash=run.scenario.hash,
        seed=run.seed,
        members=run.members,
        as_of=run.as_of,
        made_at=made_at or dt.datetime.now(dt.UTC).replace(microsecond=0),
    )
