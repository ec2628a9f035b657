"""``posada plan`` at the command line: what it prints and writes, and its faults."""

from __future__ import annotations

import json

import pytest

from posada.cli.main import main


def run(capsys, *arguments):
    with pytest.raises(SystemExit) as ended:
        main(["plan", *arguments])
    return ended.value.code, capsys.readouterr()


def test_it_says_what_to_open_what_is_missing_and_what_is_not_used(capsys, tmp_path):
    code, said = run(
        capsys, "valley", "--members", "40", "--scenarios", "3", "--days", "6", "--out", str(tmp_path / "p")
    )
    assert code == 0
    for part in (
        "Open now",
        "What is missing",
        "would do.",
        "Offers that are not used",
        "birch_buses",
        "best possible",
    ):
        assert part in said.out
    assert "House of the sisters" not in said.out  # it is sensitive
    record = json.loads((tmp_path / "p" / "plan.json").read_text(encoding="utf-8"))
    assert record["plan"]["stamp"]["seed"] == 1


def test_faults_are_said_in_a_sentence(capsys):
    code, said = run(capsys, "valley", "--change", "x.csv")
    assert code == 2
    assert "belong together" in said.err
