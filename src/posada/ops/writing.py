"""Writing what came out of a run: tables, points for a map, briefs, and the stamp."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import Any

from posada.forecast.journey_file import forecast_file_of_run
from posada.forecast.learning_table import reports_table
from posada.forecast.place_counts import PlaceCounts, count_places
from posada.forecast.tables import forecast_table, members_table, nights_table
from posada.io.hub import fill_forecast_files
from posada.io.hub_forecast import FORECAST_NAME
from posada.io.hub_tasks import TASKS_FILE, tasks_record, write_tasks
from posada.io.results import Columns, check_target, write_results
from posada.io.stamp import stamp_record
from posada.model.dispersal_outlook import DispersalOutlook
from posada.model.dispersal_run import DispersalRun
from posada.model.learning import Learning
from posada.model.outlook import Outlook, TownOutlook
from posada.model.run import Run
from posada.ops.dispersal_writing import write_dispersal
from posada.ops.map_points import rounded_band
from posada.ops.summary import summarise_dispersed, summarise_journey
from posada.report.beside import BriefWriter, briefs_at_the_end
from posada.report.phrases import LANGUAGES

BRIEFS_FOLDER = "briefs"
NIGHTS = "nights"
REPORTS = "reports"


def write(
    result: Run | Outlook | DispersalRun | DispersalOutlook,
    directory: str | PathLike[str],
    *,
    briefs: bool = True,
    languages: Sequence[str] = LANGUAGES,
    options: Mapping[str, Any] | None = None,
) -> list[Path]:
    """Write a run or an outlook to a folder and return the paths of the files, the stamp's first.

    There are ``stamp.json``, ``forecast`` (quantiles of what the briefs show) as Parquet and CSV, ``towns.geojson``,
    and a folder of briefs. Of a run there are also ``members``, what each member did in each town,
    ``nights.parquet``, the same night by night, and ``hub``, a forecast file of all targets and places that
    ``posada score`` reads, with the definition of its targets in ``tasks.json``.

    Of dispersed people there are ``stamp.json``, ``forecast``, ``observed`` where registrations are known,
    ``places.geojson`` and ``map.svg``; of a run also ``members.parquet``. Every number in them is of people, however
    many of them one simulated person stood for.

    Parameters
    ----------
    briefs : bool
        Whether to write briefs; of dispersed people there are none.
    languages : sequence of str
        Languages of the briefs.
    options : mapping, optional
        How it was asked for, kept in the stamp.

    Raises
    ------
    OutputExistsError
        When the folder is there and was not made by Posada; nothing is written then.
    """
    target = Path(directory)
    check_target(target)
    if isinstance(result, DispersalRun):
        return write_dispersal(summarise_dispersed(result), result, target, options=options)
    if isinstance(result, DispersalOutlook):
        return write_dispersal(result, None, target, options=options)
    if isinstance(result, Outlook):
        return write_whole(result, None, target, briefs=briefs, languages=languages, options=options)
    made = Counted(result, count_places(result))
    outlook = summarise_journey(result, counts=made.counts)
    return write_whole(outlook, made, target, briefs=briefs, languages=languages, options=options)


@dataclass(frozen=True, slots=True)
class Counted:
    """A run, and what it holds of each place."""

    run: Run
    counts: PlaceCounts


def write_whole(
    outlook: Outlook,
    made: Counted | None,
    directory: Path,
    *,
    briefs: bool = True,
    languages: Sequence[str] = LANGUAGES,
    options: Mapping[str, Any] | None = None,
    begin_briefs: BriefWriter = briefs_at_the_end,
) -> list[Path]:
    """Write an outlook, and the members of the run that it was made from, if there is one; see :func:`write`.

    Of a run that learned there is also ``reports``, what each report did to it. ``begin_briefs`` is told to write
    briefs before anything else is written.
    """
    tables: dict[str, Iterable[Columns]] = {"forecast": forecast_table(outlook)}
    if made is not None:
        tables["members"] = members_table(made.run, (town.place_id for town in outlook.towns), made.counts)
        tables[NIGHTS] = nights_table(made.run)
    shown = [town for town in outlook.towns if not town.sensitive]
    learned = {}
    if made is not None and outlook.learning is not None:
        hidden = made.run.scenario.hidden_places
        tables[REPORTS] = reports_table(outlook.learning, hidden)
        learned = {"learning": _learning(outlook.learning, hidden)}

    def more(folder: Path) -> None:
        end_briefs = begin_briefs(outlook, folder / BRIEFS_FOLDER, languages) if briefs and shown else None
        if made is not None:
            _fill_hub(made, folder, stamp_record(outlook.stamp))
        if end_briefs is not None:
            end_briefs()

    return write_results(
        directory,
        outlook.stamp,
        tables=tables,
        too_long_for_csv=(NIGHTS,),
        features={"towns": [town_point(town) for town in shown]},
        details={
            "options": dict(options or {}),
            "places_left_out_as_sensitive": len(outlook.towns) - len(shown),
            "sources": _sources(outlook),
            **learned,
        },
        more=more,
    )


def _fill_hub(made: Counted, folder: Path, record: Mapping[str, Any]) -> None:
    """Write what can be scored, as forecast hubs have it, and the definition of what is forecast."""
    forecast = forecast_file_of_run(made.run, made.counts)
    fill_forecast_files(forecast, folder / FORECAST_NAME, record)
    places = [row.location for row in forecast.series if row.target == "people_tonight"]
    write_tasks(folder / TASKS_FILE, tasks_record(forecast.origin_date, forecast.last_day, places=places))


def _learning(learning: Learning, hidden: Collection[str]) -> dict[str, Any]:
    """Return what the stamp says of learning; ``members`` of the stamp are those that were run ahead."""
    return {
        "members": learning.members,
        "reports_heard": len(learning.heard),
        "reports_left_out_as_sensitive": sum(row.place in hidden for row in learning.effects),
        "least_effective_members": round(learning.effective, 1),
        "evidence_log10": round(learning.log_evidence, 3),
    }


def _sources(outlook: Outlook) -> list[dict[str, Any]]:
    """Return the reports that the forecast rests on, each once."""
    hidden = {town.place_id for town in outlook.towns if town.sensitive}
    rows = {row.report_id: row for town in outlook.towns for row in town.statements}
    rows |= {row.report_id: row for row in outlook.statements}
    return [
        {
            "report": row.report_id,
            "published": row.published.isoformat(),
            "publisher": row.publisher,
            "title": row.title,
            "url": row.url,
        }
        for row in sorted(rows.values(), key=lambda row: (row.published, row.report_id))
        if row.place_id not in hidden
    ]


def town_point(town: TownOutlook) -> dict[str, Any]:
    """Return a town as a point with its forecast, rounded to two significant figures, each with its range."""
    arrival = town.arrival
    point: dict[str, Any] = {
        "lat": town.lat,
        "lon": town.lon,
        "place": town.place_id,
        "name": town.name,
        "admin1": town.admin1,
        "country": town.country,
        "arrival_probability": round(arrival.probability, 2),
        "arrival_most_likely": arrival.most_likely,
        "arrival_q10": arrival.dates.get(0.1),
        "arrival_q90": arrival.dates.get(0.9),
        "peak_night": town.peak_night,
    }
    for name, band in (
        ("people_tonight", town.tonight),
        ("peak_people", town.peak),
        ("nights", town.nights),
        ("places_short", town.places_short),
        ("seats_onward", town.onward_seats),
    ):
        point |= rounded_band(name, band)
    return point
