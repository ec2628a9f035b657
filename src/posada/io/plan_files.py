"""A plan as one JSON file, to be read back when it is planned anew; and the table of changes."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import math
import types
from collections.abc import Hashable, Mapping
from enum import Enum
from functools import cache, partial
from pathlib import Path
from typing import Any, Union, cast, get_args, get_origin, get_type_hints

from posada.io.atomic import write_file, write_text
from posada.io.demand_table import parse_date, parse_name, read_rows
from posada.model.errors import InputFileError
from posada.model.plan import Change, ChangeKind, Plan, PlanSite
from posada.model.sensitive import PSEUDONYM_START

PLAN_FILE = "plan.json"
RESTRICTED_FOLDER = "restricted"
MADE_BY = "posada plan"


def write_plan(plan: Plan, path: Path, hidden: Mapping[str, str] | None = None) -> Path:
    """Write a plan to a file that only its owner may read, and return its path.

    Parameters
    ----------
    hidden : mapping, optional
        What stands in the file for identifiers that give away what is marked sensitive. Such sites have no name in it.
    """
    instead = hidden or {}
    bare = [dataclasses.replace(site, name="") if site.id in instead else site for site in plan.sites]
    record = {"made_by": MADE_BY, "plan": _plain(dataclasses.replace(plan, sites=tuple(bare)), instead)}
    text = json.dumps(record, ensure_ascii=False) + "\n"
    write_file(path, partial(_write_private, text=text), overwrite=True)
    return path


def _write_private(path: Path, text: str) -> None:
    write_text(path, text)
    path.chmod(0o600)


def read_plan_file(path: str | Path, hidden: Mapping[str, str] | None = None) -> Plan:
    """Return a plan that was written by :func:`write_plan`; a folder stands for the ``plan.json`` in it.

    Parameters
    ----------
    hidden : mapping, optional
        As it was written; the scenario knows it.

    Raises
    ------
    InputFileError
        When there is no such file, Posada did not write it, or it holds something hidden that is not in ``hidden``.
    """
    file = _plan_file(Path(path))
    if not file.is_file():
        raise InputFileError(f"there is no plan at '{path}'. Name the folder or the '{PLAN_FILE}' of an earlier plan.")
    try:
        record = json.loads(file.read_text(encoding="utf-8"))
        if record["made_by"] != MADE_BY:
            raise KeyError("made_by")
        plan = _record(Plan, record["plan"], {shown: name for name, shown in (hidden or {}).items()})
    except (UnicodeDecodeError, ValueError, KeyError, TypeError):
        raise InputFileError(f"'{file}' was not written by Posada, or was changed since.") from None
    assert isinstance(plan, Plan)
    offers = [site.id for site in plan.sites] + [fleet.id for fleet in plan.fleets]
    unknown = [name for name in offers if name.startswith(PSEUDONYM_START)]
    if unknown and hidden is not None:
        raise InputFileError(
            f"'{file}' has {len(unknown)} sites or vehicles that are kept back and not in the scenario any more. "
            "Plan anew, without --from."
        )
    return plan


def _plan_file(path: Path) -> Path:
    """Return the file of a plan: itself, or the one in a folder of results or in its restricted part."""
    if not path.is_dir():
        return path
    inner = path / RESTRICTED_FOLDER / PLAN_FILE
    return inner if inner.is_file() else path / PLAN_FILE


def _plain(value: Any, instead: Mapping[str, str]) -> Any:
    """Return a value as JSON has it; what a plan has hundreds of thousands of is looked for first."""
    kind = type(value)
    if kind is float:
        return round(value, 6) if math.isfinite(value) else str(value)
    if kind is str:
        return instead.get(value, value)
    if kind is tuple or kind is list:
        return [_plain(part, instead) for part in value]
    if dataclasses.is_dataclass(kind):
        return {name: _plain(getattr(value, name), instead) for name in _names(cast("Hashable", kind))}
    if isinstance(value, Enum):
        return value.value
    return value.isoformat() if isinstance(value, dt.date) else value


_LATER = frozenset({(PlanSite, "closed")})
"""Fields that plans of earlier versions lack; they have a default."""


@cache
def _names(kind: Any) -> tuple[str, ...]:
    return tuple(field.name for field in dataclasses.fields(kind))


@cache
def _hints(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind)


def _record(kind: type[Any], cells: dict[str, Any], instead: Mapping[str, str]) -> Any:
    return kind(
        **{
            name: _value(_hints(cast("Hashable", kind))[name], cells[name], instead)
            for name in _names(cast("Hashable", kind))
            if (kind, name) not in _LATER or name in cells
        }
    )


def _value(kind: Any, value: Any, instead: Mapping[str, str]) -> Any:
    if get_origin(kind) in (Union, types.UnionType):
        kind = next(part for part in get_args(kind) if part is not type(None))
        return None if value is None else _value(kind, value, instead)
    if get_origin(kind) is tuple:
        return tuple(_value(get_args(kind)[0], part, instead) for part in value)
    if kind is dt.date:
        return dt.date.fromisoformat(value)
    if kind is str:
        return instead.get(value, value)
    if dataclasses.is_dataclass(kind):
        assert isinstance(kind, type)
        return _record(kind, value, instead)
    return kind(value)


CHANGE_COLUMNS = ("kind", "id", "since", "value")


def read_changes(path: str | Path, plan: Plan) -> tuple[Change, ...]:
    """Return the changes of a CSV table with the columns ``kind``, ``id``, ``since`` and, where needed, ``value``.

    Raises
    ------
    InputFileError
        With file and line, when a column or cell is not what it should be; of an unknown kind, and of a site or an
        offer of vehicles that ``plan`` does not have, with the nearest one.
    """
    known = {kind: tuple(row.id for row in plan.sites) for kind in (ChangeKind.CLOSED, ChangeKind.PLACES)}
    known[ChangeKind.WITHDRAWN] = tuple(row.id for row in plan.fleets)
    unused = {row.id: row.why for row in plan.unusable}
    changes = []
    for where, row in read_rows(Path(path), CHANGE_COLUMNS, CHANGE_COLUMNS[:3]):
        kind = ChangeKind(parse_name(row["kind"], "kind", (one.value for one in ChangeKind), where))
        if row["id"] in unused and row["id"] not in known[kind]:
            raise InputFileError(
                f"{where}: the plan does not use '{row['id']}', so nothing changes: {unused[row['id']]}. Leave it out."
            )
        parse_name(row["id"], "id", known[kind], where)
        text = row.get("value", "")
        if text and not text.isdigit():
            raise InputFileError(f"{where}: '{text}' in 'value' is not a whole number. Write 0 or more.")
        since = parse_date(row["since"], "since", where)
        changes.append(Change(kind, row["id"], since, int(text) if text else None))
    if not changes:
        raise InputFileError(f"'{path}' has no row. Name at least one change.")
    return tuple(changes)
