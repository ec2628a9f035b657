"""Numbers of a run that people ask about, one value for each member: arrival, peak, nights, places short.

``nan`` means that a member does not define the number: the day of arrival where nobody arrives is not zero.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from posada.model.errors import InvalidValueError, UnknownNameError
from posada.model.run import Run
from posada.model.scenario import Scenario

Floats = NDArray[np.float64]

LEAST_BODY = 10
"""Fewest people that are called the main body; below it the standards for public counts show no number."""

PLACE_NUMBERS = {
    "arrival": "days from the first night of the run until the main body spends a night in the place",
    "peak": "people in the place on its fullest night",
    "nights": "nights that the main body spends in the place",
    "short": "covered places missing in the place on its worst night",
    "seats": "seats that would carry everybody onward who sets out from the place together",
}
"""Numbers of a place, written ``arrival:PLACE``, with what they mean."""

TOGETHER = "together"


def main_group(run: Run) -> int:
    """Return the position of the main group: the one that is likely to be the largest when it enters the run."""
    likely = {row.id: float(row.size_likely) for row in run.scenario.groups}
    likely |= {row.group: row.people.likely for row in run.start.groups} if run.start else {}
    return int(np.argmax([likely[group] for group in run.group_ids]))


def main_nights(run: Run) -> NDArray[np.int16]:
    """Return where the main body of the main group sleeps, ``(members, days)``; -1 under way or too few."""
    group = main_group(run)
    enough = run.main_people[:, :, group] >= LEAST_BODY
    return np.where(enough, run.main_place[:, :, group], np.int16(-1))


def first_nights(sleeps: NDArray[np.int16], place: int) -> Floats:
    """Return the first day on which the main body sleeps in a place, ``(members,)``; ``nan`` where it never does."""
    here = sleeps == place
    return np.where(here.any(axis=1), here.argmax(axis=1).astype(np.float64), np.nan)


def nights_spent(sleeps: NDArray[np.int16], place: int) -> Floats:
    """Return how many nights the main body spends in a place, ``(members,)``; ``nan`` where none."""
    count = (sleeps == place).sum(axis=1).astype(np.float64)
    return np.where(count > 0, count, np.nan)


def greatest(counts: NDArray[np.int32], place: int) -> Floats:
    """Return the greatest count of any day in a place, ``(members,)``."""
    most: Floats = counts[:, :, place].max(axis=1).astype(np.float64)
    return most


def members_that_count(comes: NDArray[np.bool_], peak: Floats, least_share: float) -> NDArray[np.bool_]:
    """Return the members among which the numbers of a place are given.

    They are those in which the main body comes: a mixture with the nights of a few people who stopped short
    would describe neither. Where it hardly ever comes, they are those in which anybody does.
    """
    return comes if comes.mean() >= least_share else peak > 0


@dataclass(frozen=True, slots=True)
class NumberName:
    """The name of a number taken apart: what it is, and of which place or night; ``None`` for a status."""

    what: str
    which: str | None


def read_number(scenario: Scenario, name: str) -> NumberName:
    """Return the name of a number taken apart.

    Parameters
    ----------
    name : str
        ``arrival:PLACE`` or another of :data:`PLACE_NUMBERS`; ``together:DATE``, the people still in a group
        that night; or a status such as ``returned``, the people who ever entered it.

    Raises
    ------
    UnknownNameError
        When the number, the place or the status is not known; names the nearest one.
    InvalidValueError
        When a date is malformed.
    """
    what, colon, which = name.partition(":")
    statuses = [row.id for row in scenario.statuses]
    if not colon:
        if what not in statuses:
            forms = (*(f"{known}:PLACE" for known in PLACE_NUMBERS), f"{TOGETHER}:DATE", *statuses)
            raise UnknownNameError("number", name, forms)
        return NumberName(what, None)
    if what == TOGETHER:
        _date(which)
    elif what in PLACE_NUMBERS:
        scenario.place(which)
    else:
        raise UnknownNameError("number", what, (*PLACE_NUMBERS, TOGETHER))
    return NumberName(what, which)


def chosen_number(run: Run, name: str) -> Floats:
    """Return a number by its name, ``(members,)``.

    Parameters and errors are those of :func:`read_number`; a date must also be a night of the run.
    """
    number = read_number(run.scenario, name)
    if number.which is None:
        return run.entries[:, -1, run.status_ids.index(number.what)].astype(np.float64)
    if number.what == TOGETHER:
        return run.together[:, _night(run, number.which)].astype(np.float64)
    return _of_place(run, number.what, run.place_index(number.which))


def _date(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise InvalidValueError(f"'{text}' is not a date. Write it as in {TOGETHER}:2018-04-20.") from None


def _night(run: Run, text: str) -> int:
    date = _date(text)
    if date not in run.dates:
        raise InvalidValueError(f"{date} is not a night of the run. Name one from {run.dates[0]} to {run.dates[-1]}.")
    return run.dates.index(date)


def _of_place(run: Run, what: str, place: int) -> Floats:
    if what == "arrival":
        return first_nights(main_nights(run), place)
    if what == "nights":
        return nights_spent(main_nights(run), place)
    if what == "seats":
        values = run.largest_departure[:, place].astype(np.float64)
    else:
        values = greatest({"peak": run.people, "short": run.places_short}[what], place)
    return np.where(greatest(run.people, place) > 0, values, np.nan)
