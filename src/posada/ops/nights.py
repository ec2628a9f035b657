"""Nights of a forecast that are kept, so that one with another report goes on from the night before that report."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

import numpy as np

import posada
from posada.engine.cursor import Cursor
from posada.forecast.filter import Assimilated, Filter, Reached, Step
from posada.io.night_store import KeptNight, NightStore
from posada.ops.blocks import computed_with
from posada.ops.hearing import Hearing

LAST_NIGHTS = 4
"""How many are kept: a report about the as-of date or one of the two days before goes on from one of them."""


@dataclass(frozen=True, slots=True)
class Resumed:
    """From which night a forecast went on, ``None`` from the first day, and which nights are kept now."""

    night: dt.date | None
    kept: tuple[dt.date, ...]


class Nights:
    """The nights of a forecast in a store.

    The key of a night is made of all that its members depend on: the scenario but for reports and sources, members,
    seed, versions, and what was heard until then.
    """

    def __init__(self, store: NightStore, cursor: Cursor, hearing: Hearing, days: int) -> None:
        self._store = store
        self._cursor = cursor
        self._first = cursor.course.first
        self._keys = list(self._made_keys(hearing, days))

    def _made_keys(self, hearing: Hearing, days: int) -> Iterator[str]:
        course = self._cursor.course
        digest = hashlib.sha256(course.given.digest(without=("reports", "sources")).encode())
        digest.update(repr((self._cursor.members, course.seed, computed_with(), _sources_digest())).encode())
        for day in range(days):
            for heard in hearing.by_day.get(self._date(day), ()):
                digest.update(repr(heard.said).encode())
            yield digest.hexdigest()[:16]

    def _date(self, day: int) -> dt.date:
        return self._first + dt.timedelta(days=day)

    def resume(self) -> tuple[Reached, list[Step]] | None:
        """Put the members where the last night that is kept left them; ``None`` when none is."""
        with ThreadPoolExecutor(1) as beside:
            reading = beside.submit(self._last)
            self._cursor.get_ready()
            found = reading.result()
        if found is None:
            return None
        day, night = found
        self._cursor.restore(night.arrays)
        log_weights, believed = night.arrays["filter.log_weights"], night.arrays["filter.believed"]
        steps = [_step(row) for row in night.record["steps"]]
        return Reached(day + 1, night.record["choices"], log_weights, believed), steps

    def _last(self) -> tuple[int, KeptNight] | None:
        """Return the last night that is kept, and its day."""
        for day in range(len(self._keys) - 1, -1, -1):
            night = self._store.read(self._date(day), self._keys[day])
            if night is not None:
                return day, night
        return None

    def keep(self, filtered: Filter, steps: list[Step]) -> None:
        """Keep the night that was just run, if it is one of the last and not kept already."""
        day = steps[-1].day
        if day < len(self._keys) - LAST_NIGHTS or self._store.has(self._date(day), self._keys[day]):
            return
        reached = filtered.reached
        arrays = self._cursor.state() | {
            "filter.log_weights": reached.log_weights,
            "filter.believed": np.asarray(reached.believed),
        }
        record = {"choices": reached.choices, "steps": [asdict(step) for step in steps]}
        self._store.write(self._date(day), self._keys[day], KeptNight(arrays, record))

    def keep_only_last(self) -> tuple[dt.date, ...]:
        """Remove all other nights of the store, and return the dates of those that it holds."""
        last = [(self._date(day), key) for day, key in enumerate(self._keys)][-LAST_NIGHTS:]
        return tuple(self._store.keep_only(last))


def _step(record: dict[str, object]) -> Step:
    rows = record.pop("assimilated")
    assert isinstance(rows, list)
    done = tuple(Assimilated(**{**row, "effect": tuple(row["effect"])}) for row in rows)
    return Step(assimilated=done, **record)  # type: ignore[arg-type]


@cache
def _sources_digest() -> str:
    """Return the SHA-256 of the sources that say how members are held against reports."""
    digest = hashlib.sha256()
    root = Path(posada.__file__).parent
    for room in ("model", "forecast", "ops"):
        for source in sorted((root / room).rglob("*.py")):
            digest.update(source.read_bytes())
    return digest.hexdigest()
