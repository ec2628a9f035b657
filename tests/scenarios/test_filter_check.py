"""Ranks of truths that the model made among the members of the filter: even, and uneven when speakers err otherwise."""

import dataclasses

import numpy as np
import pytest

from scripts import filter_check, filter_page


def ranks(truths):
    """With the reports of two days, which few members can answer to."""
    return filter_check.ranks_of_truth(truths, 300, 5, last_day=1, workers=1)


def test_ranks_of_the_truth_are_even():
    """Of a right filter this fails one time in a hundred; the seed is fixed."""
    assert filter_check.uneven(ranks(40)) == []


def test_they_are_uneven_when_speakers_count_more_than_the_filter_knows(monkeypatch):
    """All figures are twice what the model of reports makes of them: members have too many people."""
    made = filter_check.journeys_with_reports

    def doubled(*given):
        journeys = made(*given)
        told = [tuple(map(_double, reports)) for reports in journeys.reports]
        return dataclasses.replace(journeys, reports=tuple(told))

    monkeypatch.setattr(filter_check, "journeys_with_reports", doubled)
    found = ranks(20)
    assert "people in groups, last night" in filter_check.uneven(found)
    assert filter_check.uniformity(found["people in groups, last night"]).mean < 0.3


def _double(report):
    return dataclasses.replace(report, value_low=2 * report.value_low, value_high=2 * report.value_high)


@pytest.mark.parametrize(
    ("ranks", "spread", "is_even"),
    [
        (np.arange(100), 1.0, True),
        (np.repeat([0, 99], 50), 1.71, False),
        (np.repeat(np.arange(45, 55), 10), 0.1, False),
    ],
)
def test_evenness_by_hand(ranks, spread, is_even):
    """Each rank once; half at either end, 0.495 * sqrt(12) from the middle; all in the middle."""
    assert filter_check.uniformity(ranks).spread == pytest.approx(spread, abs=0.01)
    assert (filter_check.uneven({"x": ranks}) == []) == is_even


def test_the_page_is_what_is_stored():
    assert filter_page.main(["--check"]) == 0
