"""The definition of what is forecast, for machines: which targets, places, days, levels, in which units.

In the form of the ``tasks.json`` of a forecast hub (hubverse, https://github.com/hubverse-org/schemas, version 5.1.0).
One thing is Posada's own: rows of ``arrived_by`` have as ``target_end_date`` the day of their ``output_type_id``, so
that each of them says by itself of which day it speaks. Whoever reads the distribution function over days needs the
``output_type_id`` alone.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Collection, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from posada.io.atomic import write_file, write_text
from posada.model.forecast_file import (
    AT_PLACE,
    CDF,
    FILE_LEVELS,
    JOURNEY_LOCATION,
    JOURNEY_TARGETS,
    QUANTILE,
    Target,
    target_named,
)

TASKS_FILE = "tasks.json"
SCHEMA = "https://raw.githubusercontent.com/hubverse-org/schemas/main/v5.1.0/tasks-schema.json"


def tasks_record(
    origin: dt.date,
    last_day: dt.date,
    *,
    places: Collection[str],
    targets: Sequence[str] = JOURNEY_TARGETS,
    levels: Sequence[float] = FILE_LEVELS,
) -> dict[str, Any]:
    """Return the definition of what is forecast, in the form of the ``tasks.json`` of a hub.

    Parameters
    ----------
    places : collection of str
        Identifiers of the places, or camps, that are forecast.
    targets : sequence of str
        Names of :data:`~posada.model.forecast_file.TARGETS`.
    levels : sequence of float
        Levels of the quantiles.

    Raises
    ------
    UnknownNameError
        When there is no such target.
    """
    named = [target_named(name) for name in targets]
    span = (last_day - origin).days + 1
    days = [(origin + dt.timedelta(days=ahead)).isoformat() for ahead in range(span)]
    groups: dict[tuple[str, str], list[Target]] = {}
    for target in named:
        groups.setdefault((target.scope, target.output_type), []).append(target)
    tasks = [
        {
            "task_ids": {
                "origin_date": {"required": None, "optional": [origin.isoformat()]},
                "target": {"required": None, "optional": [target.id for target in some]},
                "location": {
                    "required": None,
                    "optional": sorted(places) if scope == AT_PLACE else [JOURNEY_LOCATION],
                },
                "target_end_date": {"required": None, "optional": days},
            },
            "output_type": _output_type(output_type, days, levels),
            "target_metadata": [_metadata(target) for target in some],
        }
        for (scope, output_type), some in groups.items()
    ]
    return {
        "schema_version": SCHEMA,
        "rounds": [
            {
                "round_id_from_variable": True,
                "round_id": "origin_date",
                "model_tasks": tasks,
                "submissions_due": {"relative_to": "origin_date", "start": 0, "end": 0},
                "file_format": ["csv", "parquet"],
            }
        ],
        "output_type_id_datatype": "character",
    }


def _metadata(target: Target) -> dict[str, Any]:
    return {
        "target_id": target.id,
        "target_name": target.id.replace("_", " "),
        "target_units": target.unit,
        "target_keys": {"target": target.id},
        "description": target.meaning,
        "target_type": "date" if target.output_type == CDF else "discrete",
        "is_step_ahead": True,
        "time_unit": "day",
    }


def _output_type(output_type: str, days: list[str], levels: Sequence[float]) -> dict[str, Any]:
    if output_type == CDF:
        value = {"type": "double", "minimum": 0, "maximum": 1}
        return {CDF: {"output_type_id": {"required": days}, "is_required": True, "value": value}}
    ids = {"required": list(levels)}
    return {QUANTILE: {"output_type_id": ids, "is_required": True, "value": {"type": "double", "minimum": 0}}}


def write_tasks(path: Path, record: Mapping[str, Any], *, overwrite: bool = False) -> None:
    """Write the definition of the tasks as JSON.

    Raises
    ------
    OutputExistsError
        When the file exists and may not be overwritten.
    """
    text = json.dumps(dict(record), ensure_ascii=False, indent=2) + "\n"
    write_file(path, partial(write_text, text=text), overwrite=overwrite)
