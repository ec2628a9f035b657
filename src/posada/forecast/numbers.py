"""Numbers of a run that people ask about, one value for each member: arrival, peak, nights, places short.

``nan`` means that a member does not define the number: the day of arrival where nobody arrives is not zero.
"""

from __future__ import annotations

import datetime as dt

import numpy as np
from numpy.typing import NDArray

from posada.model.errors import InvalidValueError, UnknownNameError
from posada.model.run import Run

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
    known = {row.group: row.people.likely for row in run.start.groups} if run.start else {}
    likely = [known.get(row.id, float(row.size_likely)) for row in run.scenario.groups]
    return int(np.argmax(likely))


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
    return counts[:, :, place].max(axis=1).astype(np.float64)


def members_that_count(comes: NDArray[np.bool_], peak: Floats, least_share: float) -> NDArray[np.bool_]:
    """Return the members among which the numbers of a place are given.

    They are those in which the main body comes: a mixture with the nights of a few people who stopped short
    would describe neither. Where it hardly ever comes, they are those in which anybody does.
    """
    return comes if comes.mean() >= least_share else peak > 0


def chosen_number(run: Run, name: str) -> Floats:
    """Return a number by its name, ``(members,)``.

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
        When a date is malformed or not a night of the run.
    """
    what, colon, which = name.partition(":")
    if not colon:
        if what not in run.status_ids:
            raise UnknownNameError("number", name, number_names(run))
        return run.entries[:, -1, run.status_ids.index(what)].astype(np.float64)
    if what == TOGETHER:
        return run.together[:, _night(run, which)].astype(np.float64)
    if what not in PLACE_NUMBERS:
        raise UnknownNameError("number", what, (*PLACE_NUMBERS, TOGETHER, *run.status_ids))
    return _of_place(run, what, run.place_index(which))


def number_names(run: Run) -> tuple[str, ...]:
    """Return the forms that the name of a number can have."""
    return (*(f"{what}:PLACE" for what in PLACE_NUMBERS), f"{TOGETHER}:DATE", *run.status_ids)


def _night(run: Run, text: str) -> int:
    try:
        date = dt.date.fromisoformat(text)
    except ValueError:
        message = f"'{text}' is not a date. Write it as in {TOGETHER}:{run.dates[-1].isoformat()}."
        raise InvalidValueError(message) from None
    if date not in run.dates:
        raise InvalidValueError(f"{date} is not a night of the run. Name one from {run.dates[0]} to {run.dates[-1]}.")
    return run.dates.index(date)


def _of_place(run: Run, what: str, place: int) -> Floats:
    if what == "arrival":
        return first_nights(main_nights(run), place)
    if what == "nights":
        return nights_spent(main_nights(run), place)
    counts = {"peak": run.people, "short": run.places_short, "seats": run.onward}[what]
    values = greatest(counts, place)
    return np.where(greatest(run.people, place) > 0, values, np.nan)
