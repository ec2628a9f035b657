"""A folder that keeps members of an ensemble, block by block, so that a run can go on after it was cut off.

The folder has a file ``members.json``, which says of what the members are, and one file for each block,
``members-FIRST-LAST.CHECKSUM.npz``: a zip of NumPy arrays. Counts by place have an array of their own for each
place, so that one place can be read alone. A block appears whole or not at all, and its name holds the first 16
digits of the SHA-256 of its bytes, so that damage is noticed.
"""

from __future__ import annotations

import hashlib
import json
import re
import tempfile
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from posada.io.atomic import write_file, write_folder, write_text
from posada.io.stamp import MADE_BY
from posada.model.errors import InputFileError, OutputExistsError, UnknownNameError
from posada.model.member_block import BY_PLACE, EnsembleKey, MemberBlock, MemberRange, without

ABOUT_FILE = "members.json"
FORMAT = 1
"""Raised when what stands in the files changes its meaning."""

_BLOCK_NAME = re.compile(r"members-(\d{8,})-(\d{8,})\.([0-9a-f]{16})\.npz")
_LABELS = "labels.json"
_COMPRESSION_LEVEL = 1  # counts are mostly small: level 6 takes three times as long for a tenth less


@dataclass(frozen=True, slots=True)
class Held:
    """Blocks of a store whose checksum was verified, and those that were damaged."""

    sound: tuple[MemberRange, ...]
    damaged: tuple[MemberRange, ...]


