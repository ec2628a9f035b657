"""Shortest roads, by hand."""

import numpy as np
import pytest

from posada.model.errors import InvalidValueError
from posada.model.geography import Route
from posada.model.shortest_ways import RoadWays, shortest_ways

PLACES = {"a": 0, "b": 1, "c": 2, "d": 3}
ROUTES = (
    Route("a", "b", 2.0, "road", ("map",)),
    Route("b", "c", 3.0, "road", ("map",)),
    Route("a", "c", 6.0, "road", ("map",)),
    Route("a", "c", 9.0, "road", ("map",)),
    Route("d", "a", 1.0, "road", ("map",), one_way=True),
)


def _roads():
    return RoadWays(tuple(PLACES), *shortest_ways(ROUTES, PLACES))


def test_a_way_over_another_place_is_taken_when_it_is_shorter():
    """By b 5 km, straight 6 km."""
    assert _roads().path("a", "c") == (("a", 0.0), ("b", 2.0), ("c", 5.0))
    assert _roads().path("c", "a") == (("c", 0.0), ("b", 3.0), ("a", 5.0))
    assert _roads().path("b", "b") == (("b", 0.0),)


def test_a_one_way_road_leads_one_way():
    assert _roads().path("d", "b") == (("d", 0.0), ("a", 1.0), ("b", 3.0))
    with pytest.raises(InvalidValueError, match="no road leads from 'a' to 'd'"):
        _roads().path("a", "d")


def test_lengths_between_some_places_may_lead_over_others():
    np.testing.assert_array_equal(_roads().between(["c", "a", "d"]), [[0, 5, np.inf], [5, 0, np.inf], [6, 1, 0]])


def test_without_a_route_nothing_is_reached():
    km, next_place = shortest_ways((), {"a": 0, "b": 1})
    assert np.isinf(km[0, 1])
    assert (next_place < 0).all()
