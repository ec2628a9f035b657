"""The stamp of an output folder: who made it, from what, when, for whom; and reading it back."""

from __future__ import annotations

import datetime as dt
import json
import platform
from importlib.metadata import version
from pathlib import Path
from typing import Any

from posada.model.errors import InputFileError
from posada.model.outlook import LEVELS, Stamp

STAMP_FILE = "stamp.json"
MADE_BY = "posada"

NOT_FOR_ENFORCEMENT = "for reception and relief only; not for enforcement"
SUPPRESSION = (
    "Counts here are modelled, not counted. Places marked sensitive are left out. "
    "Briefs show one to nine people as '<10'; tables are not rounded and are not for the public."
)
_LIBRARIES = ("numba", "numpy", "pyarrow", "scipy")


def written_at(made_at: dt.datetime | None) -> dt.datetime:
    """Return the moment for a stamp, in whole seconds: the one given, or now."""
    return made_at or dt.datetime.now(dt.UTC).replace(microsecond=0)


def stamp_record(stamp: Stamp) -> dict[str, Any]:
    """Return a stamp as plain values, with what every output must say and what it was computed with."""
    return {
        "made_by": MADE_BY,
        "version": stamp.version,
        "scenario_id": stamp.scenario_id,
        "scenario_title": stamp.scenario_title,
        "scenario_hash": stamp.scenario_hash,
        "seed": stamp.seed,
        "members": stamp.members,
        "as_of": stamp.as_of.isoformat() if stamp.as_of else None,
        "made_at": stamp.made_at.isoformat(),
        "classification": stamp.classification,
        "not_for_enforcement": NOT_FOR_ENFORCEMENT,
        "interval": f"quantiles at {LEVELS[0]} to {LEVELS[-1]}; ranges in words are the 80 % range, 0.1 to 0.9",
        "suppression": SUPPRESSION,
        "computed_with": {
            "platform": platform.platform(),
            "python": platform.python_version(),
            **{name: version(name) for name in _LIBRARIES},
        },
    }


def read_stamp(folder: Path) -> dict[str, Any]:
    """Return the stamp of a folder of results.

    Raises
    ------
    InputFileError
        When the folder has no stamp, or one that Posada did not write.
    """
    path = folder / STAMP_FILE
    if not path.is_file():
        raise InputFileError(f"'{folder}' is not a folder of results: it has no '{STAMP_FILE}'.")
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
    except (UnicodeDecodeError, json.JSONDecodeError):
        record = None
    if not isinstance(record, dict) or record.get("made_by") != MADE_BY or not isinstance(record.get("files"), dict):
        raise InputFileError(f"'{path}' was not written by Posada, or was changed since.")
    return record
