"""Records of needs by standard: the indicator that a need is computed from, and what a site can hold by it.

An indicator carries its source, edition, place in the source and status. Whether it counts as *verified* is
computed from the status and stored nowhere, so that the two cannot disagree.
"""

from __future__ import annotations

from dataclasses import dataclass

from posada.model.errors import InvalidValueError
from posada.model.fields import Kind, column
from posada.model.outlook import NeedLine

PHASES = ("daytime", "overnight", "days_2_5", "longer")
"""Phases of a stay: no night, one night, two to five nights, more nights."""

CLIMATES = ("temperate", "cold", "hot")

CONDITIONS = ("any", *CLIMATES, "cold_or_urban")
"""Where an indicator holds; ``cold_or_urban``: in the cold, or in a building with services inside."""

INDICATOR_KINDS = (
    "per_person_day",
    "per_person",
    "m2_per_person",
    "people_per_unit",
    "multiple_of",
    "female_share_of",
    "male_share_of",
    "threshold",
)
SECTORS = ("water", "sanitation", "shelter", "food", "health", "transport")
ROUNDINGS = ("up", "half_up", "half_down")
USES = ("essential", "full", "reference")

STATUSES = ("V", "S", "M")
"""Opened at the source, quoted by another public document, from memory; best first."""

PROJECT_ASSUMPTION = "project_assumption"
"""The source of a figure that stands in no source."""


@dataclass(frozen=True, slots=True)
class Indicator:
    """A figure of a standard, and how a need is computed from it."""

    key: str = column(Kind.ID, "Name of the line; the same in every phase and climate.")
    sector: str = column(Kind.CHOICE, "What it is about.", options=SECTORS)
    label_en: str = column(Kind.TEXT, "What is needed, in English.")
    label_es: str = column(Kind.TEXT, "What is needed, in Spanish.")
    kind: str = column(Kind.CHOICE, "How the figure becomes a quantity.", options=INDICATOR_KINDS)
    unit: str = column(Kind.TEXT, "Unit of the quantity, in English.")
    unit_es: str = column(Kind.TEXT, "Unit of the quantity, in Spanish.")
    phases: tuple[str, ...] = column(
        Kind.REFERENCES, "Phases of the stay in which it holds, separated by ';'.", header="phase"
    )
    source: str = column(Kind.TEXT, "Who published the figure, or project_assumption.")
    edition: str = column(Kind.TEXT, "Edition or year.")
    locator: str = column(Kind.TEXT, "Page or chapter; for an assumption, what speaks for it.")
    status: str = column(
        Kind.CHOICE,
        "V: opened at the source; S: quoted by another document; M: from memory.",
        options=STATUSES,
    )
    low: float | None = column(
        Kind.NUMBER,
        "Figure of the low band, for the first hours or days; empty: there is none.",
        unit="per kind",
        minimum=0,
        default=None,
    )
    target: float | None = column(
        Kind.NUMBER,
        "Figure to aim at; a standard that is a single figure has it as low and as target.",
        unit="per kind",
        minimum=0,
        default=None,
    )
    climate: str = column(
        Kind.CHOICE,
        "Where it holds; a row for a climate replaces the row for any.",
        options=CONDITIONS,
        default="any",
    )
    per: float = column(
        Kind.NUMBER,
        "Divisor of the figures: 30 when they are per month, 10000 when per 10,000 people.",
        minimum=1e-6,
        default=1.0,
    )
    of: str | None = column(
        Kind.REFERENCE,
        "Line above from which it is computed instead of from the people; with '.target': "
        "from the target of that line only.",
        refers_to="standards",
        default=None,
    )
    step: float = column(
        Kind.NUMBER,
        "Quantities are whole multiples of it: what can be fetched.",
        unit="unit of the row",
        minimum=1e-6,
        default=1.0,
    )
    rounding: str = column(
        Kind.CHOICE, "Rounded up, or to the nearest with halves up or down.", options=ROUNDINGS, default="up"
    )
    use: str = column(
        Kind.CHOICE,
        "essential: also on a page of a few lines; full: in the full list; reference: for comparison, never computed.",
        options=USES,
        default="full",
    )
    note: str | None = column(Kind.TEXT, "What a reader has to know about the row.", default=None)

    @property
    def verified(self) -> bool:
        """Whether the figure was opened at its source."""
        return self.status == "V" and not self.is_assumption

    @property
    def is_assumption(self) -> bool:
        """Whether the figure stands in no source."""
        return self.source == PROJECT_ASSUMPTION

    @property
    def citation(self) -> str:
        """Source, edition and place in it, in one line."""
        return f"{self.source} ({self.edition}), {self.locator}"


