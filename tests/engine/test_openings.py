"""Which routes are open on which day: days on which nothing opens or closes are not looked at, and are right."""

from __future__ import annotations

import dataclasses
import datetime as dt

import numpy as np
import pytest

from posada.engine.dispersal.links import build_openings
from posada.model.displacement import Closure
from posada.model.geography import Route
from tests.displaced import read_displaced

SOURCE = ("map",)


def day(number: int) -> dt.date:
    return dt.date(2030, 3, 1) + dt.timedelta(days=number)


@pytest.fixture
def scenario(tmp_path):
    whole = read_displaced(tmp_path / "made-up")
    return whole.replace(routes=(Route("alder", "birch", 42, "road", SOURCE),), closures=(), known_routes=())


def open_on(scenario, days: int = 10, markers: tuple[int, ...] = ()) -> list[bool]:
    """Return whether the one route leads from Alder to Birch, by day; on some days Cedar is a marker."""
    is_marker = np.zeros((days, len(scenario.places)), np.bool_)
    is_marker[list(markers), 2] = True
    found = build_openings(scenario, tuple(map(day, range(days))), is_marker)
    assert [found.markers[epoch][2] for epoch in found.epoch] == [number in markers for number in range(days)]
    return [bool(found.open_links[epoch][0]) for epoch in found.epoch]


@pytest.mark.parametrize(
    ("dates", "is_open"),
    [
        ({}, "yyyyyyyyyy"),
        ({"open_from": day(3)}, "nnnyyyyyyy"),
        ({"open_to": day(3)}, "yyyynnnnnn"),
        ({"open_from": day(2), "open_to": day(2)}, "nnynnnnnnn"),
        ({"open_from": day(-5), "open_to": day(-1)}, "nnnnnnnnnn"),
        ({"open_to": dt.date.max}, "yyyyyyyyyy"),
    ],
)
def test_a_route_is_open_between_its_dates(scenario, dates, is_open):
    """Both its first day and its last one are among them."""
    route = dataclasses.replace(scenario.routes[0], **dates)
    assert open_on(scenario.replace(routes=(route,))) == [letter == "y" for letter in is_open]


def test_a_closure_ends_when_it_reopens(scenario):
    closed = scenario.replace(closures=(Closure("place", "birch", SOURCE, closes=day(2), reopens=day(5)),))
    assert open_on(closed) == [True, True, False, False, False, True, True, True, True, True]


def test_a_route_that_reopens_out_of_its_dates_stays_closed(scenario):
    """The closure gives it back on day 5, and its own dates take it away on the same day."""
    route = dataclasses.replace(scenario.routes[0], open_to=day(3))
    closure = Closure("place", "birch", SOURCE, closes=day(2), reopens=day(5))
    assert open_on(scenario.replace(routes=(route,), closures=(closure,))) == [True, True] + [False] * 8


def test_a_day_with_other_markers_is_another_epoch(scenario):
    assert open_on(scenario, markers=(4, 5, 8)) == [True] * 10
