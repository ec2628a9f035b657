"""The page about forecasts of conflicts shows the stored scores and what comes with Posada."""

from __future__ import annotations

import json

import pytest

from posada.io.bundled import bundled_flee
from scripts.learn_conflicts import FROM_DAYS, PAGE, PICTURE, STORED, page, picture


def test_page_and_picture_are_made_of_the_stored_files():
    """Run ``python -m scripts.learn_conflicts --page`` when this fails."""
    text = PAGE.read_text(encoding="utf-8")
    assert page(text) == text
    assert page(text.replace("0.", "9.")) != text.replace("0.", "9.")
    assert picture() == PICTURE.read_text(encoding="utf-8")


@pytest.mark.parametrize("day", FROM_DAYS)
def test_no_stored_forecast_used_its_own_conflict(day):
    stored = json.loads((STORED / f"from_day_{day}.json").read_text(encoding="utf-8"))
    known = [row for row in stored["scores"] if row["totals_known"]]
    assert {row["scenario"] for row in known} == set(bundled_flee())
    for row in stored["scores"]:
        assert set(row["learned_from"]) == set(bundled_flee()) - {row["scenario"]}
