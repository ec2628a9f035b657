"""Which ways of an extract are roads, which way they lead, and what is said of a file that is no extract."""

from __future__ import annotations

import bz2
import datetime as dt
import sys

import osmium
import pytest

from posada.io.osm_roads import RoadRules, read_roads
from posada.model.errors import InputFileError, InvalidValueError, MissingLibraryError
from tests.io.road_maps import PRIMARY, extract_xml, write_extract

NODES = {1: (0.0, 0.0), 2: (0.1, 0.0), 3: (0.2, 0.0), 4: (0.3, 0.0)}
ALWAYS = ([3, 4], PRIMARY)


def is_taken(tmp_path, tags, **rules) -> bool:
    """Tell whether a way with these tags is a road; one that always is stands beside it."""
    roads = read_roads(write_extract(tmp_path / "it.osm", NODES, [([1, 2], tags), ALWAYS]), RoadRules(**rules))
    return roads.ways == 2


@pytest.mark.parametrize(
    ("tags", "by_vehicle", "on_foot"),
    [
        ({"highway": "motorway"}, True, True),
        ({"highway": "trunk_link"}, True, True),
        ({"highway": "residential"}, True, True),
        ({"highway": "track"}, False, True),
        ({"highway": "steps"}, False, True),
        ({"highway": "service"}, False, True),
        ({"highway": "construction"}, False, False),
        ({"highway": "primary", "access": "private"}, False, False),
        ({"highway": "primary", "access": "no", "motor_vehicle": "yes"}, True, True),
        ({"highway": "primary", "motor_vehicle": "no"}, False, True),
        ({"highway": "primary", "motor_vehicle": "no", "bus": "yes"}, True, True),
        ({"highway": "primary", "access": "destination"}, True, True),
        ({"highway": "primary", "foot": "no"}, True, True),
        ({"highway": "path", "foot": "private"}, False, False),
        ({"highway": "motorway", "motor_vehicle": "no"}, False, False),
        ({"waterway": "river"}, False, False),
        ({"route": "ferry"}, False, False),
    ],
)
def test_which_ways_are_roads(tags, by_vehicle, on_foot, tmp_path):
    """On foot the roads of vehicles count as well; the most special tag of access decides."""
    assert is_taken(tmp_path, tags) is by_vehicle
    assert is_taken(tmp_path, tags, on_foot=True) is on_foot


@pytest.mark.parametrize(
    ("tags", "taken"),
    [({}, True), ({"motor_vehicle": "no", "foot": "yes"}, False), ({"access": "no"}, False)],
)
def test_ferries_are_taken_when_asked_for(tags, taken, tmp_path):
    """A ferry for people on foot only is none for vehicles."""
    ferry = {"route": "ferry"} | tags
    assert not is_taken(tmp_path, ferry)
    assert is_taken(tmp_path, ferry, ferries=True) is taken
    assert is_taken(tmp_path, ferry, ferries=True, on_foot=True) is (tags.get("access") != "no")


@pytest.mark.parametrize(
    ("tags", "leads"),
    [
        ({}, [(0, 1, False), (1, 2, False)]),
        ({"oneway": "yes"}, [(0, 1, True), (1, 2, True)]),
        ({"oneway": "-1"}, [(1, 0, True), (2, 1, True)]),
        ({"highway": "motorway"}, [(0, 1, True), (1, 2, True)]),
        ({"highway": "motorway", "oneway": "no"}, [(0, 1, False), (1, 2, False)]),
        ({"junction": "roundabout"}, [(0, 1, True), (1, 2, True)]),
        ({"oneway": "reversible"}, [(0, 1, False), (1, 2, False)]),
    ],
)
def test_one_way_roads(tags, leads, tmp_path):
    path = write_extract(tmp_path / "it.osm", NODES, [([1, 2, 3], PRIMARY | tags)])
    heeded = read_roads(path, RoadRules(one_way=True))
    assert list(zip(heeded.start, heeded.end, heeded.one_way, strict=True)) == leads
    assert not read_roads(path).one_way.any()


def test_nobody_heeds_one_way_roads_on_foot():
    with pytest.raises(InvalidValueError, match="one-way"):
        RoadRules(on_foot=True, one_way=True)
    assert RoadRules(on_foot=True, ferries=True).ferries


def test_a_way_that_leads_out_of_the_extract_is_known_inside_it(tmp_path):
    """Node 9 is not in the file: the way is cut before it and goes on after it."""
    roads = read_roads(write_extract(tmp_path / "it.osm", NODES, [([1, 2, 9, 3, 4], PRIMARY)]))
    assert list(zip(roads.start, roads.end, strict=True)) == [(0, 1), (2, 3)]
    assert (roads.ways, roads.cut_ways) == (1, 1)