@dataclass(frozen=True, slots=True)
class SiteOverride:
    """A figure that holds at one site in place of the standard's; an empty cell keeps the standard's."""

    site: str = column(Kind.REFERENCE, "The site.", refers_to="sites")
    key: str = column(Kind.REFERENCE, "The line of the standards that it replaces.", refers_to="standards")
    source: str = column(Kind.TEXT, "Who says so, or project_assumption.")
    edition: str = column(Kind.TEXT, "Edition, year or date.")
    locator: str = column(Kind.TEXT, "Page or chapter; for an assumption, what speaks for it.")
    status: str = column(
        Kind.CHOICE,
        "V: opened at the source; S: quoted by another document; M: from memory.",
        options=STATUSES,
    )
    phases: tuple[str, ...] = column(
        Kind.REFERENCES, "Phases in which it holds; empty: all of the line's.", header="phase", default=()
    )
    low: float | None = column(
        Kind.NUMBER,
        "Figure of the low band; empty: the standard's.",
        unit="per kind",
        minimum=0,
        default=None,
    )
    target: float | None = column(
        Kind.NUMBER, "Figure to aim at; empty: the standard's.", unit="per kind", minimum=0, default=None
    )


@dataclass(frozen=True, slots=True)
class Demand:
    """A number of people that is not known exactly.

    Raises
    ------
    InvalidValueError
        When low, likely and high are negative or not in order.
    """

    low: float
    likely: float
    high: float

    def __post_init__(self) -> None:
        if not 0 <= self.low <= self.likely <= self.high:
            raise InvalidValueError(
                f"a demand of {self.low:g}, {self.likely:g}, {self.high:g} people is not in order. "
                "Give low, likely and high, none negative, each at least the one before."
            )


@dataclass(frozen=True, slots=True)
class NeedRange:
    """One line of the needs, for the low, the likely and the high number of people."""

    low: NeedLine
    likely: NeedLine
    high: NeedLine

    @property
    def key(self) -> str:
        """Name of the line."""
        return self.likely.key


@dataclass(frozen=True, slots=True)
class ResourceLine:
    """For how many people one resource of a site is enough, by the low and by the target standard."""

    resource: str
    quantity: float
    people_at_low: int
    people_at_target: int


@dataclass(frozen=True, slots=True)
class SiteCapacity:
    """How many people fit at a site in a phase: no more than its scarcest reported resource allows.

    ``places_at_low`` and ``places_at_target`` are ``None`` when nothing was reported, and for open ground,
    which is no shelter whatever its size. ``limited_by`` is the resource that is scarcest by the target.
    ``not_assessed`` names the resources that nobody reported: each could only make the number smaller, so it
    is *at most*, as far as assessed.
    """

    site_id: str
    place_id: str
    state: str
    phase: str
    is_shelter: bool
    open_ground_m2: float | None
    places_at_low: int | None
    places_at_target: int | None
    limited_by: str | None
    lines: tuple[ResourceLine, ...]
    not_assessed: tuple[str, ...]

    @property
    def assessed_share(self) -> float:
        """Share of the resource lines that were reported; the fewer, the less the number can be trusted."""
        total = len(self.lines) + len(self.not_assessed)
        return len(self.lines) / total if total else 0.0


@dataclass(frozen=True, slots=True)
class CapacityTotal:
    """Places of several sites together, each site once.

    ``ready_*`` and ``promised_*`` are ``None`` when no shelter of that state has anything reported, and
    ``open_ground_m2`` when no ground has: unknown, not zero. ``unknown_sites`` are shelters without a report;
    ``incompletely_assessed`` maps the others to the resources that nobody reported.
    """

    site_ids: tuple[str, ...]
    ready_at_low: int | None
    ready_at_target: int | None
    promised_at_low: int | None
    promised_at_target: int | None
    open_ground_m2: float | None
    open_ground_sites: tuple[str, ...]
    unknown_sites: tuple[str, ...]
    incompletely_assessed: tuple[tuple[str, tuple[str, ...]], ...]
