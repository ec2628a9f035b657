"""``out.csv``: the table of results of the Flee simulator, so that its tools can read a run of Posada."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from posada.io.atomic import write_file
from posada.model.dispersal_run import DispersalRun
from posada.model.errors import InvalidValueError

DIGITS = 4
"""To which Flee rounds the error of a camp."""
NO_REGISTRATION = 1e-5
"""Below it Flee takes registrations for none, and the error for 0."""

Numbers = NDArray[Any]


@dataclass(frozen=True)
class FleeOut:
    """What Flee writes about a run, day by day.

    Attributes
    ----------
    start : date
        The first day.
    camps : tuple of str
        Their names as Flee has them, in the order of ``locations.csv``.
    simulated : (days, camps) or (members, days, camps)
        People in each camp at the end of the day.
    registered : (days, camps)
        People registered in each.
    everybody : (days,) or (members, days)
        All people, in camps and elsewhere.
    raw : (days,)
        The running sum of people newly registered; where it is not above 0, Flee writes a row of zeros.
    debt : (days,) or (members, days)
        By how much registrations fell, and were not made up for since.
    in_home_country : (days,) or (members, days), or None
        People displaced in the home country, for a last column that is only there when it is asked for.
    """

    start: dt.date
    camps: tuple[str, ...]
    simulated: Numbers
    registered: Numbers
    everybody: Numbers
    raw: Numbers
    debt: Numbers
    in_home_country: Numbers | None = None

    @classmethod
    def of(cls, run: DispersalRun) -> FleeOut:
        """Return what Flee would write about a run, in simulated people as Flee does.

        Raises
        ------
        UnknownNameError
            When a camp is not among the places that the run kept.
        """
        return cls(
            start=run.dates[0],
            camps=tuple(run.scenario.place(camp).name for camp in run.camp_ids),
            simulated=run.in_camps(),
            registered=run.registered,
            everybody=run.entered,
            raw=run.raw_total,
            debt=run.debt,
        )


def flee_out(out: FleeOut, *, member: int | None = None) -> str:
    """Return the table as text.

    Parameters
    ----------
    member : int or None
        Which member, counted from 0; ``None`` for the mean of all, rounded to whole people.

    Raises
    ------
    InvalidValueError
        When there is no such member, or the arrays do not fit each other.
    """
    days = len(out.raw)
    simulated = _one(out.simulated, 2, member)
    everybody, debt = (_one(array, 1, member) for array in (out.everybody, out.debt))
    displaced = None if out.in_home_country is None else _one(out.in_home_country, 1, member)
    shapes = [simulated.shape, out.registered.shape, (*everybody.shape, len(out.camps)), (*debt.shape, len(out.camps))]
    if set(shapes) != {(days, len(out.camps))}:
        raise InvalidValueError(f"the arrays do not fit {days} days and {len(out.camps)} camps: {shapes}.")
    lines = [",".join(_header(out))]
    for day in range(days):
        cells = [day, out.start + dt.timedelta(days=day + 1)]  # Flee's clock has moved on when it writes
        for people, counted in zip(simulated[day].tolist(), out.registered[day].tolist(), strict=True):
            cells += [people, counted, _camp_error(people, counted)]
        cells += _sums(simulated[day], out.registered[day], int(everybody[day]), int(out.raw[day]), debt=int(debt[day]))
        cells += [] if displaced is None else [int(displaced[day])]
        lines.append(",".join(map(str, cells)))
    return "\n".join(lines) + "\n"


def write_flee_out(
    out: FleeOut, path: str | PathLike[str], *, member: int | None = None, overwrite: bool = False
) -> None:
    """Write the table, whole or not at all; ``member`` as in :func:`flee_out`.

    Raises
    ------
    OutputExistsError
        When the file exists and may not be overwritten.
    InvalidValueError
        When there is no such member, or the arrays do not fit each other.
    """
    text = flee_out(out, member=member)
    write_file(Path(path), partial(_write, text), overwrite=overwrite)


def _write(text: str, path: Path) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")


def _one(array: Numbers, dimensions: int, member: int | None) -> NDArray[np.int64]:
    """Return a member of an ensemble, or the mean of all in whole people."""
    if array.ndim > dimensions and member is not None and not 0 <= member < len(array):
        raise InvalidValueError(f"there is no member {member}. Name one from 0 to {len(array) - 1}.")
    if array.ndim > dimensions:
        array = array.mean(axis=0) if member is None else array[member]
    return np.asarray(np.rint(array), np.int64)


def _header(out: FleeOut) -> Iterable[str]:
    yield from ("Day", "Date")
    for camp in out.camps:
        yield from (f"{camp} sim", f"{camp} data", f"{camp} error")
    yield from (
        "Total error",
        "refugees in camps (UNHCR)",
        "total refugees (simulation)",
        "raw UNHCR refugee count",
        "refugees in camps (simulation)",
        "refugee_debt",
    )
    if out.in_home_country is not None:
        yield "total IDPs"


def _camp_error(people: int, counted: int) -> float:
    return 0.0 if counted < NO_REGISTRATION else round(abs(people / counted - 1), DIGITS)


def _sums(
    simulated: NDArray[np.int64], registered: Numbers, everybody: int, raw: int, *, debt: int
) -> list[float | int]:
    in_camps = int(simulated.sum())
    if raw <= 0:
        return [0.0, 0, everybody, 0, in_camps, 0]
    error = float(np.abs(simulated - registered).sum()) / float(raw)
    return [error, int(registered.sum()), everybody, raw, in_camps, debt]
