"""Records of who travels: groups, where they want to go, what they announced, and their papers."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from posada.model.fields import Kind, column

NEED_CLASSES = ("other_adults", "women", "children", "older", "limited_mobility", "medical")
"""Everybody is counted in one class only: the most pressing one, later in the list before earlier."""

STATUS_ROLES = ("travelling", "permitted", "waiting", "held", "final")
TRANSITION_KINDS = ("hazard_per_day", "share_on_arrival", "capacity_per_day")
TRANSITION_SCOPES = ("any", "group", "alone")

_SHARE: dict[str, Any] = {"unit": "share", "minimum": 0, "maximum": 1, "default": None}


@dataclass(frozen=True, slots=True)
class Group:
    """People who travel together, with an uncertain number at the start."""

    id: str = column(Kind.ID, "Identifier of the group.")
    name: str = column(Kind.TEXT, "What the group is called in public.")
    origin: str = column(Kind.REFERENCE, "The place where it gathers.", refers_to="places")
    departs: dt.date = column(Kind.DATE, "The day on which it sets out; the night before, it is at its origin.")
    size_low: int = column(Kind.INTEGER, "Fewest people thought possible.", unit="people", minimum=0)
    size_likely: int = column(Kind.INTEGER, "Most likely number of people.", unit="people", minimum=0)
    size_high: int = column(Kind.INTEGER, "Most people thought possible.", unit="people", minimum=0)
    destination: str = column(
        Kind.REFERENCE, "The place it makes for, unless destinations.csv draws another.", refers_to="places"
    )
    source: tuple[str, ...] = column(Kind.REFERENCES, "The sources of the row.", refers_to="sources")
    share_women: float | None = column(Kind.NUMBER, "Share of women; empty: drawn.", **_SHARE)
    share_children: float | None = column(Kind.NUMBER, "Share of children; empty: drawn.", **_SHARE)
    share_older: float | None = column(Kind.NUMBER, "Share of older people; empty: drawn.", **_SHARE)
    share_limited_mobility: float | None = column(
        Kind.NUMBER, "Share who need an accessible seat; empty: drawn.", **_SHARE
    )
    share_medical: float | None = column(Kind.NUMBER, "Share who need an ambulance; empty: drawn.", **_SHARE)
    rides_trains: bool = column(
        Kind.YES_NO, "Whether the group takes freight trains where there are rails.", default=False
    )


@dataclass(frozen=True, slots=True)
class Destination:
    """Another place that a group may make for, with the share of chances that it does."""

    group: str = column(Kind.REFERENCE, "The group.", refers_to="groups")
    place: str = column(Kind.REFERENCE, "Where it may go instead.", refers_to="places")
    share: float = column(
        Kind.NUMBER,
        "Chance that it does; the rest goes to the group's own destination.",
        unit="share",
        minimum=0,
        maximum=1,
    )
    source: tuple[str, ...] = column(Kind.REFERENCES, "The sources of the row.", refers_to="sources")


@dataclass(frozen=True, slots=True)
class Stop:
    """A stop that the organisers announced, or that a planner fixes."""

    group: str = column(Kind.REFERENCE, "The group.", refers_to="groups")
    place: str = column(Kind.REFERENCE, "Where it stops.", refers_to="places")
    source: tuple[str, ...] = column(Kind.REFERENCES, "The sources of the row.", refers_to="sources")
    date: dt.date | None = column(
        Kind.DATE, "Day of arrival; empty: no day was named. Required in a planner's itinerary.", default=None
    )
    nights: int | None = column(
        Kind.INTEGER, "Nights announced there; empty: not said.", unit="nights", minimum=1, default=None
    )


@dataclass(frozen=True, slots=True)
class Status:
    """A standing in the administrative procedure or at the border, as data."""

    id: str = column(Kind.ID, "Identifier of the status.")
    meaning: str = column(Kind.TEXT, "What it means, in one sentence.")
    role: str = column(
        Kind.CHOICE,
        "travelling: goes with the group; permitted: may also travel on alone; waiting: stays where it is; "
        "held: stays and is lodged by the authority; final: has left the journey.",
        options=STATUS_ROLES,
    )
    source: tuple[str, ...] = column(Kind.REFERENCES, "The sources of the row.", refers_to="sources")
    initial: bool = column(Kind.YES_NO, "Whether people begin in it; exactly one status is.", default=False)


@dataclass(frozen=True, slots=True)
class Transition:
    """A way from one status to another: a hazard, a share on arrival, or a daily capacity with a queue."""

    id: str = column(Kind.ID, "Identifier; signals name it to change it.")
    from_status: str = column(Kind.REFERENCE, "The status it leaves.", refers_to="statuses")
    to_status: str = column(Kind.REFERENCE, "The status it leads to.", refers_to="statuses")
    kind: str = column(
        Kind.CHOICE,
        "hazard_per_day: each day's chance; share_on_arrival: chance on the day of arrival; "
        "capacity_per_day: people a day in each place, first the classes listed in 'who'.",
        options=TRANSITION_KINDS,
    )
    low: float = column(Kind.NUMBER, "Lowest value thought possible.", unit="per kind", minimum=0)
    likely: float = column(Kind.NUMBER, "Most likely value.", unit="per kind", minimum=0)
    high: float = column(Kind.NUMBER, "Highest value thought possible.", unit="per kind", minimum=0)
    where: str = column(Kind.TEXT, "A place, 'country:MEX', 'kind:border_crossing' or 'anywhere'.", default="anywhere")
    source: tuple[str, ...] = column(Kind.REFERENCES, "The sources of the row.", refers_to="sources", default=())
    who: str = column(
        Kind.CHOICE,
        "The need class that it is open to, or all.",
        options=("all", *NEED_CLASSES),
        default="all",
    )
    scope: str = column(
        Kind.CHOICE,
        "Whether it meets people in a group, alone, or any.",
        options=TRANSITION_SCOPES,
        default="any",
    )
    open_from: dt.date | None = column(Kind.DATE, "First day; empty: always.", header="from", default=None)
    open_to: dt.date | None = column(Kind.DATE, "Last day; empty: no end.", header="to", default=None)
