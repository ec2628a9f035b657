"""One table of fields per record: the single place where a field is described.

Validation, CSV headers, the sheets of a workbook, the reference pages and tool-tips are all made from
the :class:`Field` that stands beside each attribute, so they cannot disagree.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import math
import re
import unicodedata
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any, cast

from posada.model.errors import InvalidValueError, nearest_hint
from posada.model.privacy import personal_data_in


class Kind(StrEnum):
    """What a cell may hold."""

    ID = "identifier"
    TEXT = "text"
    INTEGER = "whole number"
    NUMBER = "number"
    YES_NO = "yes or no"
    DATE = "date (YYYY-MM-DD)"
    CHOICE = "one of the options"
    REFERENCE = "identifier in another table"
    REFERENCES = "identifiers in another table, separated by ';'"
    NUMBERS = "numbers, separated by ';'"


@dataclass(frozen=True, slots=True)
class Field:
    """Everything that is known about one field of a record.

    Attributes
    ----------
    name, header : str
        Attribute name in Python, column name in files.
    unit : str
        Unit of the value; ``"-"`` for text and for numbers without dimension.
    default : object
        Value of an empty cell; ``None`` means *missing*, which is never zero.
    minimum, maximum : float or None
        Bounds, both included.
    refers_to : str
        Table whose identifiers the cell must name; empty when it names none.
    """

    name: str
    header: str
    kind: Kind
    unit: str
    meaning: str
    required: bool
    default: Any
    minimum: float | None
    maximum: float | None
    options: tuple[str, ...]
    refers_to: str


def column(
    kind: Kind,
    meaning: str,
    *,
    header: str = "",
    unit: str = "-",
    default: Any = dataclasses.MISSING,
    minimum: float | None = None,
    maximum: float | None = None,
    options: Iterable[str] = (),
    refers_to: str = "",
) -> Any:
    """Declare a dataclass attribute together with its :class:`Field`."""
    metadata = {
        "kind": kind,
        "meaning": meaning,
        "header": header,
        "unit": unit,
        "minimum": minimum,
        "maximum": maximum,
        "options": tuple(options),
        "refers_to": refers_to,
    }
    if default is dataclasses.MISSING:
        return dataclasses.field(metadata=metadata)
    return dataclasses.field(default=default, metadata=metadata)


def fields_of(record: type[Any]) -> tuple[Field, ...]:
    """Return the field table of a record class, in column order."""
    return _field_table(cast("Hashable", record))


@cache
def _field_table(record: Any) -> tuple[Field, ...]:
    table = []
    for attribute in dataclasses.fields(record):
        declared = attribute.metadata
        required = attribute.default is dataclasses.MISSING
        table.append(
            Field(
                name=attribute.name,
                header=declared["header"] or attribute.name,
                kind=declared["kind"],
                unit=declared["unit"],
                meaning=declared["meaning"],
                required=required,
                default=None if required else attribute.default,
                minimum=declared["minimum"],
                maximum=declared["maximum"],
                options=declared["options"],
                refers_to=declared["refers_to"],
            )
        )
    return tuple(table)


class CellError(InvalidValueError):
    """A cell does not hold what its field asks for; carries the id of the finding and a cure."""

    def __init__(self, finding_id: str, message: str, cure: str) -> None:
        self.finding_id = finding_id
        self.cure = cure
        super().__init__(message)


_ID = re.compile(r"[a-z0-9][a-z0-9_.-]*")
_DECIMAL = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_YES_NO = {"yes": True, "no": False}


def parse_decimal(text: str) -> float:
    """Return the number that a text writes in plain digits.

    Python itself would take ``1_000``, ``nan`` and the digits of other scripts, which no spreadsheet means.

    Raises
    ------
    ValueError
        When the text is not a finite number.
    """
    if not _DECIMAL.fullmatch(text.strip()):
        raise ValueError(f"'{text}' is not a number")
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(f"'{text}' is too large")
    return value


def parse_cell(field: Field, text: str) -> Any:
    """Turn the text of a cell into the value of its field.

    Raises
    ------
    CellError
        When the cell is empty though required, or holds something that the field does not allow.
    """
    text = text.strip()
    try:
        value = _PARSERS[field.kind](field, text) if text else None
        if value is not None and value != ():
            check_bounds(field, value)
            return value
    except CellError as fault:
        personal = personal_data_in(text)
        if not personal or fault.finding_id == "personal-data":
            raise
        raise _personal(field, personal) from None
    if field.required:
        finding = "missing-source" if field.name == "source" else "missing-value"
        cure = f"Fill it in. It holds: {field.meaning}"
        raise CellError(finding, f"'{field.header}' is empty.", cure)
    return field.default


def _personal(field: Field, what: str) -> CellError:
    """Return the fault of a cell with personal data; what the cell holds is not repeated."""
    cure = "Take it out: Posada holds counts, never data about an individual person."
    return CellError("personal-data", f"'{field.header}' seems to hold {what}.", cure)


def check_bounds(field: Field, value: Any) -> None:
    """Raise :class:`CellError` when a number, or one of several, is outside the bounds of its field."""
    if field.kind is Kind.NUMBERS:
        for number in value:
            _check_bounds(field, number)
    else:
        _check_bounds(field, value)


def _check_bounds(field: Field, value: Any) -> None:
    if not isinstance(value, int | float) or isinstance(value, bool):
        return
    low = field.minimum if field.minimum is not None else -math.inf
    high = field.maximum if field.maximum is not None else math.inf
    if not low <= value <= high:
        span = f"at least {low:g}" if high == math.inf else f"between {low:g} and {high:g}"
        raise CellError("out-of-bounds", f"'{field.header}' is {value:g}.", f"It must be {span} ({field.unit}).")


def _parse_id(field: Field, text: str) -> str:
    if not _ID.fullmatch(text):
        cure = "Use small letters without accents, digits, '_', '-' and '.', beginning with a letter or digit."
        raise CellError("bad-text", f"'{text}' in '{field.header}' is not an identifier.", cure)
    return text


def _parse_text(field: Field, text: str) -> str:
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if any(_is_unprintable(letter) for letter in text):
        cure = "Type the text anew; it may have been cut out of a binary file."
        raise CellError("bad-text", f"'{field.header}' holds an unprintable character.", cure)
    personal = personal_data_in(text)
    if personal:
        raise _personal(field, personal)
    return text


def _is_unprintable(letter: str) -> bool:
    """Tell whether a character has no place in a text, and could not be kept in a workbook."""
    return (letter not in "\n\t" and unicodedata.category(letter) in ("Cc", "Cs")) or letter in "\ufffe\uffff"


def _parse_number(field: Field, text: str) -> float:
    try:
        return parse_decimal(text)
    except ValueError:
        cure = "Write digits with a decimal point and no thousands separator."
        raise CellError("bad-number", f"'{text}' in '{field.header}' is not a number.", cure) from None


def _parse_integer(field: Field, text: str) -> int:
    value = _parse_number(field, text)
    if value != int(value):
        raise CellError("bad-number", f"'{text}' in '{field.header}' is not a whole number.", "Round it.")
    # Digits alone are read as they stand: beyond 2**53 not every whole number is a float.
    return int(text) if text.isdigit() else int(value)


def _parse_yes_no(field: Field, text: str) -> bool:
    if text not in _YES_NO:
        raise CellError("bad-yes-no", f"'{text}' in '{field.header}' is neither yes nor no.", "Write yes or no.")
    return _YES_NO[text]


def _parse_date(field: Field, text: str) -> dt.date:
    try:
        if not _DAY.fullmatch(text):
            raise ValueError
        return dt.date.fromisoformat(text)
    except ValueError:
        cure = "Write a day that exists as YYYY-MM-DD, for example 2018-04-03."
        raise CellError("bad-date", f"'{text}' in '{field.header}' is not a date.", cure) from None


def _parse_choice(field: Field, text: str) -> str:
    if text not in field.options:
        finding = "unknown-unit" if field.name == "unit" else "unknown-option"
        raise CellError(finding, f"'{text}' is not an option of '{field.header}'.", nearest_hint(text, field.options))
    return text


def _parse_references(field: Field, text: str) -> tuple[str, ...]:
    return tuple(_parse_id(field, part.strip()) for part in text.split(";") if part.strip())


def _parse_numbers(field: Field, text: str) -> tuple[float, ...]:
    return tuple(_parse_number(field, part) for part in text.split(";"))


_PARSERS = {
    Kind.ID: _parse_id,
    Kind.REFERENCE: _parse_id,
    Kind.REFERENCES: _parse_references,
    Kind.TEXT: _parse_text,
    Kind.INTEGER: _parse_integer,
    Kind.NUMBER: _parse_number,
    Kind.NUMBERS: _parse_numbers,
    Kind.YES_NO: _parse_yes_no,
    Kind.DATE: _parse_date,
    Kind.CHOICE: _parse_choice,
}


def format_cell(field: Field, value: Any) -> str:
    """Return the text from which :func:`parse_cell` makes ``value`` again, exactly."""
    return "" if value is None else _FORMATTERS.get(field.kind, str)(value)


def _format_number(value: float) -> str:
    # Adding zero turns -0.0 into 0.0: equal scenarios then have equal texts and hashes.
    return f"{value + 0.0:.0f}" if abs(value) < 1e15 and value == int(value) else repr(float(value))


_FORMATTERS: dict[Kind, Callable[[Any], str]] = {
    Kind.YES_NO: lambda value: "yes" if value else "no",
    Kind.REFERENCES: ";".join,
    Kind.DATE: lambda value: str(value.isoformat()),
    Kind.NUMBER: _format_number,
    Kind.NUMBERS: lambda values: ";".join(_format_number(value) for value in values),
}
