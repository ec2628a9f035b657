"""Make scenarios of the other journeys, each with parameters learned without it, and the truth to score them on.

``python -m scripts.make_journeys DIR`` writes a folder for each journey of ``data/journeys``: the map, statuses and
procedure of the scenario ``caravan-2018``, the groups and reports of the journey from ``data/caravans``, and parameters
that the *other* journeys taught (:mod:`posada.forecast.journey_tables`); and beside it ``ID.truth.csv``. Nothing of
this is committed: it is made from the tables in seconds. :func:`journeys` gives the same to programs.
"""

from __future__ import annotations

import csv
import datetime as dt
import sys
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from posada.forecast.journey_tables import ASSUMPTION, destination_shares, learn_from_journeys
from posada.io.csvtext import format_csv
from posada.io.folder import read_folder, read_scenario
from posada.io.past_journeys import read_past_journeys
from posada.io.truth_file import write_truth_file
from posada.model.fields import fields_of
from posada.model.scenario import Scenario
from posada.model.shortest_ways import RoadWays
from posada.model.truth import Truth, TruthRow, make_truth
from scripts.journey_reports import report_cells, source_cells
from scripts.learn_priors import DATA as CARAVANS
from scripts.learn_priors import SCENARIO, learned_tables, read_table

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT / "data" / "journeys"
FOLDER = ROOT / "build" / "journeys"

SHARED = ("places.csv", "routes.csv", "statuses.csv")
OWN_DESTINATION = "tijuana"
"""The border city in the table of groups; the others are in ``destinations.csv``, all with their chances."""

MARGIN_KM = 100.0
"""How much further than everybody known a town must lie to be empty for sure: a day with lifts and without a report."""

FRONT_KINDS = ("headcount", "arrival", "departure", "lodging")
AHEAD = "nobody_ahead"

_COUNTRIES = {"GT": "GTM", "MX": "MEX"}


@dataclass(frozen=True)
class Journey:
    """A journey of the past, ready to be forecast as of several dates.

    Attributes
    ----------
    id, title : str
        Identifier, such as ``autumn2018``, and title.
    folder : Path
        Its scenario folder; ``ID.truth.csv`` lies beside it.
    without : tuple of str
        Journeys of ``data/caravans/journeys.csv`` from which nothing was learned for it.
    as_of : tuple of datetime.date
        Dates as of which it is to be forecast.
    truth : Truth
        What happened. Rows say when they became public, so that one truth serves all dates.
    """

    id: str
    title: str
    folder: Path
    without: tuple[str, ...]
    as_of: tuple[dt.date, ...]
    truth: Truth

    def scenario(self) -> Scenario:
        """Read the scenario."""
        return read_scenario(self.folder)


def journey_ids() -> tuple[str, ...]:
    """Return the identifiers of the journeys, by their first day."""
    specs = {path.stem: _spec(path.stem) for path in DATA.glob("*.toml")}
    return tuple(sorted(specs, key=lambda name: specs[name]["start"]))


def journeys(folder: Path = FOLDER, only: Sequence[str] = ()) -> tuple[Journey, ...]:
    """Write the scenario folders of all journeys, or of some, and return the journeys.

    Raises
    ------
    KeyError
        When a table names a report, place or group that does not exist.
    """
    return tuple(make_journey(name, folder / name) for name in only or journey_ids())


def make_journey(name: str, folder: Path) -> Journey:
    """Write the scenario folder of a journey with its truth, and return the journey."""
    spec = _spec(name)
    rows = {row["report_id"]: row for row in read_table(CARAVANS / spec["file"])}
    grouped = _grouped(spec, rows)
    folder.mkdir(parents=True, exist_ok=True)
    tables = {name: (SCENARIO / name).read_text(encoding="utf-8") for name in SHARED}
    used = [row for row in rows.values() if row["report_id"] in grouped or _is_within(spec, row)]
    tables |= _learned(spec, list(rows) if spec.get("whole_file_apart") else [row["report_id"] for row in used])
    tables["places.csv"], tables["routes.csv"] = _map(spec, tables)
    places = {row["id"] for row in csv.DictReader(tables["places.csv"].splitlines())}
    ahead = _ahead(spec, rows)
    tables["reports.csv"] = _table(
        "reports",
        [
            report_cells(row, spec, grouped, places) | ({"ahead": "yes"} if row["report_id"] in ahead else {})
            for row in used
        ],
    )
    tables["groups.csv"] = _table("groups", _groups(spec))
    tables["sources.csv"] = _sources(used)
    tables["scenario.toml"] = _settings(name, spec)
    for file, text in tables.items():
        (folder / file).write_text(text, encoding="utf-8", newline="\n")
    truth = make_truth([*truth_of(name).rows(), *nobody_ahead(read_scenario(folder), truth_of(name))])
    write_truth_file(truth, folder.with_name(f"{name}.truth.csv"), overwrite=True)
    return Journey(name, spec["title"], folder, tuple(spec["without"]), tuple(spec["as_of"]), truth)


