"""What each report did to a forecast, as a table whose columns are the fields of its record."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from posada.forecast.tables import Columns
from posada.model.fields import Kind, fields_of
from posada.model.learning import Learning, ReportEffect

_DIGITS = 4


def reports_table(learning: Learning, hidden: Collection[str] = ()) -> Iterator[Columns]:
    """Yield the reports, one row each, those that were heard first; see :class:`~posada.model.learning.ReportEffect`.

    Parameters
    ----------
    hidden : collection of str
        Identifiers of places marked sensitive: reports about them are left out.
    """
    rows = [row for row in learning.effects if row.place not in hidden]
    yield {
        spec.header: _column(spec.kind, [getattr(row, spec.name) for row in rows]) for spec in fields_of(ReportEffect)
    }


def _column(kind: Kind, values: list[Any]) -> NDArray[Any]:
    """Return a column; what is missing is masked among numbers, so that its cell is empty, and ``None`` among texts."""
    if kind is Kind.NUMBER:
        numbers = (
            np.round([0.0 if value is None else value for value in values], _DIGITS) + 0.0
        )  # no minus before a zero
        return np.ma.array(numbers, mask=[value is None for value in values])
    if kind is Kind.DATE:
        return np.array(values, "datetime64[D]")
    return np.array(values, bool if kind is Kind.YES_NO else object)
