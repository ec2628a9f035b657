"""The page of scores shows what is stored of all journeys."""

from __future__ import annotations

import json

from scripts import scores_page
from scripts.make_journeys import journey_ids


def test_the_page_is_made_of_the_stored_scores(monkeypatch, tmp_path, capsys):
    """Run ``python -m scripts.scores_page`` when this fails."""
    assert scores_page.main(["--check"]) == 0, capsys.readouterr().err
    text = scores_page.PAGE.read_text(encoding="utf-8")
    stale = tmp_path / "scores.md"
    stale.write_text(text.replace("| `autumn2018` | people", "| `autumn2019` | people", 1), encoding="utf-8")
    monkeypatch.setattr(scores_page, "PAGE", stale)
    assert scores_page.main(["--check"]) == 1
    assert "stale" in capsys.readouterr().err
    assert scores_page.main([]) == 0
    assert stale.read_text(encoding="utf-8") == text


def test_every_journey_is_scored():
    stored = json.loads(scores_page.STORED.read_text(encoding="utf-8"))
    assert list(stored["journeys"]) == list(journey_ids())
    for targets in stored["horizons"].values():
        assert {row["target"] for row in targets} >= {"people_tonight", "arrived_by", "all of people"}