def truth_of(name: str) -> Truth:
    """Return what happened on a journey, from ``data/journeys/truth.csv``; a row is public when a report of it is."""
    published: dict[str, str] = {}
    for path in CARAVANS.glob("reports_*.csv"):
        published |= {row["report_id"]: row["published"] for row in read_table(path)}
    made = []
    for row in read_table(DATA / "truth.csv"):
        if row["journey"] != name:
            continue
        reports = row["reports"].split(";")
        made.append(
            TruthRow(
                row["target"],
                row["location"],
                dt.date.fromisoformat(row["day"]),
                float(row["value"]),
                float(row["low"] or "nan"),
                float(row["high"] or "nan"),
                row["reports"],
                min(dt.date.fromisoformat(published[id_]) for id_ in reports),
            )
        )
    return make_truth(made)


def nobody_ahead(scenario: Scenario, truth: Truth) -> list[TruthRow]:
    """Return rows that nobody sleeps in the towns ahead of everybody, for days on which reports say where people are.

    A truth of counted people alone would be one of towns in which there were some: the better a forecast spreads its
    chances over towns, the worse it would look. Ahead is a town that lies :data:`MARGIN_KM` further along the shortest
    road from the origin of the first group than the furthest place in which anybody of the journey had been reported.
    Of towns behind nothing is said: some people are always slower.
    """
    ways = RoadWays.of(scenario)
    origin = scenario.groups[0].origin
    km = {place.id: ways.path(origin, place.id)[-1][1] for place in scenario.places}
    placing = [row for row in scenario.reports if row.kind in FRONT_KINDS and row.place is not None]
    told = {(row.location, row.day) for row in truth.rows() if row.target == "people_tonight"}
    made = []
    for date in sorted({row.event_date for row in placing if row.group is not None}):
        front = max(km[row.place] for row in placing if row.place and row.event_date <= date)
        published = min(row.published for row in placing if row.event_date == date)
        ahead = [place for place, far in km.items() if far > front + MARGIN_KM and (place, date) not in told]
        made += [TruthRow("people_tonight", place, date, 0.0, source=AHEAD, published=published) for place in ahead]
    return made


def _spec(name: str) -> dict[str, Any]:
    return tomllib.loads((DATA / f"{name}.toml").read_text(encoding="utf-8"))


def _grouped(spec: Mapping[str, Any], rows: Mapping[str, Any]) -> dict[str, str]:
    """Return the group of each report that speaks of one, or of people ahead of it."""
    prefix = next(iter(rows)).rpartition("-")[0]
    found = {}
    for group in spec["groups"]:
        for number in (group["reports"] + " " + group.get("ahead", "")).split():
            id_ = f"{prefix}-{number}"
            if id_ not in rows:
                raise KeyError(f"group '{group['id']}' has a report '{id_}' that does not exist")
            found[id_] = group["id"]
    return found


def _ahead(spec: Mapping[str, Any], rows: Mapping[str, Any]) -> set[str]:
    """Return the reports of people ahead of a group."""
    prefix = next(iter(rows)).rpartition("-")[0]
    return {f"{prefix}-{number}" for group in spec["groups"] for number in group.get("ahead", "").split()}


def _is_within(spec: Mapping[str, Any], row: Mapping[str, str]) -> bool:
    first, last = spec["start"], spec["end"]
    return bool(first <= dt.date.fromisoformat(row["event_date"]) <= last)


