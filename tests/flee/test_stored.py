"""The stored figures of Flee: complete, and adding up, so that a comparison with them means something."""

from __future__ import annotations

import csv
import gzip
import json
import tomllib
from collections import defaultdict
from pathlib import Path

import pytest

FLEE = Path(__file__).parent
FIGURES = FLEE / "figures"
TABLES = sorted(FIGURES.glob("*.csv"))
CONFLICTS = sorted((FIGURES / "conflicts").glob("*.csv.gz"))


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_world_has_figures_or_a_stop():
    worlds = {path.parent.name for path in (FLEE / "worlds").glob("*/simsetting.yml")}
    stops = set(tomllib.loads((FIGURES / "crashes.toml").read_text(encoding="utf-8")))
    assert worlds == {path.stem for path in TABLES} ^ stops
    assert len(worlds) > 100


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.stem)
def test_everybody_is_somewhere(path):
    """Places and ways together hold all people, every day; six digits of each are kept."""
    total: dict[str, float] = defaultdict(float)
    people: dict[str, float] = {}
    for row in _rows(path):
        if row["location"] == "*people":
            people[row["day"]] = float(row["mean"])
        elif row["location"] != "*debt":
            total[row["day"]] += float(row["mean"])
    assert total == pytest.approx(people, rel=1e-5)


@pytest.mark.parametrize(
    "path", [path for path in TABLES if path.stem.startswith("exact-")], ids=lambda path: path.stem
)
def test_exact_worlds_leave_nothing_to_chance(path):
    assert {float(row["sd"]) for row in _rows(path)} == {0.0}


@pytest.mark.parametrize("path", CONFLICTS, ids=lambda path: path.name)
def test_conflicts_have_every_seed_and_day(path):
    """In each run people only become more, and no camp holds more than there are."""
    about = json.loads(path.with_name(path.name.replace(".csv.gz", ".json")).read_text(encoding="utf-8"))
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    expected = [(str(seed), str(day)) for seed in about["seeds"] for day in range(about["days"])]
    assert [(row["seed"], row["day"]) for row in rows] == expected
    for row in rows:
        counts = [int(count) for name, count in row.items() if name[0] != "*" and name not in {"seed", "day"}]
        assert sum(counts) + int(row.get("*under_way", 0)) <= int(row["*people"])
