"""The settings of a scenario as TOML: keys with their lines, values as the text of cells."""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from collections.abc import Iterable
from typing import Any

from posada.io.rawtables import TAKE_IT_OUT
from posada.model.displacement import Movement
from posada.model.errors import nearest_hint
from posada.model.fields import Field, Kind, fields_of, format_cell
from posada.model.findings import Finding
from posada.model.privacy import is_personal_column
from posada.model.scenario import ScenarioBuilder
from posada.model.tables import Settings

FILE = "scenario.toml"
SECTION = "movement"
"""Section of ``scenario.toml`` that holds :class:`~posada.model.displacement.Movement`."""
PREFIX = f"{SECTION}."
"""Begins each key of that section where there are no sections, as in a workbook."""

_KEY = re.compile(r"""\s*\[*\s*(?:"([^"]+)"|'([^']+)'|([A-Za-z0-9_-]+))\s*[=.\]]""")
_MOVEMENT_KEY = re.compile(rf"\s*{SECTION}\s*\.\s*([A-Za-z0-9_-]+)")
_PLACE_OF_FAULT = re.compile(r"\s*\(at (?:line (\d+), column \d+|end of document)\)")


def add_settings(builder: ScenarioBuilder, text: str) -> bool:
    """Give the keys of ``scenario.toml``, and what is wrong with them, to a builder.

    Returns whether there is a section ``[movement]``, or may be one since the text is not TOML.
    """
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        builder.add_findings([_not_toml(text, str(fault))])
        builder.leave_movement_open()
        return True
    lines = _lines_of_keys(text)
    where = {"": FILE, **{key: f"{FILE}:{line}" for key, line in lines.items()}}
    section = table.pop(SECTION, None)
    cells, findings = _texts(table, fields_of(Settings), where)
    builder.add_findings([*findings, *unknown_keys(table, where)])
    builder.add_settings(cells, where, without={key for key in table if key not in cells})
    if section is not None:
        _add_section(builder, section, where)
    return section is not None


def _add_section(builder: ScenarioBuilder, section: Any, where: dict[str, str]) -> None:
    whole = where.get(SECTION, FILE)
    if not isinstance(section, dict):
        builder.leave_movement_open()
        cure = f"Write [{SECTION}] on a line of its own, and its keys below."
        builder.add_findings([Finding("bad-text", whole, f"'{SECTION}' is one value, not a section.", cure)])
        return
    inside = {"": whole, **{key.removeprefix(PREFIX): at for key, at in where.items() if key.startswith(PREFIX)}}
    cells, findings = _texts(section, fields_of(Movement), inside)
    builder.add_findings([*findings, *unknown_keys(section, inside, movement_keys())])
    builder.add_movement(cells, inside, without={key for key in section if key not in cells})


def _texts(
    table: dict[str, Any], specs: Iterable[Field], where: dict[str, str]
) -> tuple[dict[str, str], list[Finding]]:
    """Return the values of known keys as the text of cells, and a finding for each that has none."""
    cells, findings = {}, []
    for spec in specs:
        if spec.header not in table:
            continue
        value = table[spec.header]
        try:
            cells[spec.header] = text_of_value(value, several=spec.kind is Kind.NUMBERS)
        except ValueError as fault:
            finding = "bad-date" if isinstance(value, dt.datetime | dt.time) else "bad-text"
            cure = "Write one text between double quotes, or one date (YYYY-MM-DD)."
            if spec.kind is Kind.NUMBERS:
                cure = "Write numbers between brackets, such as [1.0, 0.5]."
            place = where.get(spec.header, where[""])
            findings.append(Finding(finding, place, f"'{spec.header}' is {fault}.", cure))
    return cells, findings


def _not_toml(text: str, fault: str) -> Finding:
    read = _PLACE_OF_FAULT.search(fault)
    line = read[1] if read and read[1] else str(text.count("\n") + 1)
    message = f"it is not TOML from here on: {_PLACE_OF_FAULT.sub('', fault)}."
    cure = 'Write key = "text" or key = 2018-04-03, one on a line.'
    return Finding("unreadable-file", f"{FILE}:{line}", message, cure)


def known_keys() -> tuple[str, ...]:
    """Return the keys that settings have, in order."""
    return tuple(spec.header for spec in fields_of(Settings))


def movement_keys() -> tuple[str, ...]:
    """Return the keys that the section of dispersed movement has, in order."""
    return tuple(spec.header for spec in fields_of(Movement))


def unknown_keys(keys: Iterable[str], where: dict[str, str], known: tuple[str, ...] = ()) -> list[Finding]:
    """Return a finding for each key that is not known; those that are known are of settings when not given."""
    known = known or known_keys()
    findings = []
    for key in keys:
        if key in known:
            continue
        place = where.get(key, where[""])
        if is_personal_column(key):
            message = f"key '{key}' looks like data about an individual person."
            findings.append(Finding("personal-data", place, message, TAKE_IT_OUT))
        else:
            findings.append(Finding("unknown-key", place, f"unknown key '{key}'.", nearest_hint(key, known)))
    return findings


def text_of_value(value: Any, *, several: bool = False) -> str:
    """Return a TOML value as the text of a cell; with ``several``, a list of values as well.

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
    if several and isinstance(value, list):
        return ";".join(text_of_value(one) for one in value)
    if isinstance(value, list | dict):
        raise ValueError("a list or a table, not one value")
    return str(value)


def _lines_of_keys(text: str) -> dict[str, int]:
    """Return the line on which each key first stands, leaving out what is inside texts of several lines.

    A key of the section of movement has that name before its own, with a dot.
    """
    lines: dict[str, int] = {}
    inside = section = ""
    for number, line in enumerate(text.split("\n"), start=1):
        if inside:
            inside = "" if inside in line else inside
            continue
        found = _KEY.match(line)
        if found:
            key = next(part for part in found.groups() if part)
            is_heading = line.lstrip().startswith("[")
            dotted = _MOVEMENT_KEY.match(line)
            if is_heading:
                section = key
            name = f"{PREFIX}{dotted[1]}" if dotted and not section else key
            lines.setdefault(f"{PREFIX}{key}" if section == SECTION and not is_heading else name, number)
        inside = next((quotes for quotes in ('"""', "'''") if line.count(quotes) % 2), "")
    return lines


def format_settings(settings: Settings, movement: Movement | None = None) -> str:
    """Return ``scenario.toml``, with the meaning of each key above it; what is not set is left out.

    Of the section of movement, what is as it is by default is left out as well.
    """
    import tomli_w

    parts = []
    for spec in fields_of(Settings):
        value = getattr(settings, spec.name)
        if value is not None:
            plain = value if spec.kind is Kind.DATE else format_cell(spec, value)
            parts.append(f"# {spec.meaning}\n{tomli_w.dumps({spec.header: plain})}")
    if movement is not None:
        parts.append(f"[{SECTION}]\n")
        for spec, value in values_of_movement(movement):
            if spec.kind is Kind.NUMBERS:
                line = f"{spec.header} = [{', '.join(repr(float(number)) for number in value)}]\n"
            else:
                line = tomli_w.dumps({spec.header: value})
            parts.append(f"# {spec.meaning}\n{line}")
    return "\n".join(parts)


def values_of_movement(movement: Movement) -> list[tuple[Field, Any]]:
    """Return what is written of the section of movement: the first key, and all that is not as by default."""
    first, *others = fields_of(Movement)
    differing = [spec for spec in others if getattr(movement, spec.name) != spec.default]
    return [(spec, getattr(movement, spec.name)) for spec in (first, *differing)]
