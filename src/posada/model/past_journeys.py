"""Past journeys, and what was read of them: figures for numbers of the model, with the reports that they rest on."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from posada.model.errors import UnknownNameError

PASSED, RAIDED, HELD_BACK, BORDER = "passed", "raided", "held_back", "border"

HANDLED = {
    PASSED: "let pass",
    RAIDED: "raided",
    HELD_BACK: "held back by force or escorts",
    BORDER: "what is read of the northern border itself, which counts fully for all",
}
"""How a journey was handled, with what it means."""

LIKENESS = {
    frozenset({PASSED}): 1.0,
    frozenset({RAIDED}): 1.0,
    frozenset({HELD_BACK}): 1.0,
    frozenset({PASSED, RAIDED}): 0.5,
    frozenset({RAIDED, HELD_BACK}): 0.5,
    frozenset({PASSED, HELD_BACK}): 0.1,
}
"""What a journey counts for one that was handled as another was. A judgement."""

PROCEDURE, DESTINATION = "procedure.", "destination."
"""How the name of a reading for a transition of the procedure, and for a border city, begins."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A figure for a number of the model, read from reports of one journey.

    Attributes
    ----------
    rate : str
        A rate of the catalogue, ``procedure.TRANSITION`` or ``destination.PLACE``.
    journey, counted_as : str
        Of which journey, and under which name it counts once: the journey, or a town, site or offer of it.
    value : float
        In the unit of the rate; with ``trials`` so many successes among these.
    weight : float
        What its journey counts for the one that is learned for, from 0 to 1.
    report_ids : tuple of str
        The reports that it rests on.
    formula, how : str
        How it was computed and read.
    where : str
        Its file and line.
    """

    rate: str
    journey: str
    counted_as: str
    value: float
    trials: float | None = None
    weight: float = 1.0
    report_ids: tuple[str, ...] = ()
    formula: str = ""
    how: str = ""
    where: str = ""

    @property
    def amount(self) -> float:
        """The value, or the share of successes."""
        return self.value / self.trials if self.trials else self.value


@dataclass(frozen=True, slots=True)
class PastJourney:
    """A journey of the past; ``handled`` is one of :data:`HANDLED`."""

    id: str
    what: str
    handling: str
    handled: str


@dataclass(frozen=True, slots=True)
class ReportFile:
    """A file of reports as the source of what is learned from it; ``last`` is when the last of them was published."""

    source: str
    file: str
    last: dt.date


@dataclass(frozen=True, slots=True)
class PastJourneys:
    """Journeys of the past with all that was read of them.

    Attributes
    ----------
    journeys : tuple of PastJourney
    readings : tuple of Reading
    files : tuple of ReportFile
        By the day of their first report.
    source_of : mapping
        The source of each report, by its identifier.
    """

    journeys: tuple[PastJourney, ...]
    readings: tuple[Reading, ...]
    files: tuple[ReportFile, ...]
    source_of: Mapping[str, str]

    def readings_for(
        self, handled: str = PASSED, *, without: Collection[str] = (), reports: Collection[str] = ()
    ) -> tuple[Reading, ...]:
        """Return what others say of a journey: no reading of it, and none of others that uses one of its reports.

        Parameters
        ----------
        handled : str
            How the journey is handled that is to be spoken of; it decides what each of the others counts.
        without : collection of str
            Journeys to leave out.
        reports : collection of str
            Further reports that must not be used.

        Raises
        ------
        UnknownNameError
            When there is no such journey, or no such way to handle one.
        """
        known = {row.id: row.handled for row in self.journeys}
        for name in without:
            if name not in known:
                raise UnknownNameError("journey", name, known)
        ways = [name for name in HANDLED if name != BORDER]
        if handled not in ways:
            raise UnknownNameError("way in which a journey is handled", handled, ways)
        weight = {name: 1.0 if own == BORDER else LIKENESS[frozenset({handled, own})] for name, own in known.items()}
        apart = {id_ for row in self.readings if row.journey in without for id_ in row.report_ids} | set(reports)
        return tuple(
            dataclasses.replace(row, weight=weight[row.journey])
            for row in self.readings
            if row.journey not in without and not apart & set(row.report_ids)
        )

    def cited(self, readings: Collection[Reading]) -> tuple[str, ...]:
        """Return the sources of readings, in the order of the files."""
        used = {self.source_of[id_] for row in readings for id_ in row.report_ids}
        return tuple(row.source for row in self.files if row.source in used)
