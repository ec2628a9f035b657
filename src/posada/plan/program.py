"""A linear program with named families of columns and rows, built as arrays and handed to HiGHS at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

INFINITY = np.inf

Entry = tuple[NDArray[np.integer[Any]], NDArray[np.integer[Any]], Any]
"""Rows, columns and coefficients, the last an array of the same length or one number."""


@dataclass(frozen=True, eq=False)
class Matrix:
    """The finished program: min cost·x with lower ≤ x ≤ upper and row_lower ≤ A·x ≤ row_upper, A by rows.

    Attributes
    ----------
    lower, upper : (columns,)
    integer : (columns,)
        Which columns are whole numbers.
    row_lower, row_upper : (rows,)
    start : (rows + 1,)
    index : (entries,)
    value : (entries,)
    """

    lower: Floats
    upper: Floats
    integer: NDArray[np.bool_]
    row_lower: Floats
    row_upper: Floats
    start: Ints
    index: Ints
    value: Floats


@dataclass
class Program:
    """Collects columns and rows family by family; nothing is a loop over single variables."""

    _columns: list[tuple[str, Floats, Floats, NDArray[np.bool_]]] = field(default_factory=list)
    _rows: list[tuple[str, Floats, Floats]] = field(default_factory=list)
    _entries: list[Entry] = field(default_factory=list)
    columns: int = 0
    rows: int = 0

    def add_columns(
        self,
        family: str,
        count: int,
        *,
        upper: ArrayLike = INFINITY,
        lower: ArrayLike = 0.0,
        integer: ArrayLike = False,
    ) -> Ints:
        """Add columns and return their positions, ``(count,)``."""
        low, high = (np.broadcast_to(np.asarray(bound, np.float64), count).copy() for bound in (lower, upper))
        whole = np.broadcast_to(np.asarray(integer, bool), count).copy()
        self._columns.append((family, low, high, whole))
        first = self.columns
        self.columns += count
        return np.arange(first, self.columns, dtype=np.int64)

    def add_rows(
        self,
        family: str,
        count: int,
        entries: Sequence[Entry],
        *,
        lower: ArrayLike = -INFINITY,
        upper: ArrayLike = INFINITY,
    ) -> Ints:
        """Add rows and return their positions.

        ``entries`` are triples of row (counted from 0 within the family), column and coefficient; what stands twice
        is added up.
        """
        low, high = (np.broadcast_to(np.asarray(bound, np.float64), count).copy() for bound in (lower, upper))
        self._rows.append((family, low, high))
        first = self.rows
        self.rows += count
        for row, column, value in entries:
            values = np.broadcast_to(np.asarray(value, np.float64), row.shape)
            self._entries.append((row + first, column, values))
        return np.arange(first, self.rows, dtype=np.int64)

    def families(self) -> dict[str, int]:
        """Return the number of columns and rows of each family, for reading and for tests."""
        counts: dict[str, int] = {}
        for family, low, *_ in self._columns:
            counts[family] = counts.get(family, 0) + low.size
        for family, low, _ in self._rows:
            counts[f"{family} (rows)"] = counts.get(f"{family} (rows)", 0) + low.size
        return counts

    def finish(self) -> Matrix:
        """Return the program as compressed rows."""
        from scipy.sparse import coo_array

        def join(parts: list[NDArray[Any]]) -> NDArray[Any]:
            return np.concatenate(parts) if parts else np.empty(0)

        rows, columns, values = (join([part[axis] for part in self._entries]) for axis in range(3))
        shape = (self.rows, self.columns)
        table = coo_array((values, (rows.astype(np.int64), columns.astype(np.int64))), shape=shape).tocsr()
        table.sum_duplicates()
        return Matrix(
            lower=join([part[1] for part in self._columns]).astype(np.float64),
            upper=join([part[2] for part in self._columns]).astype(np.float64),
            integer=join([part[3] for part in self._columns]).astype(bool),
            row_lower=join([part[1] for part in self._rows]).astype(np.float64),
            row_upper=join([part[2] for part in self._rows]).astype(np.float64),
            start=table.indptr.astype(np.int64),
            index=table.indices.astype(np.int64),
            value=table.data.astype(np.float64),
        )
