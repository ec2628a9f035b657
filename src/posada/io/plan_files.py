"""A plan as one JSON file, to be read back when it is planned anew; and the table of changes."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import types
from enum import Enum
from functools import partial
from pathlib import Path
from typing import Any, Union, get_args, get_origin, get_type_hints

from posada.io.atomic import write_file, write_text
from posada.io.demand_table import parse_date, parse_name, read_rows
from posada.model.errors import InputFileError
from posada.model.plan import Change, ChangeKind, Plan

PLAN_FILE = "plan.json"
MADE_BY = "posada plan"


def write_plan(plan: Plan, path: Path) -> Path:
    """Write a plan to a file and return its path."""
    record = {"made_by": MADE_BY, "plan": _plain(plan)}
    text = json.dumps(record, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    write_file(path, partial(write_text, text=text), overwrite=True)
    return path


def read_plan_file(path: str | Path) -> Plan:
    """Return a plan that was written by :func:`write_plan`; a folder stands for the ``plan.json`` in it.

    Raises
    ------
    InputFileError
        When there is no such file, or Posada did not write it.
    """
    file = Path(path) / PLAN_FILE if Path(path).is_dir() else Path(path)
    if not file.is_file():
        raise InputFileError(f"there is no plan at '{path}'. Name the folder or the '{PLAN_FILE}' of an earlier plan.")
    try:
        record = json.loads(file.read_text(encoding="utf-8"))
        if record["made_by"] != MADE_BY:
            raise KeyError("made_by")
        plan = _record(Plan, record["plan"])
    except (UnicodeDecodeError, ValueError, KeyError, TypeError):
        raise InputFileError(f"'{file}' was not written by Posada, or was changed since.") from None
    assert isinstance(plan, Plan)
    return plan


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, tuple | list):
        return [_plain(part) for part in value]
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, float) and value in (float("inf"), float("-inf")):
        return str(value)
    return round(value, 6) if isinstance(value, float) else value


def _record(kind: type[Any], cells: dict[str, Any]) -> Any:
    hints = get_type_hints(kind)
    return kind(**{field.name: _value(hints[field.name], cells[field.name]) for field in dataclasses.fields(kind)})


def _value(kind: Any, value: Any) -> Any:
    if get_origin(kind) in (Union, types.UnionType):
        kind = next(part for part in get_args(kind) if part is not type(None))
        return None if value is None else _value(kind, value)
    if get_origin(kind) is tuple:
        return tuple(_value(get_args(kind)[0], part) for part in value)
    if kind is dt.date:
        return dt.date.fromisoformat(value)
    if dataclasses.is_dataclass(kind):
        assert isinstance(kind, type)
        return _record(kind, value)
    return kind(value)


CHANGE_COLUMNS = ("kind", "id", "since", "value")


def read_changes(path: str | Path) -> tuple[Change, ...]:
    """Return the changes of a CSV table with the columns ``kind``, ``id``, ``since`` and, where needed, ``value``.

    Raises
    ------
    InputFileError
        With file and line, when a column or cell is not what it should be; of an unknown kind with the nearest one.
    """
    changes = []
    for where, row in read_rows(Path(path), CHANGE_COLUMNS, CHANGE_COLUMNS[:3]):
        kind = ChangeKind(parse_name(row["kind"], "kind", (known.value for known in ChangeKind), where))
        text = row.get("value", "")
        if text and not text.isdigit():
            raise InputFileError(f"{where}: '{text}' in 'value' is not a whole number. Write 0 or more.")
        since = parse_date(row["since"], "since", where)
        changes.append(Change(kind, row["id"], since, int(text) if text else None))
    if not changes:
        raise InputFileError(f"'{path}' has no row. Name at least one change.")
    return tuple(changes)
