"""The settings of a scenario as TOML: keys with their lines, values as the text of cells."""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from collections.abc import Iterable
from typing import Any

from posada.io.rawtables import TAKE_IT_OUT
from posada.model.errors import nearest_hint
from posada.model.fields import Kind, fields_of, format_cell
from posada.model.findings import Finding
from posada.model.privacy import is_personal_column
from posada.model.scenario import ScenarioBuilder
from posada.model.tables import Settings

FILE = "scenario.toml"

_KEY = re.compile(r"""\s*\[*\s*(?:"([^"]+)"|'([^']+)'|([A-Za-z0-9_-]+))\s*[=.\]]""")
_PLACE_OF_FAULT = re.compile(r"\s*\(at (?:line (\d+), column \d+|end of document)\)")


def add_settings(builder: ScenarioBuilder, text: str) -> None:
    """Give the keys of ``scenario.toml``, and what is wrong with them, to a builder."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        builder.add_findings([_not_toml(text, str(fault))])
        return
    lines = _lines_of_keys(text)
    where = {"": FILE, **{key: f"{FILE}:{lines[key]}" for key in table if key in lines}}
    cells, findings = {}, []
    for key in known_keys():
        if key not in table:
            continue
        value = table[key]
        try:
            cells[key] = text_of_value(value)
        except ValueError as fault:
            finding = "bad-date" if isinstance(value, dt.datetime | dt.time) else "bad-text"
            cure = "Write one text between double quotes, or one date (YYYY-MM-DD)."
            findings.append(Finding(finding, where.get(key, FILE), f"'{key}' is {fault}.", cure))
    builder.add_findings([*findings, *unknown_keys(table, where)])
    builder.add_settings(cells, where, without={key for key in table if key not in cells})


def _not_toml(text: str, fault: str) -> Finding:
    read = _PLACE_OF_FAULT.search(fault)
    line = read[1] if read and read[1] else str(text.count("\n") + 1)
    message = f"it is not TOML from here on: {_PLACE_OF_FAULT.sub('', fault)}."
    cure = 'Write key = "text" or key = 2018-04-03, one on a line.'
    return Finding("unreadable-file", f"{FILE}:{line}", message, cure)


def known_keys() -> tuple[str, ...]:
    """Return the keys that settings have, in order."""
    return tuple(spec.header for spec in fields_of(Settings))


def unknown_keys(keys: Iterable[str], where: dict[str, str]) -> list[Finding]:
    """Return a finding for each key that no setting has."""
    findings = []
    for key in keys:
        if key in known_keys():
            continue
        place = where.get(key, where[""])
        if is_personal_column(key):
            message = f"key '{key}' looks like data about an individual person."
            findings.append(Finding("personal-data", place, message, TAKE_IT_OUT))
        else:
            findings.append(Finding("unknown-key", place, f"unknown key '{key}'.", nearest_hint(key, known_keys())))
    return findings


def text_of_value(value: Any) -> str:
    """Return a TOML value as the text of a cell.

    Raises
    ------
    ValueError
        When it is not one value, or a date with a time of day.
    """
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dt.datetime | dt.time):
        raise ValueError("a time, not a date")
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, list | dict):
        raise ValueError("a list or a table, not one value")
    return str(value)


def _lines_of_keys(text: str) -> dict[str, int]:
    """Return the line on which each key first stands, leaving out what is inside texts of several lines."""
    lines: dict[str, int] = {}
    inside = ""
    for number, line in enumerate(text.split("\n"), start=1):
        if inside:
            inside = "" if inside in line else inside
            continue
        found = _KEY.match(line)
        if found:
            lines.setdefault(next(part for part in found.groups() if part), number)
        inside = next((quotes for quotes in ('"""', "'''") if line.count(quotes) % 2), "")
    return lines


def format_settings(settings: Settings) -> str:
    """Return ``scenario.toml``, with the meaning of each key above it; what is not set is left out."""
    import tomli_w

    parts = []
    for spec in fields_of(Settings):
        value = getattr(settings, spec.name)
        if value is not None:
            plain = value if spec.kind is Kind.DATE else format_cell(spec, value)
            parts.append(f"# {spec.meaning}\n{tomli_w.dumps({spec.header: plain})}")
    return "\n".join(parts)
