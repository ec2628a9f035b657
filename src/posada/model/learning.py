"""What was learned from reports: what became of each of them, and how far it moved what is believed."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from posada.model.fields import Kind, column
from posada.model.statements import REPORT_KINDS, SPEAKER_ROLES

HEARD, AHEAD = "heard", "ahead"
USES = (HEARD, AHEAD, "repeated", "no_group", "other_days", "not_in_model")
"""What became of a report: see the phrases ``report_use``."""

LEAST_BELIEVED = 0.5
"""A report that is less likely than this to be right is called not believed."""


@dataclass(frozen=True, slots=True)
class ReportEffect:
    """A report that was known on the as-of date, and what it did. Empty cells: it was not heard, or says no such thing.

    Effects are those on the night of the day that the report is about, after all that was heard before it.
    """

    report: str = column(Kind.ID, "Identifier of the report.")
    kind: str = column(Kind.CHOICE, "What is stated.", options=REPORT_KINDS)
    event_date: dt.date = column(Kind.DATE, "The day it speaks of.")
    published: dt.date = column(Kind.DATE, "When it became public.")
    speaker_role: str = column(Kind.CHOICE, "Who says it.", options=SPEAKER_ROLES)
    on_record: bool = column(Kind.YES_NO, "Whether the speaker can be named in public.")
    use: str = column(Kind.CHOICE, "What became of it.", options=USES)
    group: str | None = column(Kind.REFERENCE, "Of which group.", refers_to="groups", default=None)
    place: str | None = column(Kind.REFERENCE, "Where.", refers_to="places", default=None)
    moved_place: str | None = column(
        Kind.REFERENCE, "The place whose people of that night it moved most.", refers_to="places", default=None
    )
    people_moved: float | None = column(
        Kind.NUMBER, "By how many it moved the mean of the people there.", unit="people", default=None
    )
    group_people_moved: float | None = column(
        Kind.NUMBER, "By how many it moved the mean of the people in groups.", unit="people", default=None
    )
    surprise: float | None = column(
        Kind.NUMBER,
        "How badly it fits what was believed before it: minus the logarithm to base 10 of its mean likelihood, which "
        "is at most 1. At 0 it fits, at 3 a thousand times worse.",
        default=None,
    )
    believed_place: float | None = column(
        Kind.NUMBER, "Chance, seen with all reports, that it is no mistake about the place.", unit="share", default=None
    )
    believed_figure: float | None = column(
        Kind.NUMBER,
        "Chance, seen with all reports, that it is no mistake about the number.",
        unit="share",
        default=None,
    )

    @property
    def is_heard(self) -> bool:
        """Whether it made a difference: held against the members, or of people who were put ahead."""
        return self.use in (HEARD, AHEAD)

    @property
    def believed(self) -> float:
        """Chance that it is no mistake, of what it says that is least likely; 1 when it was not heard."""
        return min((share for share in (self.believed_place, self.believed_figure) if share is not None), default=1.0)


@dataclass(frozen=True, slots=True)
class Learning:
    """What was learned from all reports.

    Attributes
    ----------
    effects : tuple of ReportEffect
        Those that were heard in the order in which they were, then the others.
    members : int
        How many members were held against the reports; fewer of them may have been run ahead.
    effective : float
        Least effective number of members after a report, before they were chosen anew.
    log_evidence : float
        Logarithm to base 10 of the evidence of all reports together.
    """

    effects: tuple[ReportEffect, ...]
    members: int
    effective: float
    log_evidence: float

    @property
    def heard(self) -> tuple[ReportEffect, ...]:
        """Reports that could make a difference, in the order in which they were heard."""
        return tuple(row for row in self.effects if row.is_heard)

    @property
    def strongest(self) -> tuple[ReportEffect, ...]:
        """Reports that were heard, by how many people they moved in one place; equal ones as they were heard."""
        return tuple(sorted(self.heard, key=lambda row: -abs(row.people_moved or 0.0)))
