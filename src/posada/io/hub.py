"""Forecast files in the columns of forecast hubs: one row per date, place, target and quantile level or day.

Columns, in this order: ``origin_date, location, target, target_end_date, output_type, output_type_id, value``.
``output_type`` is ``quantile`` with the level as ``output_type_id``, or for ``arrived_by`` ``cdf`` with the day as
``output_type_id`` (YYYY-MM-DD); its ``target_end_date`` is that same day, so that a row says by itself of which day
it speaks. What concerns the journey as a whole stands at the location ``_journey``. A CSV file has these columns and
no other, so the stamp lies beside it (``NAME.stamp.json``); a Parquet file has it in its metadata as well.

Source of the conventions: hubverse, "Model output" and the schema of ``tasks.json``
(https://github.com/hubverse-org/schemas, version 5.1.0).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from posada.io.atomic import check_file_target, write_file, write_text
from posada.io.stamp import STAMP_FILE, stamp_record
from posada.model.errors import InputFileError, InvalidValueError
from posada.model.forecast_file import CDF, TARGETS, ForecastFile, Series
from posada.model.outlook import Stamp

HUB_COLUMNS = ("origin_date", "location", "target", "target_end_date", "output_type", "output_type_id", "value")
METADATA_KEY = b"posada"

_DIGITS = 4
_SERIES_AT_A_TIME = 64


def write_forecast_file(forecast: ForecastFile, path: Path, stamp: Stamp, *, overwrite: bool = False) -> list[Path]:
    """Write a forecast as CSV or Parquet, by the ending of the name, and its stamp beside it; return both paths.

    Raises
    ------
    InvalidValueError
        When the name ends otherwise, or nothing can be made there.
    OutputExistsError
        When one of the files exists and may not be overwritten; nothing is written then.
    """
    if path.suffix not in (".csv", ".parquet"):
        raise InvalidValueError(f"'{path.name}' ends neither in .csv nor in .parquet. Choose one of the two.")
    beside = stamp_beside(path)
    for target in (path, beside):
        check_file_target(target, overwrite=overwrite)
    record = stamp_record(stamp)
    is_csv = path.suffix == ".csv"
    write_file(path, lambda part: _write_rows(forecast, {part: is_csv}, record), overwrite=overwrite)
    text = json.dumps(record, ensure_ascii=False, indent=2) + "\n"
    write_file(beside, partial(write_text, text=text), overwrite=overwrite)
    return [path, beside]


def fill_forecast_files(forecast: ForecastFile, base: Path, record: Mapping[str, Any]) -> None:
    """Write ``BASE.csv`` and ``BASE.parquet`` into a folder that is being filled and has a stamp of its own.

    For the ``more`` of :func:`~posada.io.results.write_results`; ``record`` is that of
    :func:`~posada.io.stamp.stamp_record`.
    """
    files = {base.with_name(f"{base.name}.csv"): True, base.with_name(f"{base.name}.parquet"): False}
    _write_rows(forecast, files, record)


def stamp_beside(path: Path) -> Path:
    """Return where the stamp of a forecast file lies."""
    return path.with_name(f"{path.stem}.stamp.json")


def read_forecast_stamp(path: Path) -> dict[str, Any]:
    """Return the stamp of a forecast file: from its metadata, from beside it, or from its folder.

    Raises
    ------
    InputFileError
        When there is none.
    """
    if path.suffix == ".parquet":
        import pyarrow.parquet as pq

        metadata = pq.read_schema(path).metadata or {}
        if METADATA_KEY in metadata:
            return dict(json.loads(metadata[METADATA_KEY]))
    for candidate in (stamp_beside(path), path.with_name(STAMP_FILE)):
        if candidate.is_file():
            return dict(json.loads(candidate.read_text(encoding="utf-8")))
    raise InputFileError(
        f"'{path.name}' has no stamp: neither '{stamp_beside(path).name}' nor '{STAMP_FILE}' is there."
    )


def _write_rows(forecast: ForecastFile, files: Mapping[Path, bool], record: Mapping[str, Any]) -> None:
    """Write the same rows to files, each of which is either CSV or, where ``False`` stands, Parquet."""
    import pyarrow as pa

    text = json.dumps(dict(record), ensure_ascii=False, sort_keys=True).encode()
    schema = pa.schema(
        [
            pa.field(name, pa.date32() if name.endswith("date") else pa.float64() if name == "value" else pa.string())
            for name in HUB_COLUMNS
        ],
        metadata={METADATA_KEY: text},
    )
    # Arrow quotes every text when it may quote at all.
    quotes = any(sign in row.location for row in forecast.series for sign in ',"\r\n')
    with ExitStack() as opened:
        writers = [_writer(path, schema, opened, quotes=quotes if is_csv else None) for path, is_csv in files.items()]
        frames: dict[tuple[str, bytes], dict[str, Any]] = {}
        for first in range(0, len(forecast.series), _SERIES_AT_A_TIME):
            some = forecast.series[first : first + _SERIES_AT_A_TIME]
            blocks = [_rows_of(series, forecast, schema, frames) for series in some]
            table = pa.Table.from_batches(blocks, schema).combine_chunks()
            for writer in writers:
                writer.write_table(table)


def _writer(path: Path, schema: Any, opened: ExitStack, *, quotes: bool | None) -> Any:
    """Open a writer of CSV, with quotes where they are needed or without; of Parquet when ``quotes`` is ``None``."""
    import pyarrow.csv as pa_csv
    import pyarrow.parquet as pq

    file = opened.enter_context(path.open("wb"))
    if quotes is None:
        return opened.enter_context(pq.ParquetWriter(file, schema, compression="zstd"))
    file.write((",".join(HUB_COLUMNS) + "\n").encode())
    options = pa_csv.WriteOptions(quoting_style="needed" if quotes else "none", include_header=False)
    return opened.enter_context(pa_csv.CSVWriter(file, schema, write_options=options))


def _rows_of(
    series: Series, forecast: ForecastFile, schema: Any, frames: dict[tuple[str, bytes], dict[str, Any]]
) -> Any:
    """Return the rows of a series; ``frames`` keeps what series of one output type and the same days have in common."""
    import pyarrow as pa

    kind = TARGETS[series.target].output_type
    key = kind, series.days.tobytes()
    if key not in frames:
        frames[key] = _frame(kind, series.days.astype("datetime64[D]"), forecast)
    rows = series.values.size
    columns = {
        "location": pa.repeat(series.location, rows),
        "target": pa.repeat(series.target, rows),
        "value": pa.array(np.round(series.values, _DIGITS).reshape(-1)),
    }
    columns |= frames[key]
    return pa.record_batch([columns[name] for name in schema.names], schema=schema)


def _frame(kind: str, days: NDArray[np.datetime64], forecast: ForecastFile) -> dict[str, Any]:
    """Return the columns that say of which days and levels the values of a series are."""
    import pyarrow as pa

    if kind == CDF:
        ids = days.astype(str).astype(object)
    else:
        ids = np.array([f"{level:g}" for level in forecast.levels] * days.size, object)
        days = np.repeat(days, len(forecast.levels))
    return {
        "origin_date": pa.repeat(pa.scalar(forecast.origin_date, pa.date32()), days.size),
        "target_end_date": pa.array(days),
        "output_type": pa.repeat(kind, days.size),
        "output_type_id": pa.array(ids, pa.string()),
    }
