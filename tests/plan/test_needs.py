"""Needs by standard: the worked table for 1,200 people, cases at the edges of a unit, and properties."""

from __future__ import annotations

import dataclasses
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

import posada
from posada.model.errors import InvalidValueError, UnknownNameError
from posada.model.need import CLIMATES, PHASES, PROJECT_ASSUMPTION, Demand
from posada.plan.needs import (
    calculate_need_ranges,
    calculate_needs,
    calculated_indicators,
    choose_phase,
    conditions,
    phase_for_nights,
    weakest_status,
)
from posada.plan.standards import read_standards

STANDARDS = read_standards()

PEOPLE = st.integers(0, 2_000_000)
PHASE = st.sampled_from(PHASES)
CLIMATE = st.sampled_from(CLIMATES)


def quantities(people, phase="overnight", **options):
    """Return key -> (low, target)."""
    lines = calculate_needs(people, phase, standards=STANDARDS, **options)
    return {line.key: (line.quantity_low, line.quantity_target) for line in lines}


# --- the worked table of the standards, for 1,200 people: first night (low) and more than a day (target) ---

WORKED_TABLE = {
    "water_drinking": (3_600, None),  # 1,200 x 3 L; drinking only, so there is nothing to aim at
    "water": (9_000, 18_000),  # x 7.5 L; x 15 L
    "water_with_losses": (19_800, 24_300),  # 18,000 x 1.10; x 1.35
    "taps": (5, 5),  # 1,200 / 250 = 4.8
    "toilets": (24, 60),  # / 50; / 20
    "toilets_female": (18, 45),  # three quarters
    "toilets_male": (6, 15),  # one quarter
    "bathing": (24, 24),  # / 50
    "laundry": (None, 12),  # / 100; none for one night
    "covered_space": (4_200, 4_200),  # x 3.5 m2
    "ration": (2_520_000, 2_520_000),  # x 2,100 kcal
    "food_dry": (650, 650),  # x 0.54 kg = 648, in steps of 10
    "soap_bathing": (10, 10),  # x 0.250 kg / 30 days
    "soap_laundry": (None, 8),  # x 0.200 kg / 30 days; none for one night
    "blankets": (1_200, 1_200),
    "mats": (1_200, 1_200),
    "consultations": (67, 67),  # x 0.056 = 67.2, an expectation
    "clinicians": (2, 2),  # 67 / 50 = 1.34
    "buses": (27, 27),  # / 45 = 26.7
    "buses_40": (30, 30),  # / 40
    "buses_50": (24, 24),  # / 50
    "convoys": (3, 3),  # 27 / 10 = 2.7
}


@pytest.mark.parametrize("key", WORKED_TABLE)
def test_worked_table_for_1200_people(key):
    assert quantities(1200)[key] == WORKED_TABLE[key]


def test_worked_table_is_complete():
    """Every line that stands on the one-page brief for one night is a line of the worked table."""
    essential = quantities(1200, essential_only=True)
    assert set(essential) <= set(WORKED_TABLE)
    assert set(WORKED_TABLE) - set(essential) == {"buses_40", "buses_50"}


def test_worked_table_in_the_cold_or_in_town():
    """1,200 x 4.5 = 5,400 m2; x 5.5 = 6,600 m2; nothing else changes."""
    everywhere = quantities(1200)
    for options in ({"climate": "cold"}, {"urban_services": True}):
        there = quantities(1200, **options)
        assert there["covered_space"] == (5_400, 6_600)
        assert {key: there[key] for key in there if key != "covered_space"} == {
            key: everywhere[key] for key in everywhere if key != "covered_space"
        }


def test_worked_table_for_more_than_a_day():
    """The target of the first night is what a stay of several nights begins with."""
    stay = quantities(1200, "days_2_5")
    for key in ("water", "laundry", "soap_laundry"):
        assert stay[key] == (WORKED_TABLE[key][1], WORKED_TABLE[key][1])
    assert stay["water_with_losses"] == WORKED_TABLE["water_with_losses"]
    assert stay["toilets"] == (24, 60)
    assert quantities(1200, "longer")["toilets"] == (60, 60)


