"""Forecasts as long tables: quantiles in the columns of the hub format, and the members behind them.

A table comes in parts, so that the whole of it is never in memory; a part is a dict of columns of equal length.
Places marked sensitive are in none of them.

The forecast has the columns of hub forecasts (hubverse model output): ``origin_date, location, target,
horizon, target_end_date, output_type, output_type_id, value``. Targets of a place are ``people_tonight``,
``arrivals_today`` and ``places_short`` as quantiles, and ``arrived_by``, the chance that the main body has
spent a night there by a date, as points of a distribution function over the days ahead. Those of the
whole journey stand at the location ``_journey``, which no place can be called.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from posada.forecast.numbers import first_nights, main_nights
from posada.forecast.place_counts import PlaceCounts, count_places
from posada.model.outlook import LEVELS, Outlook, TownOutlook
from posada.model.run import Run
from posada.model.text_column import TextColumn

Column = NDArray[Any]
Columns = dict[str, Any]
"""Columns of equal length: arrays, or :class:`~posada.model.text_column.TextColumn`, few texts in many rows."""

JOURNEY = "_journey"
FORECAST_COLUMNS = (
    "origin_date",
    "location",
    "target",
    "horizon",
    "target_end_date",
    "output_type",
    "output_type_id",
    "value",
)
MEMBER_COLUMNS = (
    "member",
    "place",
    "arrival_date",
    "nights",
    "peak_people",
    "peak_night",
    "places_short",
    "seats_onward",
)

_DIGITS = 4
_MEMBERS_AT_A_TIME = 20
_TOWNS_AT_A_TIME = 2


def forecast_table(outlook: Outlook) -> Iterator[Columns]:
    """Yield the quantiles of an outlook as a long table in hub columns, some towns at a time."""
    days = np.array(outlook.dates, "datetime64[D]")
    shown = [town for town in outlook.towns if not town.sensitive]
    for begin in range(0, len(shown), _TOWNS_AT_A_TIME):
        towns = shown[begin : begin + _TOWNS_AT_A_TIME]
        yield _joined([block for town in towns for block in _town_blocks(town, days)])
    journey = outlook.journey
    series = {"people_together": journey.together, "people_in_main_body": journey.main_group}
    series |= {"people_entered": journey.entered}
    series |= {f"status:{status}": bands for status, bands in journey.outcomes.items()}
    yield _joined([quantile_block(JOURNEY, target, bands, days) for target, bands in series.items()])


def _joined(blocks: list[Columns]) -> Columns:
    return {name: np.concatenate([block[name] for block in blocks]) for name in blocks[0]}


def _town_blocks(town: TownOutlook, days: Column) -> Iterable[Columns]:
    for target, bands in (
        ("people_tonight", town.people),
        ("arrivals_today", town.arrivals),
        ("places_short", town.short),
    ):
        yield quantile_block(town.place_id, target, bands, days)
    ahead = np.arange(days.size)
    reached = np.minimum(np.cumsum(town.arrival.probability_by_day), 1.0)
    yield _block(town.place_id, "arrived_by", days, ahead, ("cdf", ahead.astype(np.float64), reached))


def quantile_block(location: str, target: str, bands: NDArray[np.float64], days: Column) -> Columns:
    """Return quantiles by day, ``(n_levels, days)``, as rows of the forecast."""
    ahead = np.repeat(np.arange(days.size), len(LEVELS))
    levels = np.tile(np.array(LEVELS), days.size)
    return _block(location, target, days, ahead, ("quantile", levels, bands.T.reshape(-1)))


def same_text(words: str, rows: int) -> Column:
    """Return a column with one text in all rows, which takes no more room than the text."""
    return np.broadcast_to(np.array(words, object), rows)


def _block(location: str, target: str, days: Column, ahead: Column, output: tuple[str, Column, Column]) -> Columns:
    output_type, ids, values = output
    rows = ahead.size
    return {
        "origin_date": np.full(rows, days[0]),
        "location": same_text(location, rows),
        "target": same_text(target, rows),
        "horizon": ahead.astype(np.int32),
        "target_end_date": days[ahead],
        "output_type": same_text(output_type, rows),
        "output_type_id": ids,
        "value": np.round(values, _DIGITS),
    }


def members_table(run: Run, towns: Iterable[str], counts: PlaceCounts | None = None) -> Iterator[Columns]:
    """Yield what each member did in each town: a row where the main body comes or anybody sleeps.

    Parameters
    ----------
    towns : iterable of str
        Identifiers of the places; sensitive ones are left out.
    counts : PlaceCounts or None
        Those of the run, when they have been counted already.
    """
    sensitive = {row.id for row in run.scenario.places if row.sensitive}
    shown = [run.place_index(town) for town in towns if town not in sensitive]
    sleeps, counted = main_nights(run), counts or count_places(run)
    for begin in range(0, len(shown), _TOWNS_AT_A_TIME):
        places = shown[begin : begin + _TOWNS_AT_A_TIME]
        yield _joined([_members_block(run, sleeps, counted, place) for place in places])


def _members_block(run: Run, sleeps: NDArray[np.int16], counts: PlaceCounts, place: int) -> Columns:
    days = np.array(run.dates, "datetime64[D]")
    never = np.datetime64("NaT", "D")
    first = first_nights(sleeps, place)
    peak = counts.peak[place]
    comes = ~np.isnan(first)
    kept = np.flatnonzero(comes | (peak > 0))
    rows = {
        "arrival_date": np.where(comes, days[np.nan_to_num(first).astype(np.int64)], never),
        "nights": (sleeps == place).sum(axis=1).astype(np.int32),
        "peak_people": peak,
        "peak_night": np.where(peak > 0, days[counts.peak_day[place]], never),
        "places_short": counts.worst_short[place],
        "seats_onward": run.largest_departure[:, place],
    }
    names = np.full(kept.size, run.place_ids[place], object)
    return {"member": (kept + run.first_member).astype(np.int32), "place": names} | {
        name: values[kept] for name, values in rows.items()
    }


def nights_table(run: Run) -> Iterator[Columns]:
    """Yield each member's nights in the places where anybody sleeps, some members at a time.

    All of it at once would take more memory than the run itself. Rows of zeros are left out.
    """
    open_places = np.array([not run.scenario.place(place).sensitive for place in run.place_ids])
    days = np.array(run.dates, "datetime64[D]")
    for begin in range(0, run.members, _MEMBERS_AT_A_TIME):
        part = slice(begin, begin + _MEMBERS_AT_A_TIME)
        member, day, place = np.nonzero((run.people[part] > 0) & open_places)
        at = member + begin, day, place
        yield {
            "member": (at[0] + run.first_member).astype(np.int32),
            "date": days[day],
            "place": TextColumn(run.place_ids, place),
            "people": run.people[at],
            "arrived": run.arrived[at],
            "without_roof": run.without_roof[at],
            "places_short": run.places_short[at],
        }
