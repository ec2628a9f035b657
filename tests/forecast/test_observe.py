"""What reports say, against chances worked out by hand."""

import datetime as dt

import numpy as np
import pytest
from scipy.stats import norm

from posada.forecast import observe
from posada.model.statements import Report

DAY = dt.date(2030, 3, 4)


def _report(kind="headcount", unit="people", role="reporter", *, on_record=True, **other):
    fields = {"place": None, "group": "main"} | other
    return Report("a", DAY, DAY, kind, unit, role, on_record, ("press",), **fields)


@pytest.mark.parametrize(
    ("figures", "low", "high"),
    [
        ({"value": 1500.0}, 1450, 1550),
        ({"value": 1350.0}, 1345, 1355),
        ({"value": 1000.0}, 875, 1125),
        ({"value": 7.0}, 6.5, 7.5),
        ({"value_low": 1000.0}, 1000, 1250),
        ({"value_low": 1000.0, "value": 1000.0}, 1000, 1250),
        ({"value_high": 300.0}, 240, 300),
        ({"value_low": 200.0, "value": 220.0, "value_high": 299.0}, 200, 299),
    ],
)
def test_a_figure_is_read_as_an_interval(figures, low, high):
    figure = observe.read_interval(_report(**figures))
    assert (np.exp(figure.low), np.exp(figure.high)) == pytest.approx((low, high))


def test_a_report_without_a_figure_has_no_interval():
    assert observe.read_interval(_report()) is None
    with pytest.raises(ValueError, match="has no figure"):
        observe.weigh_count(_report(), np.ones(1), np.ones(1))


def test_a_count_is_log_normal_about_what_the_speaker_makes_of_it():
    people, ratio = np.array([700.0, 1500.0, 90_000.0]), np.array([1.7, 1.0, 1.0])
    said = _report(value=1500.0, role="organiser")
    middle = np.log(people * ratio)
    right, wrong = (
        norm.cdf(np.log(1550), middle, sd) - norm.cdf(np.log(1450), middle, sd)
        for sd in (observe.SPREAD["organiser"], 1.5)
    )
    found = observe.weigh_count(said, people, ratio)
    np.testing.assert_allclose(np.exp(found.log), 0.95 * right + 0.05 * wrong, rtol=1e-9)
    np.testing.assert_allclose(found.believed, 0.95 * right / (0.95 * right + 0.05 * wrong), rtol=1e-6, atol=1e-12)
    assert found.believed[2] < 1e-6


def test_whoever_is_off_the_record_is_heard_as_unnamed():
    assert observe.speaker_class(_report(role="un")) == "authority"
    assert observe.speaker_class(_report(role="un", on_record=False)) == "unnamed"
    assert {*observe.CLASS_OF_ROLE.values()} == {*observe.SPREAD}


def test_one_wrong_report_takes_nothing_over():
    """A count ten times too high, beside three right ones: the belief stays within a tenth of theirs."""
    people = np.linspace(200, 20_000, 5000)
    log = sum(
        observe.weigh_count(_report(value=value), people, np.ones(people.size)).log
        for value in (1200.0, 1100.0, 1300.0, 12_000.0)
    )
    weights = np.exp(log - log.max())
    assert weights @ people / weights.sum() == pytest.approx(1200, rel=0.1)


def test_people_who_ended_unseen_are_summed_out_and_drawn():
    """The model has 0 or 400 returned, 400 are reported: the second needs nobody unseen, the first about 400."""
    said = _report("repatriated", "people_cumulative", role="federal_government", value=400.0)
    people, u = np.repeat([0.0, 400.0], 4000), np.tile((np.arange(4000) + 0.5) / 4000, 2)
    found, unseen = observe.weigh_with_more(said, people, np.ones(8000), observe.unseen_finals(8000), u)
    assert np.median(unseen[:4000]) == pytest.approx(400, rel=0.1)
    assert np.mean(unseen[4000:] == 0) > 0.5
    assert found.log[4000] > found.log[0] + 1
    by_hand = [observe.weigh_count(said, np.array([float(n)]), np.ones(1)).log[0] for n in (0, *observe.UNSEEN)]
    share = [0.5, *[0.5 / observe.UNSEEN.size] * observe.UNSEEN.size]
    assert np.exp(found.log[0]) == pytest.approx(np.exp(by_hand) @ share)


def test_a_count_far_above_the_group_makes_it_grow_and_one_that_agrees_does_not():
    """1,500 are counted where the model has 1,000: by a speaker whose spread is 12 %, most say that people joined."""
    said = _report(role="federal_government", value=1500.0)
    people, u = np.repeat([1000.0, 1500.0, 0.0], 1000), np.tile((np.arange(1000) + 0.5) / 1000, 3)
    _, joined = observe.weigh_with_more(said, people, np.ones(3000), observe.unseen_joiners(people), u)
    assert np.median(joined[:1000]) == pytest.approx(450, abs=120)
    assert np.mean(joined[1000:2000] == 0) > 0.8
    assert (joined[2000:] == 0).all()
