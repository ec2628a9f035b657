"""The page of the validation shows the stored scores, and those are compared with Flee's own."""

from __future__ import annotations

import json

import pytest

from scripts.validation_page import DATA, PAGE, SETTINGS, page, take_over


def test_the_page_is_made_of_the_stored_scores():
    """Run ``python -m scripts.validation_page`` when this fails."""
    text = PAGE.read_text(encoding="utf-8")
    assert page(text) == text
    assert page(text.replace("0.", "9.")) != text.replace("0.", "9.")


@pytest.mark.parametrize("settings", SETTINGS)
def test_the_page_is_about_six_conflicts(settings):
    stored = json.loads((DATA / f"{settings}.json").read_text(encoding="utf-8"))["validations"]
    assert len({found["scenario"] for found in stored}) == 6
    assert {found["settings"] for found in stored} == {settings}


def test_other_settings_are_not_taken_over(tmp_path):
    (tmp_path / "validation.json").write_text('{"validations": [{"settings": "plain"}]}', encoding="utf-8")
    with pytest.raises(ValueError, match="plain"):
        take_over(tmp_path)
