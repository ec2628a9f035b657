"""Validations as tables and as JSON: one row for each scenario, for each of its camps, for each naive forecast."""

from __future__ import annotations

import dataclasses
import json
import math
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from posada.io.stamp import stamp_record
from posada.model.outlook import Stamp
from posada.model.validation import BAND_WIDTHS, BaselineScores, CampScores, Validation

Columns = dict[str, NDArray[Any]]

_OWN_COLUMNS = ("coverage", "coverage_expected", "camps", "baselines")
"""Fields that become several columns, or a table of their own."""


def validation_tables(validations: Sequence[Validation]) -> dict[str, Columns]:
    """Return the tables ``validation``, ``validation_camps`` and ``validation_baselines``."""
    return {
        "validation": columns_of(_row(found) for found in validations),
        "validation_camps": columns_of(_part(found, camp) for found in validations for camp in found.scores.camps),
        "validation_baselines": columns_of(
            _part(found, naive) for found in validations for naive in found.scores.baselines
        ),
    }


def _row(found: Validation) -> dict[str, Any]:
    own = {field.name: getattr(found, field.name) for field in dataclasses.fields(found) if field.name != "scores"}
    scores = {
        field.name: getattr(found.scores, field.name)
        for field in dataclasses.fields(found.scores)
        if field.name not in _OWN_COLUMNS
    }
    bands = _bands("coverage", found.scores.coverage) | _bands("coverage_expected", found.scores.coverage_expected)
    return own | {"seconds_per_member": found.seconds_per_member} | scores | bands


def _part(found: Validation, part: CampScores | BaselineScores) -> dict[str, Any]:
    row: dict[str, Any] = {"scenario": found.scenario, "settings": found.settings}
    for field in dataclasses.fields(part):
        value = getattr(part, field.name)
        row |= _bands(field.name, value) if isinstance(value, tuple) else {field.name: value}
    return row


def _bands(name: str, shares: Iterable[float]) -> dict[str, float]:
    return {f"{name}_{width * 100:.0f}": share for width, share in zip(BAND_WIDTHS, shares, strict=True)}


def columns_of(rows: Iterable[dict[str, Any]]) -> Columns:
    """Return rows of one shape as columns; the first row decides the types."""
    listed = list(rows)
    return {name: np.array([row[name] for row in listed], _type(listed[0][name])) for name in listed[0]}


def _type(value: Any) -> Any:
    if isinstance(value, str):
        return object
    return type(value) if isinstance(value, bool | int | float) else "datetime64[D]"


def validation_json(path: Path, validations: Sequence[Validation], stamp: Stamp) -> None:
    """Write everything as JSON with the stamp as ``posada``; what is not defined is null."""
    whole = {
        "posada": stamp_record(stamp),
        "validations": [plain_values(dataclasses.asdict(found)) for found in validations],
    }
    path.write_text(json.dumps(whole, ensure_ascii=False, indent=1) + "\n", encoding="utf-8", newline="\n")


def plain_values(value: Any) -> Any:
    """Return a value as JSON has it; what is not defined is ``None``."""
    if isinstance(value, dict):
        return {name: plain_values(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [plain_values(inner) for inner in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value.isoformat() if hasattr(value, "isoformat") else value
