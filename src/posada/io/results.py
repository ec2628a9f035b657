"""Results out: a folder with tables, points on a map, and the stamp that says where all of it comes from.

The folder appears whole or not at all. It takes the place of an earlier one only when that one has a stamp of
Posada; what a person has put beside the files of Posada is kept.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from posada.io.atomic import write_folder
from posada.io.stamp import STAMP_FILE, read_stamp, stamp_record
from posada.model.errors import InputFileError, InvalidValueError, OutputExistsError
from posada.model.outlook import Stamp

Columns = Mapping[str, NDArray[Any]]

COORDINATE_DIGITS = 3
"""Digits of a degree: a hundred metres, which is a town and not a house."""

STAMP_COLUMN = "stamp"
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
    tables: Mapping[str, Columns],
    in_parts: Mapping[str, Iterator[Columns]],
    features: Mapping[str, Sequence[Mapping[str, Any]]],
    details: Mapping[str, Any],
    more: Callable[[Path], object] | None = None,
) -> list[Path]:
    """Write a folder of results and return the paths of its files, the stamp's first.

    Parameters
    ----------
    tables : mapping
        Columns by name of the table; each becomes ``NAME.parquet`` and ``NAME.csv``.
    in_parts : mapping
        Tables that are too long for a spreadsheet, in parts; each becomes ``NAME.parquet`` only.
    features : mapping
        Points by name of the file ``NAME.geojson``; each point has ``lat``, ``lon`` and its properties.
    details : mapping
        What the stamp says beyond its record: how it was made, from which sources.
    more : callable, optional
        Told the folder while it is filled, writes further files into it.

    Raises
    ------
    OutputExistsError
        See :func:`check_target`.
    """
    check_target(directory)
    record = stamp_record(stamp) | dict(details)

    def fill(folder: Path) -> None:
        for name, columns in tables.items():
            write_table(columns, folder / name, record)
        for name, parts in in_parts.items():
            write_parquet(parts, folder / f"{name}.parquet", record)
        for name, points in features.items():
            text = json.dumps(feature_collection(points, record), ensure_ascii=False, indent=1)
            (folder / f"{name}.geojson").write_text(text + "\n", encoding="utf-8", newline="\n")
        if more is not None:
            more(folder)
        whole = record | {"files": {name: _digest(path) for name, path in _files(folder)}}
        text = json.dumps(whole, ensure_ascii=False, indent=2)
        (folder / STAMP_FILE).write_text(text + "\n", encoding="utf-8", newline="\n")

    write_folder(directory, fill, replaces=partial(_keep_what_is_not_ours, directory.resolve()))
    return [directory / name for name in (STAMP_FILE, *sorted(_listed(directory)))]


def _files(folder: Path) -> Iterator[tuple[str, Path]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield path.relative_to(folder).as_posix(), path


def _listed(folder: Path) -> frozenset[str]:
    return frozenset(read_stamp(folder)["files"])


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _keep_what_is_not_ours(target: Path, old: Path) -> None:
    """Move what the old stamp does not list into the new folder, unless a new file has its name."""
    ours = {STAMP_FILE, *_listed(old)}
    for name, path in list(_files(old)):
        place = target / name
        if name not in ours and not place.exists():
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.move(path, place)


def write_table(columns: Columns, base: Path, record: Mapping[str, Any]) -> None:
    """Write columns as ``BASE.parquet`` and ``BASE.csv``.

    The stamp is in the metadata of the Parquet file, under ``posada``. In the CSV file it is the first cell of
    the last column, ``stamp``, so that every program still reads the file without being told of comments.
    """
    import pyarrow as pa
    import pyarrow.csv as pa_csv

    write_parquet(iter([columns]), base.with_name(f"{base.name}.parquet"), record)
    plain = {name: pa.array(column) for name, column in columns.items()}
    rows = len(next(iter(plain.values())))
    cells = pa.array([_short(record), *[None] * (rows - 1)][:rows], pa.string())
    table = pa.table(plain | {STAMP_COLUMN: cells})
    pa_csv.write_csv(table, base.with_name(f"{base.name}.csv"), pa_csv.WriteOptions(quoting_style="needed"))


def write_parquet(parts: Iterator[Columns], path: Path, record: Mapping[str, Any]) -> None:
    """Write a table that comes in parts as one Parquet file, a part at a time."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    metadata = {_METADATA_KEY: json.dumps(record, ensure_ascii=False, sort_keys=True).encode()}
    first = pa.table({name: _arrow(column) for name, column in next(parts).items()})
    schema = first.schema.with_metadata(metadata)
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        writer.write_table(first.cast(schema))
        for part in parts:
            writer.write_table(pa.table({name: _arrow(column) for name, column in part.items()}).cast(schema))


def _arrow(column: NDArray[Any]) -> Any:
    import pyarrow as pa

    made = pa.array(column)
    return made.dictionary_encode() if pa.types.is_string(made.type) else made


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