def _learned(spec: Mapping[str, Any], reports: list[str]) -> dict[str, str]:
    """Return the tables that the other journeys taught, fitted to the groups and papers of this one."""
    past, scenario = read_past_journeys([CARAVANS]), read_folder(SCENARIO)
    readings = past.readings_for(spec["handled"], without=spec["without"], reports=reports)
    tables = learned_tables(learn_from_journeys(past, readings, scenario).scenario)
    shares = destination_shares(readings, scenario)
    rows = [
        {"group": group["id"], "place": place, "share": f"{share:.3f}", "source": ASSUMPTION}
        for group in spec["groups"]
        for place, share in shares.items()
        if place != OWN_DESTINATION
    ]
    tables["destinations.csv"] = _table("destinations", rows)
    procedure = list(csv.DictReader(tables["procedure.csv"].splitlines()))
    pattern = next(row for row in procedure if row["id"] == "permits_matias_romero")
    kept = [row for row in procedure if row["where"] != "matias_romero"]
    for permits in spec.get("permits", ()):
        own = {"id": f"permits_{permits['place']}", "where": permits["place"], "from": permits["from"].isoformat()}
        kept.insert(0, pattern | own)
    tables["procedure.csv"] = _table("procedure", kept)
    return tables


def _map(spec: Mapping[str, Any], tables: Mapping[str, str]) -> tuple[str, str]:
    """Return places and routes with those that the journey needs beyond the shared ones."""
    places, routes = tables["places.csv"], tables["routes.csv"]
    extra = spec.get("extra_places", ())
    known = {row["id"] for row in csv.DictReader(places.splitlines())} | set(extra)
    for row in read_table(CARAVANS / "places.csv"):
        if row["id"] in extra:
            head = next(csv.reader(places.splitlines()))
            cells = row | {
                "country": _COUNTRIES[row["country"]],
                "kind": "town",
                "source": "geonames",
                "sensitive": "no",
            }
            cells["admin1"] = row["state"]
            places += format_csv([cells.get(name, "") for name in head], [])
    for row in read_table(CARAVANS / "roads.csv"):
        if {row["place_a"], row["place_b"]} <= known and {row["place_a"], row["place_b"]} & set(extra):
            routes += format_csv(
                [row["place_a"], row["place_b"], row["km"], row["mode"], "roads_approx", "", "", "no", "yes"], []
            )
    return places, routes


def _groups(spec: Mapping[str, Any]) -> list[dict[str, str]]:
    return [
        {
            "id": group["id"],
            "name": group["name"],
            "origin": group["origin"],
            "departs": group["departs"].isoformat(),
            **{f"size_{end}": str(size) for end, size in zip(("low", "likely", "high"), group["size"], strict=True)},
            "destination": OWN_DESTINATION,
            "source": ";".join((*group["sized_by"][:1], ASSUMPTION)),
            "rides_trains": "no",
        }
        for group in spec["groups"]
    ]


def _sources(reports: Iterable[Mapping[str, str]]) -> str:
    """Return the shared sources and one for each report.

    What other journeys taught is no news of this one, so their sources have no date here: they hide nothing on an as-of
    date.
    """
    shared = [
        row | ({"date": ""} if row["id"].startswith("other_") else {}) for row in read_table(SCENARIO / "sources.csv")
    ]
    return _table("sources", [*shared, *(source_cells(row) for row in reports)])


def _settings(name: str, spec: Mapping[str, Any]) -> str:
    summary = (
        "A journey of the past, made from data/journeys to score forecasts on; parameters learned from the others."
    )
    lines = (
        f'id = "{name}"',
        f'title = "{spec["title"]}"',
        f"start = {spec['start']}",
        f"end = {spec['end']}",
        f'summary = "{summary}"',
        f"as_of = {spec['as_of'][0]}",
        'default_stance = "tolerate"',
        'climate = "hot"',
    )
    return "\n".join(lines) + "\n"


def _table(name: str, rows: Iterable[Mapping[str, str]]) -> str:
    from posada.model.tables import TABLES

    header = [field.header for field in fields_of(TABLES[name])]
    return format_csv(header, ([row.get(column, "") for column in header] for row in rows))


def main(arguments: Sequence[str]) -> int:
    """Write the folders and say what is in them."""
    if len(arguments) > 1:
        print("usage: python -m scripts.make_journeys [DIR]")
        return 2
    for journey in journeys(Path(arguments[0]) if arguments else FOLDER):
        scenario = journey.scenario()
        dates = ", ".join(date.isoformat() for date in journey.as_of)
        print(f"{journey.id}: {len(scenario.reports)} reports, {journey.truth.size} rows of truth, as of {dates}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
