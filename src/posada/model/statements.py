"""Records of who said what: sources, dated reports, and dated signals that change rates."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from posada.model.fields import Kind, column

REPORT_KINDS = (
    "headcount",
    "arrival",
    "departure",
    "distance_day",
    "lodging",
    "transport",
    "policy",
    "statement",
    "permits_issued",
    "repatriated",
    "detained",
    "dispersed",
    "stayed",
    "asylum_presented",
    "asylum_processed",
    "irregular_crossing",
    "registered",
)
PLACING_KINDS = ("headcount", "arrival", "lodging")
"""Kinds of reports that say where people are. A departure says where they are no more."""
REGISTERED = "registered"
"""People registered in a camp on a day; without place and series: in all camps together."""
REPORT_UNITS = (
    "people",
    "people_cumulative",
    "women",
    "children",
    "km",
    "days",
    "hours",
    "hour_of_day",
    "share_percent",
    "people_per_group",
    "days_validity",
    "vehicles",
    "places",
    "people_per_day",
    "none",
)
SPEAKER_ROLES = (
    "organiser",
    "reporter",
    "ngo",
    "church",
    "volunteer",
    "municipality",
    "state_government",
    "federal_government",
    "migration_authority",
    "civil_protection",
    "police",
    "un",
    "foreign_government",
    "anonymous_official",
    "people_on_the_move",
)


@dataclass(frozen=True, slots=True)
class Report:
    """A dated, attributed statement. Reports that contradict each other are all kept."""

    id: str = column(Kind.ID, "Identifier of the report.")
    published: dt.date = column(Kind.DATE, "When it became public; decides what an as-of date may use.")
    event_date: dt.date = column(Kind.DATE, "The day it speaks of.")
    kind: str = column(Kind.CHOICE, "What is stated.", options=REPORT_KINDS)
    unit: str = column(Kind.CHOICE, "What the value counts; 'none' when there is no value.", options=REPORT_UNITS)
    speaker_role: str = column(Kind.CHOICE, "Who says it.", options=SPEAKER_ROLES)
    on_record: bool = column(Kind.YES_NO, "Whether the speaker can be named in public.")
    source: tuple[str, ...] = column(Kind.REFERENCES, "The sources of the row.", refers_to="sources")
    place: str | None = column(
        Kind.REFERENCE, "Where; empty for a whole country or road.", refers_to="places", default=None
    )
    group: str | None = column(
        Kind.REFERENCE,
        "Of which group; empty: of people on the road in general.",
        refers_to="groups",
        default=None,
    )
    value_low: float | None = column(
        Kind.NUMBER,
        "Lower end; alone or equal to the value: 'at least'.",
        unit="see unit",
        minimum=0,
        default=None,
    )
    value: float | None = column(Kind.NUMBER, "The figure given.", unit="see unit", minimum=0, default=None)
    value_high: float | None = column(
        Kind.NUMBER,
        "Upper end; alone or equal to the value: 'up to'.",
        unit="see unit",
        minimum=0,
        default=None,
    )
    summary: str | None = column(Kind.TEXT, "What was said, in our words; never about an individual.", default=None)
    series: str | None = column(
        Kind.ID,
        "For people registered in a place that is not in places.csv: which of such places it is, by any identifier.",
        default=None,
    )
    ahead: bool = column(
        Kind.YES_NO, "Whether it tells of people of the group who have gone ahead of its main body.", default=False
    )


@dataclass(frozen=True, slots=True)
class Source:
    """Who published something, and how far it has proved right."""

    id: str = column(Kind.ID, "Identifier of the source.")
    publisher: str = column(Kind.TEXT, "Who published it.")
    title: str = column(Kind.TEXT, "Title, or what it is.")
    reliability: float = column(Kind.NUMBER, "Weight against other sources.", unit="share", minimum=0, maximum=1)
    date: dt.date | None = column(Kind.DATE, "When it was published; empty: not dated.", default=None)
    url: str | None = column(Kind.TEXT, "Where it can be read.", default=None)
    licence: str | None = column(Kind.TEXT, "Licence of what was taken from it.", default=None)


@dataclass(frozen=True, slots=True)
class Signal:
    """A dated pressure that multiplies a rate from its day on, with an uncertain strength."""

    date: dt.date = column(Kind.DATE, "From this day on.")
    name: str = column(Kind.TEXT, "What happened.")
    affects: str = column(Kind.TEXT, "The rate it changes: a parameter of the model or a transition.")
    multiplier_low: float = column(Kind.NUMBER, "Weakest effect.", unit="ratio", minimum=0, maximum=100)
    multiplier_likely: float = column(Kind.NUMBER, "Most likely effect.", unit="ratio", minimum=0, maximum=100)
    multiplier_high: float = column(Kind.NUMBER, "Strongest effect.", unit="ratio", minimum=0, maximum=100)
    source: tuple[str, ...] = column(Kind.REFERENCES, "The sources of the row.", refers_to="sources")
    until: dt.date | None = column(Kind.DATE, "Last day of the effect; empty: no end known.", default=None)
