"""Writing what came out of a run of dispersed people: tables, points for a map, a map, and the stamp."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from posada.forecast.dispersal_tables import (
    dispersal_forecast_table,
    dispersal_members_table,
    forecast_rows,
    observed_table,
)
from posada.io.results import Columns, write_results
from posada.model.dispersal_outlook import CampOutlook, DailyPeople, DispersalOutlook
from posada.model.dispersal_run import DispersalRun
from posada.ops.map_points import rounded_band
from posada.report.dispersal_map import write_dispersal_map

MAP_FILE = "map.svg"
MEMBERS = "members"
ROWS_OF_A_SPREADSHEET = 1_000_000
"""Longer tables are written as Parquet only."""


def write_dispersal(
    outlook: DispersalOutlook, run: DispersalRun | None, directory: Path, *, options: Mapping[str, Any] | None = None
) -> list[Path]:
    """Write an outlook, and the members of the run that it was made from; see :func:`posada.ops.writing.write`."""
    tables: dict[str, Iterable[Columns]] = {"forecast": dispersal_forecast_table(outlook)}
    if any(camp.daily.registered is not None for camp in outlook.shown):
        tables["observed"] = observed_table(outlook)
    if run is not None:
        tables[MEMBERS] = dispersal_members_table(run, outlook)
    too_long = [MEMBERS] if forecast_rows(outlook) <= ROWS_OF_A_SPREADSHEET else [MEMBERS, "forecast"]
    has_map = bool(outlook.shown or outlook.origins)
    return write_results(
        directory,
        outlook.stamp,
        tables=tables,
        too_long_for_csv=too_long,
        features={"places": [camp_point(camp, outlook) for camp in outlook.shown]},
        details={
            "options": dict(options or {}),
            "people_per_simulated": outlook.people_per_simulated,
            "registered_is_input": outlook.registered_is_input,
            "places_left_out_as_sensitive": len(outlook.camps) - len(outlook.shown),
            "days": len(outlook.dates),
        },
        more=partial(_write_map, outlook) if has_map else None,
    )


def _write_map(outlook: DispersalOutlook, folder: Path) -> None:
    write_dispersal_map(outlook, folder / MAP_FILE)


def camp_point(camp: CampOutlook, outlook: DispersalOutlook) -> dict[str, Any]:
    """Return a camp as a point with its forecast, rounded to two significant figures, each with its range."""
    place, daily = camp.place, camp.daily
    point: dict[str, Any] = {
        "lat": place.lat,
        "lon": place.lon,
        "place": place.id,
        "name": place.name,
        "admin1": place.admin1,
        "country": place.country,
        "kind": place.kind,
        "capacity": place.capacity,
        "last_day": outlook.dates[-1],
        "registered_last_day": registered_on(daily, -1),
        "peak_day": daily.peak_date,
        "registered_peak_day": registered_on(daily, outlook.dates.index(daily.peak_date)),
    }
    return point | rounded_band("people_last_day", daily.end) | rounded_band("peak_people", daily.peak)


def registered_on(daily: DailyPeople, day: int) -> int | None:
    """Return the people registered on a day, by its position; ``None`` where it is not known."""
    return None if daily.registered is None else int(daily.registered[day])
