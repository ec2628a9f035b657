"""How many fit at a site: the least that was reported allows; what was not reported is not zero."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posada.model.errors import InvalidValueError, UnknownNameError
from posada.model.need import PHASES, SiteOverride
from posada.model.offers import Site
from posada.plan.site_capacity import site_capacity, total_capacity
from posada.plan.standards import read_standards, resolve_standards

STANDARDS = read_standards()
HALL = Site(
    id="hall",
    place="alder",
    name="Hall",
    type="auditorium",
    covered=True,
    source=("s1",),
    area_m2=700,
    capacity=300,
    toilets=5,
    taps=1,
)

RESOURCES = {
    "area_m2": st.one_of(st.none(), st.floats(0, 1e5)),
    "capacity": st.one_of(st.none(), st.integers(0, 10_000)),
    "toilets": st.one_of(st.none(), st.integers(0, 500)),
    "taps": st.one_of(st.none(), st.integers(0, 500)),
}
SITES = st.builds(dataclasses.replace, st.just(HALL), **RESOURCES)


def capacity(phase="overnight", *, climate="temperate", **changes):
    return site_capacity(dataclasses.replace(HALL, **changes), phase, climate=climate, standards=STANDARDS)


def test_the_scarcest_resource_limits():
    """700 / 3.5 = 200 people; 5 x 50 = 250 or 5 x 20 = 100; 1 x 250 = 250; stated 300."""
    found = capacity()
    assert {line.resource: (line.people_at_low, line.people_at_target) for line in found.lines} == {
        "area_m2": (200, 200),
        "toilets": (250, 100),
        "taps": (250, 250),
        "capacity": (300, 300),
    }
    assert (found.places_at_low, found.places_at_target, found.limited_by) == (200, 100, "toilets")
    assert (found.not_assessed, found.assessed_share) == ((), 1)


def test_what_nobody_reported_is_listed_and_not_zero():
    found = capacity(toilets=None, capacity=None)
    assert (found.places_at_low, found.places_at_target) == (200, 200)
    assert found.not_assessed == ("toilets", "capacity")
    assert found.assessed_share == 0.5


def test_reported_zero_is_zero():
    assert capacity(toilets=0).places_at_low == 0


def test_nothing_reported_is_unknown():
    found = capacity(area_m2=None, capacity=None, toilets=None, taps=None)
    assert (found.places_at_low, found.places_at_target, found.limited_by) == (None, None, None)
    assert found.not_assessed == ("area_m2", "toilets", "taps", "capacity")
    assert found.assessed_share == 0


@pytest.mark.parametrize(
    "changes", [{"type": "square", "covered": False}, {"type": "square"}, {"type": "field", "covered": False}]
)
def test_open_ground_is_no_shelter(changes):
    """5,000 m2 of a square hold no covered place, however many people stand on it."""
    found = capacity(area_m2=5000, capacity=1200, **changes)
    assert not found.is_shelter
    assert found.open_ground_m2 == 5000
    assert (found.places_at_low, found.places_at_target) == (None, None)


@pytest.mark.parametrize(
    ("phase", "climate", "low", "target"),
    [
        ("daytime", "temperate", 250, 250),  # nobody sleeps: 5 toilets x 50, 1 tap x 250
        ("overnight", "temperate", 200, 100),  # 700 / 3.5; 5 x 20
        ("overnight", "cold", 155, 100),  # 700 / 4.5 = 155.6; the target is limited by toilets, not 700 / 5.5
        ("longer", "temperate", 100, 100),  # 5 x 20 in both
    ],
)
def test_band_by_phase_and_climate(phase, climate, low, target):
    found = capacity(phase, climate=climate)
    assert (found.places_at_low, found.places_at_target) == (low, target)


def test_area_that_is_not_a_whole_number_of_places():
    """10.5 / 3.5 = 3 exactly; a little less holds 2."""
    assert capacity(area_m2=10.5).places_at_low == 3
    assert capacity(area_m2=10.49).places_at_low == 2


def test_a_sites_own_figure():
    """2.8 m2 a person instead of 3.5: 700 / 2.8 = 250; one toilet per 60: 5 x 60 = 300; the tap holds 250."""
    provenance = {"source": "x", "edition": "x", "locator": "x", "status": "V"}
    own = [
        SiteOverride(site="hall", key="covered_space", low=2.8, target=2.8, **provenance),
        SiteOverride(site="hall", key="toilets", low=60, target=60, **provenance),
    ]
    held = resolve_standards(STANDARDS, own, "hall")
    assert site_capacity(HALL, standards=held).places_at_target == 250
    assert site_capacity(HALL).places_at_target == 100


def test_unknown_phase_is_named():
    with pytest.raises(UnknownNameError, match="'overnight'"):
        capacity("over_night")


@given(SITES, st.sampled_from(PHASES))
def test_target_never_holds_more_than_low(site, phase):
    found = site_capacity(site, phase, standards=STANDARDS)
    assert (found.places_at_low is None) == (found.lines == ())
    if found.lines:
        assert 0 <= found.places_at_target <= found.places_at_low
        assert found.places_at_low == min(line.people_at_low for line in found.lines)


@given(SITES, st.sampled_from(sorted(RESOURCES)))
def test_not_knowing_never_lowers_the_number(site, resource):
    """Forgetting a figure can raise the number or make it unknown, and is always listed."""
    known = site_capacity(site, standards=STANDARDS)
    less = site_capacity(dataclasses.replace(site, **{resource: None}), standards=STANDARDS)
    assert resource in less.not_assessed
    assert less.assessed_share <= known.assessed_share
    if less.places_at_low is not None:
        assert less.places_at_low >= known.places_at_low


# --- several sites -----------------------------------------------------------------------------------------


def test_total_keeps_ready_promised_and_unknown_apart():
    """Ready 200 and 100; promised 2 x 50 = 100 and 2 x 20 = 40; one unknown; one square."""
    sites = [
        HALL,
        dataclasses.replace(HALL, id="dome", toilets=2, state="promised"),
        dataclasses.replace(HALL, id="school", area_m2=None, capacity=None, toilets=None, taps=None),
        dataclasses.replace(HALL, id="plaza", type="square", covered=False, area_m2=5000),
        dataclasses.replace(HALL, id="chapel", area_m2=35, toilets=None, capacity=None),
    ]
    total = total_capacity(site_capacity(site, standards=STANDARDS) for site in sites)
    assert (total.ready_at_low, total.ready_at_target) == (210, 110)
    assert (total.promised_at_low, total.promised_at_target) == (100, 40)
    assert (total.open_ground_m2, total.open_ground_sites) == (5000, ("plaza",))
    assert total.unknown_sites == ("school",)
    assert total.incompletely_assessed == (("chapel", ("toilets", "capacity")),)


def test_total_of_nothing_known_is_unknown():
    total = total_capacity([capacity(area_m2=None, capacity=None, toilets=None, taps=None)])
    assert (total.ready_at_low, total.promised_at_low, total.open_ground_m2) == (None, None, None)
    assert total_capacity([]).ready_at_low is None


def test_a_site_counts_once_over_towns():
    total = total_capacity([capacity(), capacity(place="birch")])
    assert (total.site_ids, total.ready_at_target) == (("hall",), 100)


def test_a_site_with_two_different_figures_is_refused():
    with pytest.raises(InvalidValueError, match="'hall'"):
        total_capacity([capacity(), capacity(toilets=4)])


def test_phases_are_not_added_up():
    with pytest.raises(InvalidValueError, match="longer, overnight"):
        total_capacity([capacity(), capacity("longer", id="dome")])


@given(st.lists(SITES, max_size=6), st.randoms(use_true_random=False))
def test_order_and_repetition_do_not_matter(sites, shuffler):
    named = [dataclasses.replace(site, id=f"site{number}") for number, site in enumerate(sites)]
    capacities = [site_capacity(site, standards=STANDARDS) for site in named]
    shuffled = capacities + capacities
    shuffler.shuffle(shuffled)
    once, twice = total_capacity(capacities), total_capacity(shuffled)
    assert sorted(once.site_ids) == sorted(twice.site_ids)
    assert (once.ready_at_low, once.ready_at_target) == (twice.ready_at_low, twice.ready_at_target)
