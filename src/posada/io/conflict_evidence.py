"""What was learned from conflicts, as a folder of tables: read to forecast, written by ``posada calibrate``.

``conflicts.csv`` names the conflicts. ``movement.csv``, ``totals.csv`` and ``spread.csv`` hold one drawn set of numbers
a row: the numbers, and after them one column ``error CONFLICT`` for each conflict. ``spread_coverage.csv`` has in their
place the share of camp-days in the central band of 80 %.
"""

from __future__ import annotations

import csv
import datetime as dt
import math
from collections.abc import Sequence
from importlib import resources
from pathlib import Path

import numpy as np

from posada.io.csvtext import format_csv
from posada.model.conflict_evidence import ConflictEvidence, LearnedFromConflicts, PastConflict
from posada.model.errors import InputFileError, nearest_hint

CONFLICTS = "conflicts.csv"
TABLES = ("movement", "totals", "spread", "spread_coverage")
_ERROR = "error "


def bundled_evidence() -> Path:
    """Return the folder of what was learned from the conflicts that come with Posada."""
    return Path(str(resources.files("posada"))) / "data" / "conflicts"


def read_evidence(folder: Path) -> LearnedFromConflicts:
    """Read what was learned from conflicts.

    Raises
    ------
    InputFileError
        When a file is missing, or a row has a cell that is no number or too few of them; file and line are named.
    """
    conflicts = tuple(_conflict(folder / CONFLICTS, line, row) for line, row in _rows(folder / CONFLICTS)[1:])
    return LearnedFromConflicts(*(_table(folder / f"{name}.csv", conflicts) for name in TABLES))


def _rows(path: Path) -> list[tuple[int, list[str]]]:
    if not path.is_file():
        raise InputFileError(
            f"'{path.parent}' has no {path.name}, so it is not what 'posada calibrate' writes. Name another folder."
        )
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file)
        rows = [(reader.line_num, row) for row in reader if row]
    if len(rows) < 2:
        raise InputFileError(f"'{path}' has no rows. Write it anew with 'posada calibrate'.")
    return rows


def _conflict(path: Path, line: int, row: Sequence[str]) -> PastConflict:
    try:
        name, first_day = row
        return PastConflict(name, dt.date.fromisoformat(first_day))
    except ValueError:
        raise InputFileError(f"{path.name}:{line}: '{','.join(row)}' is not a name and a day YYYY-MM-DD.") from None


def _table(path: Path, conflicts: tuple[PastConflict, ...]) -> ConflictEvidence:
    (_, header), *rows = _rows(path)
    expected = [f"{_ERROR}{conflict.id}" for conflict in conflicts]
    names = header[: len(header) - len(expected)]
    given = header[len(names) :]
    if given != expected:
        strange = next((column for column in given if column not in expected), "")
        hint = nearest_hint(strange, expected) if strange else ""
        raise InputFileError(f"{path.name}:1: its last columns are not {expected} in this order. {hint}".rstrip())
    values = np.array([_numbers(path, line, row, len(header)) for line, row in rows], np.float64)
    return ConflictEvidence(conflicts, tuple(names), values[:, : len(names)], values[:, len(names) :])


def _numbers(path: Path, line: int, row: Sequence[str], count: int) -> list[float]:
    if len(row) != count:
        raise InputFileError(f"{path.name}:{line}: there are {len(row)} cells, expected {count}.")
    made = []
    for cell in row:
        try:
            number = float(cell)
        except ValueError:
            number = math.nan
        if not math.isfinite(number):
            raise InputFileError(f"{path.name}:{line}: '{cell}' is not a number.")
        made.append(number)
    return made


def evidence_texts(learned: LearnedFromConflicts) -> dict[str, str]:
    """Return the files of the folder by name: figures with six digits, so that a run anew gives the same bytes."""
    conflicts = learned.movement.conflicts
    texts = {CONFLICTS: format_csv(("id", "first_day"), [(row.id, row.start.isoformat()) for row in conflicts])}
    for name in TABLES:
        table: ConflictEvidence = getattr(learned, name)
        header = (*table.names, *(f"{_ERROR}{row.id}" for row in conflicts))
        rows = [
            tuple(f"{number:.6g}" for number in (*own, *errors))
            for own, errors in zip(table.values.tolist(), table.errors.tolist(), strict=True)
        ]
        texts[f"{name}.csv"] = format_csv(header, rows)
    return texts
