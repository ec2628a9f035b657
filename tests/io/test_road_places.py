"""The table of places whose routes are asked for: the smallest one, a whole one, and what is refused."""

from __future__ import annotations

import pytest

from posada.io.road_places import read_road_places
from posada.model.errors import InputFileError, ScenarioError
from tests.io.road_maps import write_places


def test_a_whole_table_of_places_is_read_and_the_smallest_one(tmp_path):
    whole = tmp_path / "places.csv"
    whole.write_text(
        "id,name,country,lat,lon,kind,source,admin1,pcode,population,sensitive\n"
        "alder,Alder,AAA,10.0,-90.0,town,map,North,AA01,20000,\n"
        "birch,Birch,AAA,10.2,-90.4,city,map,,,,no\n"
    )
    small = write_places(tmp_path / "small.csv", {"alder": (10, -90), "birch": (10.2, -90.4)})
    assert [(place.id, place.lat, place.lon) for place in read_road_places(whole)] == [
        (place.id, place.lat, place.lon) for place in read_road_places(small)
    ]
    assert read_road_places(whole)[1].where == "places.csv:3"


GOOD = "id,lat,lon\na,1,2\nb,1,3\n"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("id,lat,lng\na,1,2\nb,1,3\n", "[unknown-column] places.csv:1: unknown column 'lng'. Did you mean 'lon'?"),
        ("id,lat\na,1\nb,1\n", "[missing-column] places.csv:1: column 'lon' is missing."),
        ("id,lat,lon\na,1,2\na,1,3\n", "[duplicate-id] places.csv:3: id 'a' stands in places.csv:2 already."),
        ("id,lat,lon\na,1,2\nb,91,3\n", "[out-of-bounds] places.csv:3: 'lat' is 91."),
        ("id,lat,lon\na,1,2\nb,,3\n", "[missing-value] places.csv:3: 'lat' is empty."),
        ("id,lat,lon\na,1,2\nB b,1,3\n", "[bad-text] places.csv:3: 'B b' in 'id' is not an identifier."),
        ("id,lat,lon,kind\na,1,2,town\nb,1,3,twon\n", "[unknown-option] places.csv:3: 'twon'"),
        ("id,lat,lon\na,1,2\nb,1,3,4\n", "[ragged-row] places.csv:3:"),
        ("id,lat,lon\na,1,2\n", "[missing-value] places.csv: it holds one place only."),
        ("id,lat,lon\n", "[missing-value] places.csv: it holds no places."),
        ("", "[unreadable-file] places.csv: the table is empty"),
    ],
)  # fmt: skip
def test_a_faulty_table_of_places_is_refused(text, says, tmp_path):
    path = tmp_path / "places.csv"
    path.write_text(text)
    with pytest.raises(
        ScenarioError, match=r"the table of places 'places\.csv' cannot be used \(1 finding\)"
    ) as caught:
        read_road_places(path)
    assert says in str(caught.value)
    path.write_text(GOOD)
    assert len(read_road_places(path)) == 2


def test_what_is_no_table_of_places_is_refused(tmp_path):
    with pytest.raises(InputFileError, match="there is no table of places"):
        read_road_places(tmp_path / "nothing.csv")
    with pytest.raises(InputFileError, match="is a folder"):
        read_road_places(tmp_path)
    (tmp_path / "it.osm.pbf").write_bytes(b"x")
    with pytest.raises(InputFileError, match="first, then the extract"):
        read_road_places(tmp_path / "it.osm.pbf")
