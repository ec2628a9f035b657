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
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from posada.io.atomic import check_file_target, write_file, write_text
from posada.io.stamp import STAMP_FILE, stamp_record
from posada.model.errors import InputFileError, InvalidValueError
from posada.model.forecast_file import CDF, QUANTILE, TARGETS, ForecastFile, Series
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
    write_file(path, partial(_write_rows, forecast, record=record, csv=path.suffix == ".csv"), overwrite=overwrite)
    text = json.dumps(record, ensure_ascii=False, indent=2) + "\n"
    write_file(beside, partial(write_text, text=text), overwrite=overwrite)
    return [path, beside]


def fill_forecast_files(forecast: ForecastFile, base: Path, record: Mapping[str, Any]) -> None:
    """Write ``BASE.csv`` and ``BASE.parquet`` into a folder that is being filled and has a stamp of its own.

    For the ``more`` of :func:`~posada.io.results.write_results`; ``record`` is that of
    :func:`~posada.io.stamp.stamp_record`.
    """
    _write_rows(forecast, base.with_name(f"{base.name}.csv"), record=record, csv=True)
    _write_rows(forecast, base.with_name(f"{base.name}.parquet"), record=record, csv=False)


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


def _write_rows(forecast: ForecastFile, path: Path, *, record: Mapping[str, Any], csv: bool) -> None:
    import pyarrow as pa
    import pyarrow.csv as pa_csv
    import pyarrow.parquet as pq

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
    options = pa_csv.WriteOptions(quoting_style="needed" if quotes else "none", include_header=False)
    with path.open("wb") as file:
        if csv:
            file.write((",".join(HUB_COLUMNS) + "\n").encode())
            writer = pa_csv.CSVWriter(file, schema, write_options=options)
        else:
            writer = pq.ParquetWriter(file, schema, compression="zstd")
        with writer:
            for first in range(0, len(forecast.series), _SERIES_AT_A_TIME):
                some = forecast.series[first : first + _SERIES_AT_A_TIME]
                blocks = [_rows_of(series, forecast, schema) for series in some]
                writer.write_table(pa.Table.from_batches(blocks, schema).combine_chunks())


def _rows_of(series: Series, forecast: ForecastFile, schema: Any) -> Any:
    import pyarrow as pa

    rows = series.values.size
    if TARGETS[series.target].output_type == CDF:
        days, ids, kind = series.days, series.days.astype("datetime64[D]").astype(str), CDF
    else:
        days = np.repeat(series.days, len(forecast.levels))
        ids, kind = np.tile([f"{level:g}" for level in forecast.levels], series.days.size), QUANTILE
    columns = {
        "origin_date": pa.repeat(pa.scalar(forecast.origin_date, pa.date32()), rows),
        "location": pa.repeat(series.location, rows),
        "target": pa.repeat(series.target, rows),
        "target_end_date": pa.array(days.astype("datetime64[D]")),
        "output_type": pa.repeat(kind, rows),
        "output_type_id": pa.array(ids.astype(object), pa.string()),
        "value": pa.array(np.round(series.values, _DIGITS).reshape(-1)),
    }
    return pa.record_batch(columns, schema=schema)
