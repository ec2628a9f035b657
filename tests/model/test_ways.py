"""Which places can be reached at all."""

from __future__ import annotations

import datetime as dt

from posada.model.geography import Route
from posada.model.ways import reachable, usable_routes

DAY = dt.date(2030, 3, 1)


def route(start: str, end: str, mode: str = "road", **more: object) -> Route:
    return Route(start, end, 10.0, mode, ("map",), **more)


def test_roads_lead_both_ways_unless_they_are_one_way():
    routes = [route("a", "b"), route("b", "c", one_way=True), route("d", "c")]
    assert reachable(routes, "a") == {"a", "b", "c", "d"}
    assert reachable(routes, "c") == {"c", "d"}
    assert reachable(routes, "c", backwards=True) == {"a", "b", "c", "d"}
    assert reachable(routes, "a", backwards=True) == {"a", "b"}
    assert reachable([], "a") == {"a"}


def test_a_ring_ends():
    routes = [route("a", "b", one_way=True), route("b", "c", one_way=True), route("c", "a", one_way=True)]
    assert reachable(routes, "b") == {"a", "b", "c"}


def test_rails_are_for_those_who_ride_trains():
    routes = (route("a", "b", "rail"),)
    assert usable_routes(routes, DAY, DAY, rides_trains=True) == routes
    assert usable_routes(routes, DAY, DAY, rides_trains=False) == ()


def test_a_route_counts_when_it_is_open_on_one_day():
    day = dt.timedelta(days=1)
    opens_last_day = route("a", "b", open_from=DAY + day)
    opens_later = route("a", "b", open_from=DAY + 2 * day)
    closed_first_day = route("a", "b", open_to=DAY)
    closed_before = route("a", "b", open_to=DAY - day)
    routes = (opens_last_day, opens_later, closed_first_day, closed_before)
    assert usable_routes(routes, DAY, DAY + day, rides_trains=False) == (opens_last_day, closed_first_day)