def test_points_that_no_road_leads_through_are_left(tmp_path):
    """Node 1 stands alone in a cut way, node 4 in none; a node that stands twice in a row is one point."""
    roads = read_roads(write_extract(tmp_path / "it.osm", NODES, [([1, 9, 2, 2, 3], PRIMARY)]))
    assert roads.lat_deg.tolist() == [0.1, 0.2]
    assert list(zip(roads.start, roads.end, strict=True)) == [(0, 1)]


def write_pbf(path, timestamp=""):
    """Write the same road as the XML has, as a PBF, with nodes in no order."""
    header = osmium.io.Header()
    if timestamp:
        header.set("osmosis_replication_timestamp", timestamp)
    with osmium.SimpleWriter(str(path), header=header) as writer:
        for id_ in (2, 1, 3):
            lat, lon = NODES[id_]
            writer.add_node(osmium.osm.mutable.Node(id=id_, version=1, location=(lon, lat)))
        writer.add_way(osmium.osm.mutable.Way(id=1, version=1, nodes=[1, 2, 3], tags=PRIMARY))
    return path


def test_every_format_gives_the_same_roads(tmp_path):
    text = extract_xml(NODES, [([1, 2, 3], PRIMARY)])
    (tmp_path / "it.osm").write_text(text)
    (tmp_path / "it.osm.bz2").write_bytes(bz2.compress(text.encode()))
    write_pbf(tmp_path / "it.osm.pbf")
    for name in ("it.osm", "it.osm.bz2", "it.osm.pbf"):
        roads = read_roads(str(tmp_path / name))
        assert roads.file == name
        assert roads.lat_deg.tolist() == pytest.approx([0.0, 0.1, 0.2], abs=1e-9)
        assert list(zip(roads.start, roads.end, strict=True)) == [(0, 1), (1, 2)]


@pytest.mark.parametrize(
    ("timestamp", "date"),
    [("2026-03-01T20:21:00Z", dt.date(2026, 3, 1)), ("", None)],
)
def test_the_day_of_an_extract_is_in_its_header_or_unknown(timestamp, date, tmp_path):
    assert read_roads(write_pbf(tmp_path / "it.osm.pbf", timestamp)).date == date


ROAD = extract_xml(NODES, [ALWAYS])


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("it.osm.pbf", b"not a pbf at all", "'it.osm.pbf' cannot be read as an OpenStreetMap extract: PBF error"),
        ("it.osm.pbf", b"", "'it.osm.pbf' cannot be read as an OpenStreetMap extract"),
        ("it.osm", ROAD.encode()[:-30], "'it.osm' cannot be read as an OpenStreetMap extract: XML parsing error"),
        ("it.osm.bz2", b"hello", "'it.osm.bz2' cannot be read as an OpenStreetMap extract: bzip2 error"),
        ("it.txt", ROAD.encode(), "'it.txt' cannot be read as an OpenStreetMap extract: Could not detect file format"),
        ("it.osm", extract_xml(NODES, []).encode(), "'it.osm' holds no road for vehicles."),
        ("it.osm", extract_xml({}, [ALWAYS]).encode(), "'it.osm' has roads, but not the nodes"),
        ("it.osm", extract_xml({-1: (0, 0)}, [([-1, 1], PRIMARY)]).encode(), "negative identifiers"),
        ("it.osc", b"<osmChange version='0.6'></osmChange>", "is a history or a file of changes"),
    ],
)  # fmt: skip
def test_what_is_no_extract_is_refused(name, content, says, tmp_path):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputFileError, match="it") as caught:
        read_roads(tmp_path / name)
    assert says in str(caught.value)
    (tmp_path / "good.osm").write_text(ROAD)
    assert read_roads(tmp_path / "good.osm").ways == 1


@pytest.mark.parametrize("name", ["nothing.osm.pbf", "."])
def test_a_file_that_is_not_there_is_said_to_be(name, tmp_path):
    with pytest.raises(InputFileError, match="there is no extract"):
        read_roads(tmp_path / name)


def test_without_osmium_the_cure_is_said(tmp_path, monkeypatch):
    (tmp_path / "it.osm").write_text(ROAD)
    monkeypatch.setitem(sys.modules, "osmium", None)
    with pytest.raises(MissingLibraryError, match=r"pip install 'posada\[osm\]'"):
        read_roads(tmp_path / "it.osm")
