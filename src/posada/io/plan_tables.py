"""The tables of a plan as CSV, Parquet and one Excel workbook, all from the same rows and field tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from posada.io.results import write_table
from posada.io.workbook import KeyValue, fill_sheet
from posada.model.fields import Field, Kind, fields_of

WORKBOOK = "plan.xlsx"
STAMP_SHEET = "stamp"


def write_plan_tables(
    folder: Path, tables: Mapping[str, Sequence[Any]], records: Mapping[str, type[Any]], stamp: Mapping[str, Any]
) -> None:
    """Write each table as ``NAME.csv`` and ``NAME.parquet``, and all of them as sheets of ``plan.xlsx``.

    Parameters
    ----------
    tables : mapping
        Rows by name of the table.
    records : mapping
        The record of each table, with its fields.
    stamp : mapping
        Stands in the metadata of Parquet files, in the first row of CSV files and in a sheet of the workbook.
    """
    for name, rows in tables.items():
        write_table([_columns(fields_of(records[name]), rows)], folder / name, stamp, csv=True)
    _write_workbook(folder / WORKBOOK, tables, records, stamp)


def _columns(specs: Iterable[Field], rows: Sequence[Any]) -> dict[str, Any]:
    import pyarrow as pa

    types = {
        Kind.INTEGER: pa.int64(),
        Kind.NUMBER: pa.float64(),
        Kind.DATE: pa.date32(),
        Kind.YES_NO: pa.bool_(),
    }
    return {
        spec.header: pa.array([getattr(row, spec.name) for row in rows], types.get(spec.kind, pa.string()))
        for spec in specs
    }


def _write_workbook(
    path: Path, tables: Mapping[str, Sequence[Any]], records: Mapping[str, type[Any]], stamp: Mapping[str, Any]
) -> None:
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.active)
    for name, rows in tables.items():
        specs = fields_of(records[name])
        fill_sheet(book.create_sheet(name), specs, [[getattr(row, spec.name) for spec in specs] for row in rows])
    said = [[key, str(value)] for key, value in stamp.items() if not isinstance(value, dict | list)]
    fill_sheet(book.create_sheet(STAMP_SHEET), fields_of(KeyValue), said)
    book.save(path)