def test_people_who_pass_by_day_drink_and_do_not_sleep():
    """3 L, one toilet per 50 people, no covered space."""
    day = quantities(1200, "daytime")
    assert day["water_drinking"] == (3_600, 3_600)
    assert day["toilets"] == (24, 24)
    assert {"water", "covered_space", "blankets", "mats", "bathing"} & set(day) == set()


def test_supply_of_a_november_2018_site_in_ratios():
    """Baja California, 5,605 people: 2,875 blankets, 13,000 mats, 6,600 hygiene kits, 2,655 food packs.

    2,875 / 5,605 = 0.513; 13,000 / 5,605 = 2.319; 6,600 / 5,605 = 1.178: about half of the blankets that the
    standard asks for, and more than twice the mats.
    """
    needed = quantities(5605)
    assert round(2875 / needed["blankets"][0], 2) == 0.51
    assert round(13_000 / needed["mats"][0], 1) == 2.3
    assert round(6600 / needed["mats"][0], 1) == 1.2
    assert 2655 / needed["blankets"][0] < 1 < 6600 / needed["mats"][0]


# --- edges -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("people", "key", "expected"),
    [
        (50, "toilets", (1, 3)),  # 50/50 = 1; 50/20 = 2.5
        (51, "toilets", (2, 3)),
        (60, "toilets", (2, 3)),
        (61, "toilets", (2, 4)),
        (250, "taps", (1, 1)),
        (251, "taps", (2, 2)),
        (45, "buses", (1, 1)),
        (46, "buses", (2, 2)),
        (450, "convoys", (1, 1)),
        (451, "convoys", (2, 2)),
        (1, "water", (10, 20)),  # 7.5 and 15 L in steps of 10
        (4, "water", (30, 60)),  # exactly
        (1, "water_with_losses", (30, 30)),  # 20 x 1.1 = 22; 20 x 1.35 = 27
        (100, "water_with_losses", (1650, 2030)),  # 1,500 x 1.1 = 1,650, no step more; x 1.35 = 2,025
        (2, "covered_space", (7, 7)),
        (3, "covered_space", (11, 11)),  # 10.5
        (8, "consultations", (0, 0)),  # 0.448, to the nearest
        (9, "consultations", (1, 1)),  # 0.504
        (900, "clinicians", (1, 1)),  # 50.4, expected 50
        (920, "clinicians", (2, 2)),  # 51.5, expected 52
    ],
)
def test_edges(people, key, expected):
    assert quantities(people)[key] == expected


@pytest.mark.parametrize(
    ("total", "female", "male"), [(1, 1, 0), (2, 1, 1), (3, 2, 1), (4, 3, 1), (5, 4, 1), (6, 4, 2), (7, 5, 2)]
)
def test_split_of_few_toilets(total, female, male):
    """Three to one, to the nearest: 2 x 0.75 = 1.5 goes down and 2 x 0.25 = 0.5 up, so each has one."""
    needed = quantities(total * 20, "longer")
    assert (needed["toilets"][1], needed["toilets_female"][1], needed["toilets_male"][1]) == (
        total,
        female,
        male,
    )


def test_split_of_toilets_by_the_share_of_women():
    """A quarter are women: 3 x 0.25 to 1 x 0.75 is 1 to 1. Whose factor that is, is said."""
    lines = {line.key: line for line in calculate_needs(1200, "longer", female_share=0.25)}
    assert lines["toilets_female"].quantity_target == lines["toilets_male"].quantity_target == 30
    assert PROJECT_ASSUMPTION in lines["toilets_female"].source
    assert not lines["toilets_female"].verified
    assert lines["toilets"].verified


def test_split_for_as_many_women_as_men_is_the_standards_own():
    assert quantities(1234, female_share=0.5) == quantities(1234)


