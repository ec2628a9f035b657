"""What is believed about a journey, as records that cross rooms: the run's stamp, towns, needs, offers.

Levels of quantiles are shares in 0–1. Arrays are read-only; ``nan`` means *not defined* (nobody arrives),
never zero.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from posada.model.errors import UnknownNameError
from posada.model.learning import Learning

LEVELS = (0.025, 0.05, 0.1, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.7, 0.75, 0.8, 0.9, 0.95, 0.975)
"""The quantile levels of every forecast: those of the hub format, and the quartiles."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """Where an output comes from: enough to make it again."""

    version: str
    scenario_id: str
    scenario_title: str
    scenario_hash: str
    seed: int
    members: int
    as_of: dt.date | None
    made_at: dt.datetime
    classification: str = "restricted"


@dataclass(frozen=True, slots=True)
class Band:
    """An uncertain number: its quantiles at :data:`LEVELS`, ``(n_levels,)``, and how many members define it."""

    values: NDArray[np.float64]
    defined_share: float

    def at(self, level: float) -> float:
        """Return the quantile at a level of :data:`LEVELS`; ``nan`` when nothing is defined."""
        if level not in LEVELS:
            raise UnknownNameError("quantile level", str(level), (str(known) for known in LEVELS))
        return float(self.values[LEVELS.index(level)])


@dataclass(frozen=True, slots=True)
class Arrival:
    """When the main body first spends a night in a place.

    ``dates`` are quantiles among the members in which it comes; ``hours`` is the window (10 %, 90 %) of the
    local hour at which people arrive that day; ``probability_by_day`` is the unconditional chance per day,
    ``(n_days,)``.
    """

    probability: float
    most_likely: dt.date | None
    dates: dict[float, dt.date]
    hours: tuple[float, float] | None
    probability_by_day: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class NeedLine:
    """One line of the needs by standard, for a number of people in a phase of their stay.

    ``quantity_low`` and ``quantity_target`` are rounded up to what can be fetched; ``None`` where the
    standard has no such value. ``verified`` is true when the figure was opened at its source.
    """

    key: str
    label_en: str
    label_es: str
    quantity_low: float | None
    quantity_target: float | None
    unit_en: str
    unit_es: str
    phase: str
    source: str
    verified: bool


@dataclass(frozen=True, slots=True)
class OfferLine:
    """Something that a town has ready, has promised, or that nobody has reported.

    ``quantity`` is ``None`` when it was not reported. ``state`` is ``ready``, ``promised`` or ``not_reported``.
    """

    what: str
    quantity: float | None
    unit: str
    state: str
    name: str
    source: str


@dataclass(frozen=True, slots=True)
class Statement:
    """A report that a forecast rests on, ready to be listed."""

    report_id: str
    published: dt.date
    event_date: dt.date
    place_id: str | None
    kind: str
    figure: str
    speaker_role: str
    on_record: bool
    publisher: str
    title: str
    url: str | None
    summary: str | None


@dataclass(frozen=True, slots=True)
class Driver:
    """A parameter that moves a chosen number: Spearman's rank correlation over members, in -1..1."""

    name: str
    meaning: str
    correlation: float


@dataclass(frozen=True, slots=True)
class TownOutlook:
    """What is expected in one town. Per-day bands are ``(n_levels, n_days)``.

    ``people`` counts everybody of the journey who sleeps in the town that night; ``short`` those of them
    without a covered place; ``onward_seats`` the seats that would carry the main body onward at once.
    """

    place_id: str
    name: str
    admin1: str | None
    country: str
    lat: float
    lon: float
    population: int | None
    sensitive: bool
    arrival: Arrival
    people: NDArray[np.float64]
    arrivals: NDArray[np.float64]
    short: NDArray[np.float64]
    tonight: Band
    peak: Band
    peak_night: dt.date | None
    nights: Band
    places_short: Band
    onward_seats: Band
    needs: tuple[NeedLine, ...] = ()
    needs_people: int = 0
    needs_phase: str = ""
    offers: tuple[OfferLine, ...] = ()
    statements: tuple[Statement, ...] = ()
    drivers: tuple[Driver, ...] = ()


@dataclass(frozen=True, slots=True)
class JourneyOutlook:
    """What is expected of the journey as a whole, per day: bands ``(n_levels, n_days)`` by name.

    ``together`` is the people still in a group; ``outcomes`` maps each final or waiting status to its people.
    """

    together: NDArray[np.float64]
    main_group: NDArray[np.float64]
    entered: NDArray[np.float64]
    outcomes: dict[str, NDArray[np.float64]]
    outcome_meanings: dict[str, str]


@dataclass(frozen=True, slots=True)
class Outlook:
    """A forecast as people read it: one entry per town in the order of arrival, and the whole journey.

    ``learning`` says what reports did to a forecast that learned from them; ``None`` for others.
    """

    stamp: Stamp
    dates: tuple[dt.date, ...]
    towns: tuple[TownOutlook, ...]
    journey: JourneyOutlook
    statements: tuple[Statement, ...] = ()
    learning: Learning | None = None

    def town(self, place_id: str) -> TownOutlook:
        """Return the outlook of a town.

        Raises
        ------
        UnknownNameError
            When the town is not part of the outlook; names the nearest one that is.
        """
        for town in self.towns:
            if town.place_id == place_id:
                return town
        raise UnknownNameError("town", place_id, (town.place_id for town in self.towns))

    def arrival(self, place_id: str) -> Arrival:
        """Return when the main body reaches a town."""
        return self.town(place_id).arrival
