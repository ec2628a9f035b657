"""``posada network``: what a person sees and gets, and that nothing is half-written when the input is at fault."""

# ruff: noqa: E501  tables of cases read best with one case on a line

from __future__ import annotations

import csv
import sys
from functools import partial

import pytest

import posada
from posada.io.folder import read_scenario
from posada.model.geography import Route
from tests.io.road_maps import PRIMARY, extract_xml
from tests.made_up import FILES, write_made_up

# 1 - 2 - 3 along a meridian, 22.24 km each, and an island at 4 - 5, whose end at 12.1 degrees is 8.1 × 111.195 km from
# latitude 20.2.
NODES = {1: (10.0, -90.0), 2: (10.2, -90.0), 3: (10.4, -90.0), 4: (12.0, -90.0), 5: (12.1, -90.0)}
EXTRACT = extract_xml(NODES, [([1, 2, 3], PRIMARY), ([4, 5], PRIMARY)])
PLACES = "id,lat,lon\nalder,10.0,-90.0\nbirch,10.2,-90.01\ncedar,10.4,-90.0\n"
ISLAND = "island,12.0,-90.0\n"
CREDIT = "Contains data © OpenStreetMap contributors, available under the Open Database License (ODbL) 1.0."


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """An extract and a table of places in the folder one is in."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "it.osm").write_text(EXTRACT, encoding="utf-8")
    (tmp_path / "places.csv").write_text(PLACES, encoding="utf-8")
    return tmp_path


@pytest.fixture
def run(run, folder):
    """Run the command through the front door, where the extract is."""
    assert folder.is_dir()
    return partial(run, "network")


def content(folder) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_short_table_and_a_folder(run, folder):
    """Birch stands 0.01 degrees from its node: 0.01 × 111.195 × cos 10.2° = 1.09 km."""
    done = run("places.csv", "it.osm", "--out", "net")
    assert (done.code, done.err) == (0, "")
    assert done.out.splitlines() == [
        "places          3   the farthest 1.1 km from its road",
        "routes          2   from 22.2 to 22.2 km",
        "longest      22.2   km, alder - birch",
        "left out        1   pairs whose way leads past another place",
        "roads          56   km in 2 ways",
        "as of     unknown   roads in the extract it.osm",
        "made net",
        CREDIT,
    ]
    assert (folder / "net" / "routes.csv").read_text(encoding="utf-8") == (
        "from,to,km,mode,source,open_from,open_to,one_way,parallel,max_km_per_day,walk_probability_per_day,walked\n"
        "alder,birch,22.2,road,osm,,,no,1,,0,yes\n"
        "birch,cedar,22.2,road,osm,,,no,1,,0,yes\n"
    )
    (source,) = csv.DictReader((folder / "net" / "sources.csv").read_text(encoding="utf-8").splitlines())
    assert (source["id"], source["publisher"], source["licence"]) == ("osm", "OpenStreetMap contributors", "ODbL-1.0")
    readme = (folder / "net" / "README.md").read_text(encoding="utf-8")
    assert f"Posada {posada.__version__}" in readme
    assert CREDIT in readme
    assert sorted(path.name for path in folder.iterdir()) == ["it.osm", "net", "places.csv"]


def test_without_out_nothing_is_written(run, folder):
    before = content(folder)
    done = run("places.csv", "it.osm")
    assert done.code == 0
    assert "nothing was written" in done.out
    assert "osm,OpenStreetMap contributors,Roads in the extract it.osm,0.9," in done.out
    assert content(folder) == before


def test_the_routes_fit_a_scenario(run, folder, tmp_path):
    """The rows that are written, with the row of the source, pass the check of a scenario."""
    done = run("places.csv", "it.osm", "--out", "new.csv")
    row = done.out.partition("add to sources.csv:\n")[2].splitlines()[1]
    routes = (folder / "new.csv").read_text(encoding="utf-8")
    sources = FILES["sources.csv"] + row + "\n"
    found = read_scenario(
        write_made_up(
            tmp_path / "it",
            {
                "routes.csv": routes + "cedar,dogwood,51,road,map,,,\ndogwood,elm,14,road,map,,,\n",
                "sources.csv": sources,
            },
        )
    )
    assert Route("alder", "birch", 22.2, "road", ("osm",)) in found.routes
    assert found.check().warnings == ()


def test_a_table_of_routes_is_replaced_only_when_asked(run, folder):
    (folder / "routes.csv").write_text("from,to,km,mode,source,open_from,open_to,one_way\n")
    before = content(folder)
    refused = run("places.csv", "it.osm", "--out", "routes.csv")
    assert (refused.code, content(folder)) == (2, before)
    assert "'routes.csv' exists. Choose another name, or replace it with --overwrite." in refused.err
    assert run("places.csv", "it.osm", "--out", "routes.csv", "--overwrite").code == 0
    assert "alder,birch" in (folder / "routes.csv").read_text()
    other = run("places.csv", "it.osm", "--out", "places.csv", "--overwrite")
    assert other.code == 2
    assert "'places.csv' is not a table of routes, so it is not replaced." in other.err
    assert (folder / "places.csv").read_text() == PLACES


def test_findings_come_first_and_do_not_fail(run, folder):
    (folder / "places.csv").write_text(PLACES + ISLAND)
    done = run("places.csv", "it.osm", "--through-km", "0", "--max-km", "30")
    assert done.code == 0
    assert done.out.startswith("warning [separate-roads] places.csv:5: the roads of 'island', 11.1 km in all,")
    assert "routes          2 " in done.out


def test_options_reach_the_network(run, folder):
    """By the path 11.1 km; the ferry 22.2 km; out one way."""
    nodes = {1: (10.0, -90.0), 2: (10.1, -90.0), 3: (10.3, -90.0)}
    ways = [([1, 2], {"highway": "path"}), ([2, 3], {"route": "ferry"}), ([1, 3], PRIMARY | {"oneway": "yes"})]
    (folder / "it.osm").write_text(extract_xml(nodes, ways))
    (folder / "places.csv").write_text("id,lat,lon\na,10.0,-90\nb,10.1,-90\nc,10.3,-90\n")
    assert "far-from-road" in run("places.csv", "it.osm").err
    assert "separate-roads" not in run("places.csv", "it.osm", "--on-foot", "--through-km", "40").out
    assert "'b' to 'c' takes a ferry" in run("places.csv", "it.osm", "--on-foot", "--ferries").out
    (folder / "places.csv").write_text("id,lat,lon\na,10.0,-90\nc,10.3,-90\n")
    assert run("places.csv", "it.osm", "--one-way", "--out", "r.csv").code == 0
    assert (folder / "r.csv").read_text().splitlines()[1:] == ["a,c,33.4,road,osm,,,yes,1,,0,yes"]


# One of every kind of bad input: the words, the files changed, and what must be said. Each ends with status 2.
BAD_INPUT = (
    ("no places", ("none.csv", "it.osm"), {}, "error: there is no table of places 'none.csv'."),
    ("no extract", ("places.csv", "none.osm.pbf"), {}, "error: there is no extract 'none.osm.pbf'."),
    ("not a pbf", ("places.csv", "it.osm.pbf"), {"it.osm.pbf": "hello"}, "error: 'it.osm.pbf' cannot be read as an OpenStreetMap extract: PBF error"),
    ("exchanged", ("it.osm", "places.csv"), {}, "error: 'it.osm' is not a table of places. Name a CSV file with the columns id, lat and lon first"),
    ("unknown column", ("places.csv", "it.osm"), {"places.csv": PLACES.replace("lon", "lng", 1)}, "error [unknown-column] places.csv:1: unknown column 'lng'. Did you mean 'lon'?"),
    ("off the map", ("places.csv", "it.osm"), {"places.csv": PLACES.replace("10.2", "20.2")}, "error [far-from-road] places.csv:3: place 'birch' is 900.7 km from the nearest road, more than 5 km."),
    ("same id", ("places.csv", "it.osm"), {"places.csv": PLACES.replace("birch", "alder")}, "error [duplicate-id] places.csv:3: id 'alder' stands in places.csv:2 already."),
    ("no roads", ("places.csv", "it.osm"), {"it.osm": EXTRACT.replace("highway", "waterway")}, "error: 'it.osm' holds no road for vehicles."),
    ("nothing joined", ("places.csv", "it.osm"), {"places.csv": PLACES[:28] + ISLAND}, "error: no two of the 2 places are joined by a road:\nwarning [separate-roads]"),
    ("a distance below zero", ("places.csv", "it.osm", "--through-km", "-1"), {}, "error: through_km is -1. It must be 0 km or more."),
    ("both on foot and one-way", ("places.csv", "it.osm", "--on-foot", "--one-way"), {}, "error: one-way roads bind vehicles"),
    ("a workbook as target", ("places.csv", "it.osm", "--out", "net.xlsx"), {}, "error: routes cannot be written to 'net.xlsx'."),
    ("a filled folder as target", ("places.csv", "it.osm", "--out", "filled"), {"filled/note.txt": "x"}, "error: 'filled' exists and is not an empty folder."),
)  # fmt: skip


@pytest.mark.parametrize(("kind", "words", "files", "says"), BAD_INPUT, ids=[row[0] for row in BAD_INPUT])
def test_bad_input_of_every_kind(kind, words, files, says, run, folder):
    """A clear message, status 2, no traceback, and nothing written; the same words with good files succeed above."""
    for name, text in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text)
    before = content(folder)
    done = run(*words, *(() if "--out" in words else ("--out", "net")))
    assert done.code == 2, kind
    assert says in done.err
    assert "Traceback" not in done.err
    assert done.out == ""
    assert content(folder) == before
    assert not (folder / "net").exists()


def test_without_osmium_the_cure_is_said(run, monkeypatch):
    monkeypatch.setitem(sys.modules, "osmium", None)
    done = run("places.csv", "it.osm", "--out", "net")
    assert done.code == 2
    assert done.err == (
        "error: reading an OpenStreetMap extract needs the library osmium, which is not installed. "
        "Install it with: pip install 'posada[osm]'\n"
    )