def test_staff_and_kits_of_a_long_stay():
    """1,200 x 23 / 10,000 = 2.76; 1.2 and 2.4; 1,200 x 18 / 10,000 = 2.16; one kit for 10,000 people."""
    stay = quantities(1200, "longer")
    assert stay["birth_attendants"] == (3, 3)
    assert stay["community_health_workers"] == (2, 3)
    assert stay["inpatient_beds"] == (3, 3)
    assert stay["health_kits"] == (1, 1)


def test_what_is_given_per_household():
    """1,200 / 5 = 240 households, 480 water containers; 240 / 40 = 6 refuse containers."""
    lines = {line.key: line for line in calculate_needs(1200, "days_2_5")}
    assert [lines[key].quantity_low for key in ("households", "water_containers", "refuse_containers")] == [
        240,
        480,
        6,
    ]
    assert all(PROJECT_ASSUMPTION in lines[key].source for key in ("households", "water_containers"))


@pytest.mark.parametrize(
    ("nights", "phase"),
    [
        (0, "daytime"),
        (0.2, "overnight"),
        (1, "overnight"),
        (1.01, "days_2_5"),
        (2, "days_2_5"),
        (5, "days_2_5"),
        (5.5, "longer"),
        (6, "longer"),
        (math.inf, "longer"),
    ],
)
def test_phase_by_length_of_stay(nights, phase):
    assert phase_for_nights(nights) == phase
    assert calculate_needs(10, nights=nights)[0].phase == phase


def test_the_users_phase_goes_before_the_length_of_stay():
    assert choose_phase("longer", 1) == "longer"
    assert choose_phase(None, None) == "overnight"


def test_conditions_are_not_multiplied_and_not_among_the_lines():
    kept = {row.key: row for row in conditions(STANDARDS, "overnight", climate="hot")}
    assert kept["distance_to_toilet"].low == 50
    assert kept["ceiling_height"].low == 2.6
    assert "indoor_temperature" not in kept
    assert set(kept) & set(quantities(10)) == set()


def test_public_name():
    assert posada.calculate_needs(people=1200, phase="overnight") == calculate_needs(1200)


# --- refusals ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "error", "named"),
    [
        ({"phase": "overnite"}, UnknownNameError, "'overnight'"),
        ({"climate": "clod"}, UnknownNameError, "'cold'"),
        ({"people": -1}, InvalidValueError, "-1"),
        ({"people": math.nan}, InvalidValueError, "nan"),
        ({"people": math.inf}, InvalidValueError, "inf"),
        ({"nights": -1}, InvalidValueError, "-1"),
        ({"nights": math.nan}, InvalidValueError, "nan"),
        ({"female_share": 1.01}, InvalidValueError, "1.01"),
    ],
)
def test_bad_input_is_named(options, error, named):
    """The nearest acceptable: people 0, nights 0, a share of 1."""
    with pytest.raises(error, match=named):
        calculate_needs(**({"people": 10} | options))


def test_bounds_are_acceptable():
    assert calculate_needs(0, nights=0, female_share=1.0) != ()
    assert calculate_needs(10, female_share=0.0) != ()


# --- trust -------------------------------------------------------------------------------------------------


@given(PHASE, CLIMATE, st.booleans(), st.one_of(st.none(), st.floats(0, 1)))
def test_nothing_unverified_is_shown_as_verified(phase, climate, urban, female_share):
    """A line is verified when its figure and all below it were opened at the source, and only then."""
    rows = {row.key: row for row in calculated_indicators(STANDARDS, phase, climate=climate, urban_services=urban)}
    lines = calculate_needs(
        1200, phase, climate=climate, urban_services=urban, female_share=female_share, standards=STANDARDS
    )
    assert [line.key for line in lines] == list(rows)
    for line in lines:
        chain = [rows[line.key]]
        while chain[-1].of:
            chain.append(rows[chain[-1].of.removesuffix(".target")])
        opened = all(row.status == "V" and row.source != PROJECT_ASSUMPTION for row in chain)
        weighed = female_share is not None and line.key.startswith("toilets_")
        assert line.verified == (opened and not weighed)
        assert (PROJECT_ASSUMPTION in line.source) == (weighed or PROJECT_ASSUMPTION in {row.source for row in chain})


