"""CSV in and out: UTF-8, commas, quotes; every row knows the line on which it begins."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from pathlib import Path

from posada.io.rawtables import RawRow, RawTable
from posada.model.findings import Finding


def read_text(path: Path) -> str | Finding:
    """Return the text of a UTF-8 file, with or without a byte-order mark, or what is wrong with it."""
    try:
        data = path.read_bytes()
    except OSError as fault:
        cure = "Check that it is a file and that you may read it."
        return Finding("unreadable-file", path.name, f"it cannot be read: {fault.strerror}.", cure)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        line = data.count(b"\n", 0, fault.start) + 1
        message = "it is not UTF-8 from here on."
        cure = "Save it as UTF-8 (in Excel: 'CSV UTF-8')."
        return Finding("unreadable-file", f"{path.name}:{line}", message, cure)


def read_csv(path: Path) -> RawTable:
    """Return a CSV file as text cells; what is malformed is among the findings."""
    text = read_text(path)
    if isinstance(text, Finding):
        return RawTable(path.name, None, (), (text,))
    rows, findings = [], []
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    begins = 1
    while True:
        try:
            cells = next(reader, None)
        except csv.Error as fault:
            cure = "Look for a double quote that is opened and not closed; inside quotes it is written twice."
            message = f"it is not CSV from here on: {fault}."
            findings.append(Finding("unreadable-file", f"{path.name}:{begins}", message, cure))
            break
        if cells is None:
            break
        row = RawRow(f"{path.name}:{begins}", tuple(cells))
        begins = reader.line_num + 1
        if not row.is_blank:
            rows.append(row)
    header = rows[0] if rows else None
    return RawTable(path.name, header, tuple(rows[1:]), tuple(findings))


def format_csv(header: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Return a table as CSV text; lines end in a line feed alone."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue()
