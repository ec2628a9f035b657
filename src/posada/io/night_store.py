"""A folder that keeps some nights of a forecast, from which another one can go on.

A night is a file ``night-DATE.KEY.CHECKSUM.zst``: JSON, with its length before it, and arrays, each compressed. The
key says of what it is a night, the checksum holds the first 16 digits of the SHA-256 of the bytes. A file
``nights.json`` says that the folder is one of Posada.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import math
import re
from collections.abc import Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from posada.io.atomic import write_file, write_folder, write_text
from posada.io.stamp import MADE_BY
from posada.model.errors import OutputExistsError

ABOUT_FILE = "nights.json"
FORMAT = 1
"""Raised when what stands in the files changes its meaning."""

_CODEC = "zstd"
_HEAD_SIZE = 8
_THREADS = 2  # a night of 20,000 members is half a gigabyte
_NAME = re.compile(r"night-(\d{4}-\d\d-\d\d)\.([0-9a-f]{16})\.([0-9a-f]{16})\.zst")


@dataclass(frozen=True, eq=False)
class KeptNight:
    """Arrays by name, and plain values."""

    arrays: Mapping[str, NDArray[Any]]
    record: Mapping[str, Any]


class NightStore:
    """The folder; see :func:`open_night_store`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def has(self, date: dt.date, key: str) -> bool:
        """Say whether there is a file for a night of a date and key."""
        return any(self.folder.glob(f"night-{date}.{key}.*.zst"))

    def read(self, date: dt.date, key: str) -> KeptNight | None:
        """Return the night of a date and key; ``None`` when there is none, or it was damaged: then it is removed."""
        for path in self.folder.glob(f"night-{date}.{key}.*.zst"):
            found = _NAME.fullmatch(path.name)
            if found is not None and found[3] == _checksum(path):
                return _read(path)
            path.unlink()
        return None

    def write(self, date: dt.date, key: str, night: KeptNight) -> None:
        """Keep a night; it is there, whole, when this returns."""
        draft = self.folder / f".night-{date}.{key}"
        write_file(draft, partial(_write, night=night), overwrite=True)
        draft.replace(self.folder / f"night-{date}.{key}.{_checksum(draft)}.zst")

    def keep_only(self, nights: Collection[tuple[dt.date, str]]) -> list[dt.date]:
        """Remove all nights but those of these dates and keys, and return the dates of those that are left."""
        wanted = {(str(date), key) for date, key in nights}
        left = []
        for path in sorted(self.folder.glob("night-*.zst")):
            found = _NAME.fullmatch(path.name)
            if found is not None and (found[1], found[2]) in wanted:
                left.append(dt.date.fromisoformat(found[1]))
            elif found is not None:
                path.unlink()
        return left


def open_night_store(folder: Path) -> NightStore:
    """Open a store of nights; make it when the folder is not there, or empty.

    Raises
    ------
    OutputExistsError
        When something else stands there.
    """
    if folder.is_file():
        raise OutputExistsError(f"'{folder}' is a file. Name a folder for the nights of a forecast.")
    if not folder.is_dir() or not any(folder.iterdir()):
        text = json.dumps({"made_by": MADE_BY, "format": FORMAT}) + "\n"
        write_folder(folder, lambda part: write_text(part / ABOUT_FILE, text))
    elif not _is_store(folder):
        raise OutputExistsError(
            f"'{folder}' is not empty and has no '{ABOUT_FILE}' of this version, so no nights are kept in it. "
            "Name another folder."
        )
    return NightStore(folder)


def _is_store(folder: Path) -> bool:
    try:
        record = json.loads((folder / ABOUT_FILE).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, json.JSONDecodeError):
        return False
    return isinstance(record, dict) and (record.get("made_by"), record.get("format")) == (MADE_BY, FORMAT)


def _checksum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:16]


def _write(path: Path, night: KeptNight) -> None:
    import pyarrow as pa

    def packed(array: NDArray[Any]) -> bytes:
        whole: bytes = pa.compress(array.reshape(-1).view(np.uint8), _CODEC, asbytes=True) if array.size else b""
        return whole

    arrays = {name: np.ascontiguousarray(array) for name, array in night.arrays.items()}
    with ThreadPoolExecutor(_THREADS) as pool:
        parts = list(pool.map(packed, arrays.values()))
    about = [
        (name, array.dtype.str, array.shape, len(part))
        for (name, array), part in zip(arrays.items(), parts, strict=True)
    ]
    head = json.dumps({"record": dict(night.record), "arrays": about}).encode()
    with path.open("wb") as file:
        file.write(len(head).to_bytes(_HEAD_SIZE, "little") + head)
        file.writelines(parts)


def _read(path: Path) -> KeptNight:
    import pyarrow as pa

    def unpacked(about: tuple[str, str, list[int], int], part: NDArray[np.uint8]) -> NDArray[Any]:
        _, dtype, shape, size = about
        if not size:
            return np.empty(shape, dtype)
        nbytes = math.prod(shape) * np.dtype(dtype).itemsize
        packed = pa.py_buffer(part)
        whole: NDArray[Any] = np.frombuffer(pa.decompress(packed, nbytes, _CODEC), dtype).reshape(
            shape
        )  # can be written
        return whole

    # Unpacked from where the system has it in memory, not from a copy.
    file = np.memmap(path, np.uint8, "r")
    begin = _HEAD_SIZE + int.from_bytes(file[:_HEAD_SIZE].tobytes(), "little")
    head = json.loads(file[_HEAD_SIZE:begin].tobytes())
    ends = np.cumsum([begin, *(size for *_, size in head["arrays"])])
    parts = [file[first:end] for first, end in pairwise(ends)]
    with ThreadPoolExecutor(_THREADS) as pool:
        arrays = list(pool.map(unpacked, head["arrays"], parts))
    return KeptNight({name: array for (name, *_), array in zip(head["arrays"], arrays, strict=True)}, head["record"])
