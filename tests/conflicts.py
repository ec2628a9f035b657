"""Small conflicts made for tests: the made-up one of ``tests.displaced`` over more days, with counts that go on."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np

from posada.forecast.conflict_numbers import LEARNED_NUMBERS, prior_draws
from posada.forecast.conflict_totals import TOTAL_NUMBERS
from posada.model.conflict_evidence import ConflictEvidence, LearnedFromConflicts, PastConflict
from posada.model.scenario import Scenario
from tests.displaced import SETTINGS, read_displaced, write_displaced

START = dt.date(2030, 3, 1)
LAST = dt.date(2030, 5, 15)
CEDAR = {0: 100, 10: 150, 20: 260, 30: 330, 40: 420, 50: 430, 60: 500}
DOGWOOD = {0: 40, 15: 60, 35: 200, 55: 260}
HEADER = "id,published,event_date,kind,unit,speaker_role,on_record,source,place,value,series"


def conflict_files(
    name: str = "made-up", *, start: dt.date = START, cedar: dict[int, int] = CEDAR, dogwood: dict[int, int] = DOGWOOD
) -> dict[str, str | None]:
    """Return the files that make the small conflict one of 76 days, with counts by day."""
    rows = [HEADER]
    for place, counts in (("cedar", cedar), ("dogwood", dogwood)):
        for day, people in counts.items():
            date = start + dt.timedelta(days=day)
            rows.append(f"{place}{day},{date},{date},registered,people,un,yes,counts,{place},{people},")
    settings = SETTINGS.replace('"made-up"', f'"{name}"').replace("2030-03-01", start.isoformat())
    settings = settings.replace("2030-03-10", (LAST + (start - START)).isoformat())
    return {
        "scenario.toml": settings.replace("take_from_population = true\n", ""),
        "reports.csv": "\n".join(rows) + "\n",
        "corrections.csv": None,
        "closures.csv": None,
        "place_changes.csv": None,
        "known_routes.csv": None,
        "present.csv": None,
    }


def read_conflict(folder: Path, **changed: object) -> Scenario:
    """Return the small conflict."""
    return read_displaced(folder, conflict_files(**changed))  # type: ignore[arg-type]


def write_conflict(folder: Path, **changed: object) -> Path:
    """Write the small conflict into a new folder."""
    return write_displaced(folder, conflict_files(**changed))  # type: ignore[arg-type]


def made_evidence() -> LearnedFromConflicts:
    """Return evidence of two conflicts that were never run: a few draws with made-up errors."""
    conflicts = (PastConflict("elsewhere", dt.date(2001, 1, 1)), PastConflict("nowhere", dt.date(2002, 1, 1)))
    errors = np.column_stack([np.linspace(0.1, 0.9, 60), np.linspace(0.2, 0.8, 60)])
    movement, totals = (
        ConflictEvidence(conflicts, tuple(row.name for row in table), prior_draws(60, seed, table), errors + 0.0)
        for seed, table in ((1, LEARNED_NUMBERS), (2, TOTAL_NUMBERS))
    )
    spread = np.array([[0.3, 0.05], [0.6, 0.1]])
    names = ("arrivals_sigma", "counts_sigma")
    return LearnedFromConflicts(
        movement,
        totals,
        ConflictEvidence(conflicts, names, spread, np.array([[0.2, 0.2], [0.3, 0.3]])),
        ConflictEvidence(conflicts, names, spread + 0.0, np.array([[0.5, 0.5], [0.8, 0.8]])),
    )
