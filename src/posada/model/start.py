"""What is publicly known of a journey at an as-of date: the state from which a run sets out."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Range:
    """An uncertain count of people: fewest, most likely and most thought possible."""

    low: float
    likely: float
    high: float


@dataclass(frozen=True, slots=True)
class GroupStart:
    """Where a group is on the night of the as-of date, and how many people it has."""

    group: str
    place: str
    people: Range
    report_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StatusStart:
    """How many people had reached a status by the as-of date, such as returned, or holding a permit.

    People in a final status are counted beside those of the groups; people in any other are among them.
    """

    status: str
    people: Range
    report_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StartingState:
    """The night from which a run sets out: that of ``date``, where every group is known to be.

    Groups that depart later are not listed; they enter on their day.
    """

    date: dt.date
    groups: tuple[GroupStart, ...] = ()
    statuses: tuple[StatusStart, ...] = ()

    @property
    def report_ids(self) -> tuple[str, ...]:
        """Identifiers of the reports that it rests on, each once."""
        of_groups = (id_ for group in self.groups for id_ in group.report_ids)
        of_statuses = (id_ for status in self.statuses for id_ in status.report_ids)
        return tuple(dict.fromkeys((*of_groups, *of_statuses)))