def test_a_verified_factor_on_a_quoted_figure_is_not_verified():
    """The share of losses was opened at its source; the litres it multiplies were not."""
    lines = {line.key: line for line in calculate_needs(1200)}
    row = next(row for row in STANDARDS if row.key == "water_with_losses")
    assert row.verified
    assert not lines["water_with_losses"].verified
    assert lines["toilets_male"].verified


def test_weakest_status_names_the_assumption():
    rows = calculated_indicators(STANDARDS, "overnight")
    assert weakest_status("convoys", rows) == PROJECT_ASSUMPTION
    assert weakest_status("clinicians", rows) == "M"
    assert weakest_status("water_with_losses", rows) == "S"
    assert weakest_status("toilets", rows) == "V"
    with pytest.raises(UnknownNameError, match="'toilets'"):
        weakest_status("toilet", rows)


# --- properties --------------------------------------------------------------------------------------------


@given(PEOPLE, PEOPLE, PHASE, CLIMATE)
def test_more_people_never_need_less(one, other, phase, climate):
    fewer, more = sorted((one, other))
    less, much = (quantities(people, phase, climate=climate) for people in (fewer, more))
    for key in less:
        for small, large in zip(less[key], much[key], strict=True):
            assert (small is None) == (large is None)
            assert small is None or small <= large


@given(PHASE, CLIMATE, st.booleans())
def test_nobody_needs_nothing(phase, climate, urban):
    needed = quantities(0, phase, climate=climate, urban_services=urban)
    assert {value for pair in needed.values() for value in pair} <= {0, None}


@given(PEOPLE, PHASE, CLIMATE, st.booleans())
def test_low_never_exceeds_target(people, phase, climate, urban):
    for low, target in quantities(people, phase, climate=climate, urban_services=urban).values():
        assert low is not None or target is not None
        assert low is None or target is None or 0 <= low <= target


@given(PEOPLE, PHASE)
def test_quantities_are_enough_and_not_a_step_too_much(people, phase):
    """Rounded up: at least the exact need and less than a step above; to the nearest: within half one."""
    for row in calculated_indicators(STANDARDS, phase):
        if row.of is not None or row.low is None:
            continue
        low = quantities(people, phase)[row.key][0]
        per_unit = row.low / row.per
        exact = people / per_unit if row.kind == "people_per_unit" else people * per_unit
        slack = 1e-9 * max(exact, 1)
        assert low % row.step == 0
        if row.rounding == "up":
            assert exact - slack <= low < exact + row.step + slack
        else:
            assert abs(low - exact) <= row.step / 2 + slack


@given(st.integers(0, 5000), PHASE, st.one_of(st.none(), st.floats(0, 1)))
def test_toilets_for_women_and_men_add_up(people, phase, female_share):
    needed = quantities(people, phase, female_share=female_share)
    for band in (0, 1):
        assert needed["toilets_female"][band] + needed["toilets_male"][band] == needed["toilets"][band]


@given(st.floats(0, 1e6), PHASE)
def test_a_part_of_a_person_is_a_person(people, phase):
    assert quantities(people, phase) == quantities(math.ceil(people), phase)


# --- a demand that is not known exactly --------------------------------------------------------------------


def test_need_ranges_are_the_needs_of_each_number():
    ranges = calculate_need_ranges(Demand(900, 1100, 1300), "overnight", essential_only=True)
    assert tuple(each.low for each in ranges) == calculate_needs(900, essential_only=True)
    assert tuple(each.likely for each in ranges) == calculate_needs(1100, essential_only=True)
    assert tuple(each.high for each in ranges) == calculate_needs(1300, essential_only=True)
    assert [each.key for each in ranges] == [line.key for line in calculate_needs(1, essential_only=True)]


@pytest.mark.parametrize("numbers", [(2, 1, 3), (1, 3, 2), (-1, 0, 1), (math.nan, 1, 2)])
def test_demand_is_in_order(numbers):
    assert dataclasses.astuple(Demand(0, 0, 0)) == (0, 0, 0)
    with pytest.raises(InvalidValueError, match="in order"):
        Demand(*numbers)
