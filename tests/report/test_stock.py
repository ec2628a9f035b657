"""Ready, promised, missing: what was reported is set against the needs; what was not reported is not zero."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from posada.model.outlook import LEVELS, Band, NeedLine, OfferLine, TownOutlook
from posada.report.pdf import share_room
from posada.report.phrases import Phrases
from posada.report.stock import town_stock
from tests.report.made_up import outlook

ES, EN = Phrases("es"), Phrases("en")


def _evenly(low: float, high: float) -> Band:
    """Return a band whose 10 %, 50 % and 90 % quantiles lie evenly between its ends."""
    return Band(np.interp(LEVELS, [0.1, 0.9], [low, high]), 1.0)


def _need(key: str, low: float, target: float) -> NeedLine:
    return NeedLine(key, key, key, low, target, "L/day", "L/día", "overnight", "Sphere Handbook (2018)", False)


@pytest.fixture(scope="module")
def town() -> TownOutlook:
    """Return a town that lacks 300 to 700 covered places and needs 900 to 1,300 seats; nothing else is set."""
    made = outlook(1, 20, 10).towns[0]
    nobody = {"offers": (), "needs": ()}
    return replace(made, places_short=_evenly(300, 700), onward_seats=_evenly(900, 1300), **nobody)


def test_missing_places_and_seats_carry_their_ranges(town):
    stock = town_stock(town, EN)
    assert stock.missing == ("500 covered places (80%: 300–700)", "1,100 seats onward (80%: 900–1,300)")
    assert stock.missing_short == ("300–700 covered places", "900–1,300 seats")
    assert stock.ready == stock.promised == stock.unreported == ()


def test_seats_that_are_ready_are_taken_off(town):
    """By hand: 900 to 1,300 less 250 ready seats; six promised buses change nothing."""
    offers = (
        OfferLine("bus", 250.0, "seats", "ready", "", ""),
        OfferLine("bus", 6.0, "vehicles", "promised", "", ""),
    )
    stock = town_stock(replace(town, offers=offers), EN)
    assert "650–1,100 seats" in stock.missing_short
    assert stock.ready == ("250 seats (buses)",)
    assert stock.promised == ("6 buses",)


def test_a_need_with_a_report_is_a_gap(town):
    """By hand: 24 to 60 toilets less 14 leave 10 to 46; 18,000 L of water cover what is needed."""
    offers = (
        OfferLine("toilets", 14.0, "toilets", "ready", "Domo", "parte 3"),
        OfferLine("water", 18000.0, "L/day", "ready", "", ""),
    )
    needs = (_need("toilets", 24, 60), _need("water", 9000, 18000))
    stock = town_stock(replace(town, offers=offers, needs=needs), ES)
    assert "10–46 sanitarios (mínimo–meta)" in stock.missing
    assert not any("agua" in line for line in stock.missing)
    assert stock.ready[0] == "14 sanitarios – Domo [parte 3]"


def test_a_need_without_a_report_is_said_to_be_unreported(town):
    """Conventions: no report is not a report of none, so 60 toilets are needed, but not missing."""
    offers = (OfferLine("taps", None, "taps", "not_reported", "", ""),)
    stock = town_stock(replace(town, offers=offers, needs=(_need("toilets", 24, 60),)), ES)
    assert stock.unreported == ("sanitarios (24–60)", "llaves de agua")
    assert stock.missing[-1] == "Sin reporte: sanitarios (24–60); llaves de agua."
    assert not any("sanitarios" in short for short in stock.missing_short)


def test_what_is_only_promised_is_missing_still(town):
    """By hand: 24 to 60 toilets needed, four promised, none ready: all 24 to 60 are missing."""
    offers = (OfferLine("toilets", 4.0, "toilets", "promised", "", ""),)
    stock = town_stock(replace(town, offers=offers, needs=(_need("toilets", 24, 60),)), ES)
    assert "24–60 sanitarios (mínimo–meta)" in stock.missing
    assert stock.unreported == ()


def test_a_quantity_that_nobody_gave_is_not_zero(town):
    offers = (OfferLine("covered_places", None, "people", "ready", "Bodega", ""),)
    stock = town_stock(replace(town, offers=offers), EN)
    assert stock.ready == ("covered places: quantity not reported – Bodega",)
    assert stock.ready_short == ("covered places",)


def test_quantities_of_one_kind_are_added_for_the_message(town):
    offers = tuple(OfferLine("covered_places", q, "people", "ready", "", "") for q in (400.0, 220.0))
    assert town_stock(replace(town, offers=offers), ES).ready_short == ("620 lugares techados",)


def test_one_is_said_in_the_singular(town):
    offers = (OfferLine("ambulance", 1.0, "vehicles", "ready", "", ""),)
    assert town_stock(replace(town, offers=offers), ES).ready == ("1 ambulancia",)
    assert town_stock(replace(town, offers=offers), EN).ready == ("1 ambulance",)


def test_open_ground_is_not_called_a_place(town):
    offers = (OfferLine("open_ground", 5000.0, "m2", "ready", "Plaza", ""),)
    assert town_stock(replace(town, offers=offers), ES).ready == ("5,000 m² (terreno abierto, sin techo) – Plaza",)


def test_a_shortage_that_is_only_possible_is_said_to_be(town):
    stock = town_stock(replace(town, places_short=_evenly(-40, 40), onward_seats=_evenly(0, 0)), EN)
    assert stock.missing_short == ("up to 40 covered places",)
    assert stock.actions == ()


def test_nothing_is_missing_where_nobody_comes(town):
    nothing = Band(np.full(len(LEVELS), np.nan), 0.0)
    assert town_stock(replace(town, places_short=nothing, onward_seats=nothing), EN).missing == ()


@pytest.mark.parametrize(
    ("wanted", "room", "given"),
    [([9, 2, 6], 12, [5, 2, 5]), ([3, 2, 1], 20, [3, 2, 1]), ([4, 4], 1, [1, 1]), ([0, 5], 3, [0, 3])],
)
def test_room_is_shared_by_hand(wanted, room, given):
    assert share_room(wanted, room) == given
