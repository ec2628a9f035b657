"""Results out: a folder with tables, points on a map, and the stamp that says where all of it comes from.

The folder appears whole or not at all. It takes the place of an earlier one only when that one has a stamp of
Posada; what a person has put beside the files of Posada is kept.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from posada.io.atomic import write_folder
from posada.io.stamp import STAMP_FILE, read_stamp, stamp_record
from posada.model.errors import InputFileError, InvalidValueError, OutputExistsError
from posada.model.outlook import Stamp
from posada.model.text_column import TextColumn

Columns = Mapping[str, Any]
"""Columns by name: arrays of numpy, few texts in many rows, or arrays of Arrow where numbers or days may be missing."""

COORDINATE_DIGITS = 3
"""Digits of a degree: a hundred metres, which is a town and not a house."""

STAMP_COLUMN = "stamp"
_DIGEST_THREADS = 2
_METADATA_KEY = b"posada"


def check_target(directory: Path) -> None:
    """Raise when results must not be written to a place, before anything is computed.

    Raises
    ------
    OutputExistsError
        When a file stands there, or a folder that Posada did not make, or the folder one works in.
    InvalidValueError
        When nothing can be made there.
    """
    target = directory.resolve()
    if Path.cwd().is_relative_to(target):
        raise OutputExistsError(f"'{directory}' is the folder you are in, or above it. Name a folder inside it: 'out'.")
    if target.is_file():
        raise OutputExistsError(f"'{directory}' is a file. Name a folder for the results.")
    home = next(parent for parent in target.parents if parent.exists())
    if not home.is_dir() or not os.access(home, os.W_OK | os.X_OK):
        why = "you may not write there" if home.is_dir() else "it is a file"
        raise InvalidValueError(f"'{directory}' cannot be made in '{home}': {why}. Name another folder.")
    if target.is_dir() and any(target.iterdir()):
        try:
            read_stamp(target)
        except InputFileError:
            message = f"'{directory}' is not empty and has no stamp of Posada, so it is not replaced."
            raise OutputExistsError(f"{message} Choose another name; nothing was written.") from None


def write_results(
    directory: Path,
    stamp: Stamp,
    *,
    tables: Mapping[str, Iterable[Columns]],
    features: Mapping[str, Sequence[Mapping[str, Any]]],
    details: Mapping[str, Any],
    too_long_for_csv: Collection[str] = (),
    more: Callable[[Path], object] | None = None,
) -> list[Path]:
    """Write a folder of results and return the paths of its files, the stamp's first.

    Parameters
    ----------
    tables : mapping
        Tables by name, each in parts of columns; each becomes ``NAME.parquet`` and ``NAME.csv``.
    too_long_for_csv : collection of str
        Tables with more rows than a spreadsheet opens; they become ``NAME.parquet`` only.
    features : mapping
        Points by name of the file ``NAME.geojson``; each point has ``lat``, ``lon`` and its properties.
    details : mapping
        What the stamp says beyond its record: how it was made, from which sources.
    more : callable, optional
        Told the folder while it is filled, writes further files into it; on a thread of its own.

    Raises
    ------
    OutputExistsError
        See :func:`check_target`.
    """
    record = stamp_record(stamp) | dict(details)

    def fill(folder: Path) -> None:
        with ThreadPoolExecutor(1) as beside:
            further = None if more is None else beside.submit(more, folder)
            for name, parts in tables.items():
                write_table(parts, folder / name, record, csv=name not in too_long_for_csv)
            for name, points in features.items():
                text = json.dumps(feature_collection(points, record), ensure_ascii=False, indent=1)
                (folder / f"{name}.geojson").write_text(text + "\n", encoding="utf-8", newline="\n")
            if further is not None:
                further.result()

    return write_stamped_folder(directory, record, fill)


def write_stamped_folder(directory: Path, record: Mapping[str, Any], fill: Callable[[Path], object]) -> list[Path]:
    """Let ``fill`` write files into a new folder, stamp it with their digests, and return their paths.

    Raises
    ------
    OutputExistsError
        See :func:`check_target`.
    """
    check_target(directory)

    def fill_and_stamp(folder: Path) -> None:
        fill(folder)
        write_stamp(folder, record)

    write_folder(directory, fill_and_stamp, replaces=partial(_keep_what_is_not_ours, directory.resolve()))
    return [directory / name for name in (STAMP_FILE, *sorted(_listed(directory)))]


def write_stamp(folder: Path, record: Mapping[str, Any]) -> None:
    """Write the stamp of a folder, with the digest of every file that is in it or below it."""
    files = dict(_files(folder))
    with ThreadPoolExecutor(_DIGEST_THREADS) as pool:
        digests = dict(zip(files, pool.map(_digest, files.values()), strict=True))
    whole = dict(record) | {"files": digests}
    text = json.dumps(whole, ensure_ascii=False, indent=2)
    (folder / STAMP_FILE).write_text(text + "\n", encoding="utf-8", newline="\n")


def _files(folder: Path) -> Iterator[tuple[str, Path]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield path.relative_to(folder).as_posix(), path


def _listed(folder: Path) -> frozenset[str]:
    return frozenset(read_stamp(folder)["files"])


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _keep_what_is_not_ours(target: Path, old: Path) -> None:
    """Move what the old stamp does not list into the new folder, unless a new file has its name."""
    ours = {STAMP_FILE, *_listed(old)}
    for name, path in list(_files(old)):
        place = target / name
        if name not in ours and not place.exists():
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.move(path, place)


def write_table(parts: Iterable[Columns], base: Path, record: Mapping[str, Any], *, csv: bool) -> None:
    """Write a table that comes in parts as ``BASE.parquet``, and when asked as ``BASE.csv``, a part at a time.

    The stamp is in the metadata of the Parquet file, under ``posada``. In the CSV file it is the first cell of
    the last column, ``stamp``, so that every program still reads the file without being told of comments.
    """
    import pyarrow as pa
    import pyarrow.csv as pa_csv
    import pyarrow.parquet as pq

    metadata = {_METADATA_KEY: json.dumps(record, ensure_ascii=False, sort_keys=True).encode()}
    stamp = _short(record)
    with ExitStack() as opened:
        parquet = text = None
        for part in parts:
            table = pa.table({name: _arrow_array(column) for name, column in part.items()}, metadata=metadata)
            if parquet is None:
                path = base.with_name(f"{base.name}.parquet")
                parquet = opened.enter_context(pq.ParquetWriter(path, table.schema, compression="zstd"))
            parquet.write_table(table)
            if not csv:
                continue
            cells = pa.array([stamp if text is None else None, *[None] * (table.num_rows - 1)][: table.num_rows])
            stamped = table.append_column(STAMP_COLUMN, cells.cast(pa.string()))
            if text is None:
                options = pa_csv.WriteOptions(quoting_style="needed")
                path = base.with_name(f"{base.name}.csv")
                text = opened.enter_context(pa_csv.CSVWriter(path, stamped.schema, write_options=options))
            text.write_table(stamped)


def _arrow_array(column: Any) -> Any:
    """Return a column for Arrow. Text is named as such: of an empty column its type could not be seen.

    One text that is spread over all rows (``numpy.broadcast_to``) is not looked at row by row.
    """
    import pyarrow as pa

    if isinstance(column, TextColumn):
        return pa.array(column.texts, pa.string()).take(pa.array(column.which))
    if not isinstance(column, np.ndarray):
        return column
    if column.dtype != object:
        return pa.array(column)
    if column.size > 1 and column.strides == (0,):
        return pa.repeat(pa.scalar(column[0], pa.string()), column.size)
    return pa.array(column, pa.string())


def _short(record: Mapping[str, Any]) -> str:
    """Return the stamp in one line, for a cell."""
    return (
        f"posada {record['version']}; scenario {record['scenario_id']} {record['scenario_hash']}; "
        f"seed {record['seed']}; members {record['members']}; as of {record['as_of'] or 'the first day'}; "
        f"made {record['made_at']}; {record['classification']}; {record['not_for_enforcement']}"
    )


def read_table_stamp(path: Path) -> dict[str, Any]:
    """Return the stamp of a Parquet file that Posada wrote.

    Raises
    ------
    InputFileError
        When it has none.
    """
    import pyarrow.parquet as pq

    metadata = pq.read_schema(path).metadata or {}
    if _METADATA_KEY not in metadata:
        raise InputFileError(f"'{path.name}' has no stamp of Posada.")
    found: dict[str, Any] = json.loads(metadata[_METADATA_KEY])
    return found


def feature_collection(points: Sequence[Mapping[str, Any]], record: Mapping[str, Any]) -> dict[str, Any]:
    """Return points as GeoJSON (RFC 7946): longitude first, WGS 84, never a line, with the stamp as ``posada``."""
    return {"type": "FeatureCollection", "posada": dict(record), "features": [_feature(point) for point in points]}


def _feature(point: Mapping[str, Any]) -> dict[str, Any]:
    where = [round(float(point["lon"]), COORDINATE_DIGITS), round(float(point["lat"]), COORDINATE_DIGITS)]
    properties = {name: _json_value(value) for name, value in point.items() if name not in ("lat", "lon")}
    return {"type": "Feature", "geometry": {"type": "Point", "coordinates": where}, "properties": properties}


def _json_value(value: Any) -> Any:
    """Return a value for JSON: what is not defined is null, not a word that other programs cannot read."""
    if isinstance(value, float) and not np.isfinite(value):
        return None
    return value.isoformat() if hasattr(value, "isoformat") else value
