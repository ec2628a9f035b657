"""What is learned from other journeys: fresh, computed as the page says, and never from what is kept apart."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posada.forecast.journey_priors import (
    UNTOLD,
    default_moments,
    from_counts,
    from_values,
    learn,
    range_of,
    shrunken,
    weight_of_journeys,
)
from posada.forecast.journey_tables import destination_shares, readings_of
from posada.io.folder import read_scenario
from posada.io.past_journeys import read_past_journeys
from posada.model.check_values import distribution_fault
from posada.model.past_journeys import HELD_BACK, PASSED, RAIDED, Reading
from posada.model.rates import RATES
from scripts import learn_priors
from scripts.learn_priors import DATA


@pytest.fixture(scope="module")
def past():
    return read_past_journeys([DATA])


@pytest.fixture(scope="module")
def readings(past):
    return past.readings_for()


def test_committed_files_are_fresh(capsys):
    """Run ``python -m scripts.learn_priors`` when this fails."""
    assert learn_priors.main(["--check"]) == 0, capsys.readouterr().out


def test_check_fails_and_names_a_stale_file(monkeypatch, capsys):
    stale = {learn_priors.PAGE: "other"}
    monkeypatch.setattr(learn_priors, "made_files", lambda: stale)
    assert learn_priors.main(["--check"]) == 1
    assert "docs/explanation/parameters.md" in capsys.readouterr().out


def test_unknown_argument_is_refused():
    assert learn_priors.main(["--chek"]) == 2


def test_daily_chance_at_the_first_border_town_by_hand(readings):
    """1,699 asylum requests and 495 returns of 7,200 in four days.

    (1699 + 495) / 7200 = 0.30472; 1 - 0.30472 = 0.69528; its fourth root is 0.91314; 1 - 0.91314 = 0.0869.
    """
    formula = "per_day((aut18_055 + aut18_054) / aut18_046, 4)"
    found = next(row for row in readings if row.formula == formula)
    assert found.value == pytest.approx(0.0869, abs=5e-5)
    assert found.report_ids == ("aut18-055", "aut18-054", "aut18-046")


def test_reach_of_slower_people_by_hand(readings):
    """One value of weight 0.1: 26 km against 42 km is 0.6190.

    Default triangular 0.7, 0.85, 1: mean 0.85, variance (0.49 + 0.7225 + 1 - 0.595 - 0.7 - 0.85) / 18 = 0.00375.
    W = 2.1; mean (2 * 0.85 + 0.1 * 0.6190) / 2.1 = 0.8390.
    Variance (2 * (0.00375 + 0.011**2) + 0.1 * 0.22**2) / 2.1 * (1 + 1 / 2.1) = 0.00884; sd 0.0940.
    Half width sqrt(6) * 0.0940 = 0.2303: from 0.609 to 1.069, cut at 1.
    """
    assert learn(RATES["walk_factor_slower"], readings).values == pytest.approx((0.609, 0.839, 1.0), abs=5e-4)


def test_long_halts_in_cities_by_hand(readings):
    """Counts 1 of 1, 2 of 2, 1 of 2, 1 of 1, 1 of 2, all of weight 1.

    Pooled share 0.75. S = 8 * 0.25**2 = 0.5; within = 0.875 + 0.75 + 0.75 + 0.875 + 0.75 = 4; the estimate
    (0.5 / 0.1875 - 4) / (6.25 - 4) is negative, so the correlation is at its bound, 0.05.
    Effective trials 1 + 1 + 3 * 2/1.05 = 7.714; W = 9.714.
    Mean (2 * 5/7 + 1 + 1.905 + 0.952 + 1 + 0.952) / 9.714 = 0.7451.
    alpha + beta = 1 / (0.05 + 1 / 10.714) - 1 = 5.977; alpha 4.453, beta 1.523.
    """
    assert learn(RATES["city_halt_probability"], readings).values == pytest.approx((4.45, 1.52), abs=5e-3)


def test_coming_forward_at_the_port_by_hand(readings):
    """2,560 of 6,200 in eight days: 1 - (1 - 0.4129)**(1/8) = 0.0644; half in 24 days: 1 - 0.5**(1/24) = 0.0285.

    Two readings, so the ends are moved by 1 + 1/2: 0.0285 / 1.5 = 0.0190 and 0.0644 * 1.5 = 0.0966; middle 0.0464.
    """
    used = [row.value for row in readings_of(readings, "present_with_permit")]
    assert range_of(used, 1.0, (0.0, 0.0, 0.0)) == pytest.approx((0.0190, 0.0464, 0.0966), abs=1e-4)


def test_a_transition_told_of_one_journey_that_was_held_back_by_hand(readings):
    """0.181 a day, from January 2020, which counts a tenth: between 0.0904 and 0.362; nine tenths of 0.02, 0.1, 0.3.

    0.1 * 0.0904 + 0.9 * 0.02 = 0.0270; 0.1 * 0.1808 + 0.9 * 0.1 = 0.1081; 0.1 * 0.3616 + 0.9 * 0.3 = 0.3062.
    """
    used = readings_of(readings, "returned_from_held")
    assert weight_of_journeys(used) == 0.1
    learned = range_of([row.value for row in used], 0.1, UNTOLD["held"])
    assert learned == pytest.approx((0.0270, 0.1081, 0.3062), abs=1e-4)


def test_a_journey_counts_as_it_was_handled(past):
    """Raids count half for both others, force and escorts a tenth for those let pass, the border fully for all."""
    counts = [{row.journey: row.weight for row in past.readings_for(way)} for way in (PASSED, RAIDED, HELD_BACK)]
    of = [[weights[name] for name in ("aut18a", "apr19", "mar24", "border")] for weights in counts]
    assert of == [[1, 0.5, 0.1, 1], [0.5, 1, 0.5, 1], [0.1, 0.5, 1, 1]]


def test_readings_that_weigh_half_a_journey_make_half_of_a_range():
    """Of 0.2 and 0.4 the ends are 0.1333 and 0.6, the middle 0.3; half of each and half of 0.02, 0.1 and 0.3."""
    found = range_of([0.2, 0.4], 0.5, (0.02, 0.1, 0.3))
    assert found == pytest.approx((0.0767, 0.2, 0.45), abs=1e-4)


def test_where_journeys_end_by_hand(readings):
    """Five journeys count once each: autumn 2018 with 6,200 of 7,400 people in Tijuana and 1,200 in Mexicali.

    That of 2017 ended in Tijuana, of March 2019 in Mexicali, of February 2019 in Piedras Negras, of 2014 in Reynosa. Of
    6,398,879 residents of the eight cities 1,922,523 live in Tijuana, 1,032,686 in Mexicali and 510,739 in Matamoros,
    which was never seen: (0.83784 + 1 + 2 * 0.30045) / 7, (0.16216 + 1 + 2 * 0.16139) / 7 and 2 * 0.07982 / 7.
    """
    shares = destination_shares(readings, read_scenario("caravan-2018"))
    assert shares["tijuana"] == pytest.approx(0.34839, abs=1e-5)
    assert shares["mexicali"] == pytest.approx(0.21213, abs=1e-5)
    assert shares["matamoros"] == pytest.approx(0.02280, abs=1e-5)
    assert sum(shares.values()) == pytest.approx(1)


def test_spread_of_stages_by_hand(readings):
    """mar24 walked 17, 20 and 27 km: logs 2.8332, 2.9957, 3.2958, mean 3.0416, sd 0.2347; it is one of the points."""
    stages = [row for row in readings if row.rate == "walk_km_per_day" and row.journey == "mar24"]
    logs = [math.log(row.value) for row in stages]
    mean = sum(logs) / 3
    assert math.sqrt(sum((x - mean) ** 2 for x in logs) / 2) == pytest.approx(0.2347, abs=5e-4)
    learned = learn(RATES["walk_km_day_sigma"], readings)
    assert learned.readings == tuple(row for row in readings if row.rate == "walk_km_per_day")


def test_places_of_towns_without_a_report_by_hand(readings):
    """Thirteen towns of weight 1 and two of 0.1 (oct24), each one point; Mexico City is the mean of three figures.

    Logarithms 8.5370, 7.4378, 8.2940, 6.9078, 8.2940, 8.6097, 5.2983, 8.6606, 8.0064, 8.1892, 7.8240, 6.9078 and
    7.4955 add up to 100.462; 7.6009 and 7.2442 to 14.845. W = 2 + 13 + 0.2 = 15.2.
    Mean (2 * 7.9010 + 100.462 + 0.1 * 14.845) / 15.2 = 7.7466: median 2,314.
    Squares about it 10.634 and 0.1 * 0.274; variance (2 * (0.36 + 0.0238) + 10.661) / 15.2 * (1 + 1 / 15.2) = 0.8014.
    """
    learned = learn(RATES["unreported_places"], readings)
    assert learned.values == pytest.approx((2314, 0.8952), rel=2e-3)
    assert len({row.counted_as for row in learned.readings}) == 15


def test_the_most_that_a_town_opens_by_hand(readings):
    """One town opened 5,100 places for 14,606 residents: 0.34917.

    Default triangular 0.1, 0.2, 0.35: mean 0.21667, variance 0.0475 / 18 = 0.0026389. W = 3.
    Mean (0.43333 + 0.34917) / 3 = 0.26083. Variance (2 * (0.0026389 + 0.04417**2) + 0.08834**2) / 3 * 4 / 3 = 0.007548,
    sd 0.08688, half width sqrt(6) * 0.08688 = 0.2128: from 0.0480 to 0.4736.
    """
    learned = learn(RATES["unreported_places_per_resident"], readings)
    assert learned.values == pytest.approx((0.0480, 0.2608, 0.4736), abs=5e-4)


def test_a_rate_without_readings_keeps_its_default(readings):
    rate = RATES["progress_weight"]
    learned = learn(rate, readings)
    assert (learned.law, learned.values, learned.readings) == (rate.distribution, rate.values, ())


def test_every_learned_distribution_can_be_drawn(readings):
    for rate in RATES.values():
        learned = learn(rate, readings)
        assert distribution_fault(rate, learned.law, learned.values) == "", rate.name


def test_no_report_of_what_is_kept_apart_may_be_read(past):
    """The reports of spring 2018 lie in the same folder, for the scenario; nothing can be learned from them."""
    assert (DATA / "reports_spring2018_to_3apr.csv").is_file()
    assert not [id_ for id_ in past.source_of if id_.startswith("spr18")]
    assert "other_spring2018_to_3apr" not in {row.source for row in past.files}


def test_every_reading_is_of_a_journey_it_names(readings, past):
    """A reading cites at least one report, and each is of the files that may be read."""
    assert len(readings) > 200
    assert all(id_ in past.source_of for row in readings for id_ in row.report_ids)


points = st.lists(st.tuples(st.floats(0.05, 1), st.floats(0.01, 0.99)), min_size=1, max_size=8)


@given(points)
def test_learning_pulls_the_mean_between_default_and_data_and_never_narrows_to_nothing(given_points):
    """The mean lies between the default's and the farthest point; more of the same keeps a positive spread."""
    rate = RATES["site_uptake_share"]
    start, spread = default_moments(rate)
    mean, sd = shrunken(given_points, start, spread)
    ends = [start, *(value for _, value in given_points)]
    assert min(ends) - 1e-12 <= mean <= max(ends) + 1e-12
    assert sd > 0
    alpha, beta = from_values(rate, given_points)
    assert alpha / (alpha + beta) == pytest.approx(mean)
    assert alpha + beta >= 1 - 1e-9


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(1, 9)), min_size=1, max_size=6))
def test_shares_learned_from_counts_can_be_drawn(counts):
    readings = [
        Reading("rest_probability_per_day", "j", "j", float(min(k, n)), float(n), report_ids=("r",)) for k, n in counts
    ]
    rate = RATES["rest_probability_per_day"]
    values = from_counts(rate, readings)
    assert distribution_fault(rate, "beta", values) == ""