class MemberStore:
    """The folder; see :func:`open_store`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._paths: dict[MemberRange, Path] = {}

    def verify(self) -> Held:
        """Read every block to compare its checksum, remove those that are damaged, and say which are which."""
        damaged = []
        self._paths = {}
        for path in sorted(self.folder.glob("members-*.npz")):
            found = _BLOCK_NAME.fullmatch(path.name)
            if found is None:
                continue
            members = MemberRange(int(found[1]), int(found[2]) + 1)
            if _checksum(path) == found[3]:
                self._paths[members] = path
            else:
                path.unlink()
                damaged.append(members)
        return Held(tuple(self._paths), tuple(damaged))

    def write(self, block: MemberBlock) -> Path:
        """Keep a block; it is there, whole, when this returns."""
        first, end = block.range
        draft = self.folder / f".members-{first:08d}-{end - 1:08d}.npz"
        write_file(draft, lambda path: _write_block(path, block), overwrite=True)
        target = self.folder / f"{draft.name[1:-4]}.{_checksum(draft)}.npz"
        draft.replace(target)
        self._paths[block.range] = target
        return target

    def blocks(self, wanted: MemberRange) -> Iterator[MemberBlock]:
        """Give the blocks that hold wanted members, one at a time.

        Raises
        ------
        InputFileError
            When members are missing.
        """
        for members, path in self._holding(wanted):
            with zipfile.ZipFile(path) as file:
                yield _read_block(file, members.first)

    def of_places(self, name: str, place_ids: Sequence[str], wanted: MemberRange) -> NDArray[Any]:
        """Return the counts of some places in the wanted members, ``(places, members, days)``, and read nothing else.

        Parameters
        ----------
        name : str
            The array, such as ``people``.

        Raises
        ------
        UnknownNameError
            When there is no such place or array.
        InputFileError
            When members are missing.
        """
        whole: NDArray[Any] = np.empty((0, 0, 0), np.int32)
        for members, path in self._holding(wanted):
            first, end = max(members.first, wanted.first), min(members.end, wanted.end)
            rows = slice(first - members.first, end - members.first)
            with zipfile.ZipFile(path) as file:
                for place, number in enumerate(_place_numbers(file, name, place_ids)):
                    values = _read_array(file, f"{name}/{number}")
                    if not whole.size:
                        shape = (len(place_ids), wanted.end - wanted.first, values.shape[1])
                        whole = np.empty(shape, values.dtype)
                    whole[place, first - wanted.first : end - wanted.first] = values[rows]
        return whole

    def scratch(self, shape: tuple[int, ...], dtype: np.dtype[Any]) -> NDArray[Any]:
        """Return an array to be filled that lies in a file of the store without a name, which goes when it does.

        The system keeps in memory what is in use of it, and no more than there is room for.
        """
        with tempfile.TemporaryFile(dir=self.folder) as file:
            return np.memmap(file, dtype, "w+", shape=shape)

    def labels(self) -> Mapping[str, tuple[str, ...]]:
        """Return the names along the axes, from any block.

        Raises
        ------
        InputFileError
            When there is none.
        """
        for path in self._paths.values():
            with zipfile.ZipFile(path) as file:
                return _read_labels(file)
        raise InputFileError(f"'{self.folder}' holds no members yet.")

    def _holding(self, wanted: MemberRange) -> list[tuple[MemberRange, Path]]:
        missing = without(wanted, self._paths)
        if missing:
            raise InputFileError(f"'{self.folder}' does not hold members {missing[0]}. Run them into it first.")
        held = sorted(self._paths.items())
        return [(members, path) for members, path in held if members.first < wanted.end and members.end > wanted.first]


def open_store(folder: Path, key: EnsembleKey) -> MemberStore:
    """Open a store for an ensemble; make it when the folder is not there, or empty.

    Raises
    ------
    OutputExistsError
        When something else stands there.
    InputFileError
        When the store is of another ensemble.
    """
    if folder.is_file():
        raise OutputExistsError(f"'{folder}' is a file. Name a folder for the members.")
    about = folder / ABOUT_FILE
    record = {"made_by": MADE_BY, "format": FORMAT, **asdict(key)}
    if not folder.is_dir() or not any(folder.iterdir()):
        text = json.dumps(record, ensure_ascii=False, indent=2) + "\n"
        write_folder(folder, lambda part: write_text(part / ABOUT_FILE, text))
    elif not about.is_file():
        message = f"'{folder}' is not empty and has no '{ABOUT_FILE}', so no members are kept in it."
        raise OutputExistsError(f"{message} Name another folder.")
    else:
        _check_same(folder, _read_about(about), record)
    return MemberStore(folder)


def _read_about(path: Path) -> dict[str, Any]:
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
    except (UnicodeDecodeError, json.JSONDecodeError):
        record = None
    if not isinstance(record, dict) or record.get("made_by") != MADE_BY:
        raise InputFileError(f"'{path}' was not written by Posada, or was changed since.")
    return record


def _check_same(folder: Path, there: Mapping[str, Any], asked: Mapping[str, Any]) -> None:
    """Raise when the members of a store are not those that are asked for, and say in what they differ."""
    before, now = dict(_flat(there)), dict(_flat(asked))
    names = sorted({*before, *now})
    differences = [
        f"{name} is {before.get(name)} there, {now.get(name)} here"
        for name in names
        if before.get(name) != now.get(name)
    ]
    if differences:
        raise InputFileError(
            f"the members in '{folder}' are of another run: {'; '.join(differences)}. "
            "Name another folder, or ask for the same again."
        )


def _flat(record: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in record.items():
        if isinstance(value, Mapping):
            yield from _flat(value)
        else:
            yield name, value


def _checksum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:16]


def _write_block(path: Path, block: MemberBlock) -> None:
    # Entries that are opened by name carry no time of day, so that the same members make the same bytes.
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=_COMPRESSION_LEVEL) as file:
        with file.open(_LABELS, "w") as part:
            part.write(json.dumps(dict(block.labels)).encode())
        for name, array in block.arrays.items():
            if name in BY_PLACE:
                for place in range(array.shape[2]):
                    _write_array(file, f"{name}/{place}", array[:, :, place])
            else:
                _write_array(file, f"members/{name}", array)
        for name, array in block.shared.items():
            _write_array(file, f"shared/{name}", array)


def _write_array(file: zipfile.ZipFile, name: str, array: NDArray[Any]) -> None:
    with file.open(f"{name}.npy", "w", force_zip64=True) as part:
        np.lib.format.write_array(part, np.ascontiguousarray(array), allow_pickle=False)


def _read_array(file: zipfile.ZipFile, name: str) -> NDArray[Any]:
    with file.open(f"{name}.npy") as part:
        found: NDArray[Any] = np.lib.format.read_array(part, allow_pickle=False)
    return found


def _read_labels(file: zipfile.ZipFile) -> dict[str, tuple[str, ...]]:
    return {name: tuple(values) for name, values in json.loads(file.read(_LABELS)).items()}


def _place_numbers(file: zipfile.ZipFile, name: str, place_ids: Sequence[str]) -> list[int]:
    names = {entry.split("/")[0] for entry in file.namelist()} & BY_PLACE
    if name not in names:
        raise UnknownNameError("array by place", name, names)
    number = {place: index for index, place in enumerate(_read_labels(file)["place_ids"])}
    for place_id in place_ids:
        if place_id not in number:
            raise UnknownNameError("place", place_id, number)
    return [number[place_id] for place_id in place_ids]


def _read_block(file: zipfile.ZipFile, first_member: int) -> MemberBlock:
    labels = _read_labels(file)
    arrays: dict[str, NDArray[Any]] = {}
    shared: dict[str, NDArray[Any]] = {}
    for entry in file.namelist():
        group, _, name = entry.removesuffix(".npy").partition("/")
        if group == "members":
            arrays[name] = _read_array(file, f"{group}/{name}")
        elif group == "shared":
            shared[name] = _read_array(file, f"{group}/{name}")
        elif group in BY_PLACE:
            values = _read_array(file, f"{group}/{name}")
            if group not in arrays:
                arrays[group] = np.empty((*values.shape, len(labels["place_ids"])), values.dtype)
            arrays[group][:, :, int(name)] = values
    return MemberBlock(first_member, labels, arrays, shared)
