"""Country outlines: how they are made, how they are read, and where towns fall on them."""

from __future__ import annotations

import json
import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posada.report.outlines import View, country_rings, visible_rings
from scripts.make_outlines import BOX, area, clip, decode_arcs, encode, outlines, ring_of, simplify
from tests.architecture.source_tree import PACKAGE

OUTLINES = PACKAGE / "report" / "outlines.json"


def _topology() -> dict:
    """Return two squares side by side that share the arc 1, on a grid of a tenth of a degree.

    Mexico is from -100 to -99, the United States from -99 to -98, both from 20 to 21 degrees north.
    """
    return {
        "transform": {"scale": [0.1, 0.1], "translate": [-100, 20]},
        "arcs": [
            [[10, 0], [-10, 0], [0, 10], [10, 0]],
            [[10, 0], [0, 10]],
            [[10, 0], [10, 0], [0, 10], [-10, 0]],
        ],
        "objects": {
            "countries": {
                "geometries": [
                    {"type": "Polygon", "id": "484", "arcs": [[0, -2]]},
                    {"type": "MultiPolygon", "id": "840", "arcs": [[[2, -2]]]},
                    {"type": "Polygon", "id": "999", "arcs": [[0, -2]]},
                ]
            }
        },
    }


def test_arcs_are_steps_on_a_grid():
    arcs = decode_arcs(_topology())
    assert arcs[1] == [(-99.0, 20.0), (-99.0, 21.0)]


def test_a_negative_number_is_an_arc_backwards():
    ring = ring_of([0, -2], decode_arcs(_topology()))
    assert ring == [(-99, 20), (-100, 20), (-100, 21), (-99, 21), (-99, 20)]


def test_outlines_by_hand():
    """First point in hundredths of a degree, then steps; a country that is not asked for is left out."""
    assert outlines(_topology()) == {
        "MEX": [[-9900, 2000, -100, 0, 0, 100, 100, 0, 0, -100]],
        "USA": [[-9900, 2000, 100, 0, 0, 100, -100, 0, 0, -100]],
    }


def test_simplify_by_hand():
    """The third point is 0.4 off the line from the first to the last, the second 0.05 off what remains."""
    line = [(0.0, 0.0), (1.0, 0.15), (2.0, 0.4), (4.0, 0.0)]
    assert simplify(line, 0.1) == [(0.0, 0.0), (2.0, 0.4), (4.0, 0.0)]
    assert simplify(line, 0.5) == [(0.0, 0.0), (4.0, 0.0)]


@given(
    st.lists(st.tuples(st.floats(-5, 5), st.floats(-5, 5)), min_size=2, max_size=40),
    st.floats(0.01, 2),
)
def test_what_is_left_out_lies_near_what_is_kept(points, tolerance):
    kept = simplify(points, tolerance)
    assert kept[0] == points[0]
    assert kept[-1] == points[-1]
    assert set(kept) <= set(points)
    for x, y in points:
        nearest = min(
            math.dist((x, y), (a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1])))
            for a, b in pairwise(kept)
            for t in (_foot((x, y), a, b),)
        )
        assert nearest <= tolerance + 1e-9


def _foot(p, a, b) -> float:
    length2 = (b[0] - a[0]) ** 2 + (b[1] - a[1]) ** 2
    if length2 == 0:
        return 0.0
    share = ((p[0] - a[0]) * (b[0] - a[0]) + (p[1] - a[1]) * (b[1] - a[1])) / length2
    return min(1.0, max(0.0, share))


def test_clip_by_hand():
    """A square from 0 to 2 cut to one from 1 to 3 leaves the square from 1 to 2: area 1."""
    cut = clip([(0, 0), (0, 2), (2, 2), (2, 0)], (1, 1, 3, 3))
    assert area(cut) == 1
    assert set(cut) == {(1, 1), (1, 2), (2, 2), (2, 1)}


def test_encoding_leaves_out_steps_of_no_length():
    assert encode([(1.0, 2.0), (1.001, 2.001), (1.5, 2.0)]) == [100, 200, 50, 0]


def test_the_shipped_file_says_where_it_is_from_and_is_small():
    content = json.loads(OUTLINES.read_text(encoding="utf-8"))
    assert OUTLINES.stat().st_size <= 60_000
    assert "Natural Earth" in content["source"]
    assert content["licence"] == "public domain"
    assert content["made_by"] == "scripts/make_outlines.py"
    assert tuple(content["box_west_south_east_north"]) == BOX
    assert {"MEX", "GTM", "USA"} <= set(content["countries"])


def _holds(country: str, lat: float, lon: float) -> bool:
    """Tell whether a country's rings hold a place: a ray from it crosses them an odd number of times."""
    north = math.degrees(math.log(math.tan(math.pi / 4 + math.radians(lat) / 2)))
    crossings = 0
    for ring in country_rings()[country]:
        for (x1, y1), (x2, y2) in zip(ring, ring[1:] + ring[:1], strict=True):
            if (y1 > north) != (y2 > north) and lon < x1 + (north - y1) / (y2 - y1) * (x2 - x1):
                crossings += 1
    return crossings % 2 == 1


@pytest.mark.parametrize(
    ("lat", "lon", "country"),
    [
        (14.905, -92.259, "MEX"),  # Tapachula
        (19.428, -99.128, "MEX"),  # Mexico City
        (32.503, -117.004, "MEX"),  # Tijuana
        (14.641, -90.513, "GTM"),  # Guatemala City
        (32.716, -117.161, "USA"),  # San Diego
    ],
)
def test_cities_lie_in_their_countries(lat, lon, country):
    assert [name for name in country_rings() if _holds(name, lat, lon)] == [country]


@pytest.mark.parametrize(("lat", "lon"), [(25.0, -93.0), (15.0, -100.0)])
def test_the_gulf_and_the_pacific_lie_in_no_country(lat, lon):
    assert [name for name in country_rings() if _holds(name, lat, lon)] == []


PLACES = st.lists(st.tuples(st.floats(7.5, 33), st.floats(-119, -83)), min_size=1, max_size=12)


@given(PLACES)
def test_a_view_around_places_shows_them_all(places):
    view = View.around(places, width=360, height=270)
    assert all(view.shows(lat, lon) for lat, lon in places)


@given(PLACES)
def test_what_a_view_shows_stays_on_the_sheet(places):
    view = View.around(places, width=360, height=270)
    for _, ring in visible_rings(view):
        assert all(-1e-6 <= x <= 360 + 1e-6 and -1e-6 <= y <= 270 + 1e-6 for x, y in ring)


def test_north_is_up_and_east_is_right():
    view = View.around([(15, -92), (32, -117)], width=360, height=270)
    tapachula, tijuana = view.position(14.9, -92.3), view.position(32.5, -117.0)
    assert tijuana[0] < tapachula[0]
    assert tijuana[1] > tapachula[1]
    lon, lat = view.middle()
    assert view.position(lat, lon) == pytest.approx((180, 135))
