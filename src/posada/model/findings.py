"""What a check has to say: one finding per fault, with its place in the file and a cure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How much a finding matters."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class FindingKind:
    """An entry of the catalogue of findings: what it means and how it is usually mended."""

    id: str
    severity: Severity
    meaning: str


def _kinds(*rows: tuple[str, Severity, str]) -> dict[str, FindingKind]:
    return {id_: FindingKind(id_, severity, meaning) for id_, severity, meaning in rows}


E_, W_, N_ = Severity.ERROR, Severity.WARNING, Severity.NOTE

FINDING_KINDS = _kinds(
    ("unknown-file", E_, "A file in the folder, or a sheet in the workbook, is not part of a scenario."),
    ("missing-file", E_, "A file without which there is no scenario is absent."),
    ("unreadable-file", E_, "A file is not valid UTF-8, CSV, TOML or XLSX."),
    ("unknown-column", E_, "A table has a column that no field has."),
    ("missing-column", E_, "A table lacks the column of a required field."),
    ("duplicate-column", E_, "A table has the same column twice."),
    ("ragged-row", E_, "A row has more cells than the table has columns."),
    ("unknown-key", E_, "scenario.toml has a key that no setting has."),
    ("missing-value", E_, "A required cell or key is empty."),
    ("bad-text", E_, "An identifier, country or text has characters that it may not have."),
    ("bad-number", E_, "A cell that should hold a number does not."),
    ("bad-date", E_, "A cell that should hold a date (YYYY-MM-DD) does not, or the day does not exist."),
    ("bad-yes-no", E_, "A cell that should hold yes or no holds something else."),
    ("out-of-bounds", E_, "A number is outside the bounds of its field, such as a negative capacity."),
    ("formula-cell", E_, "A cell of a workbook holds a formula or an error instead of a value."),
    ("unknown-option", E_, "A cell holds a word that is not among the options of its field."),
    ("unknown-place", E_, "A place is named that places.csv does not have."),
    ("unknown-reference", E_, "A group, status or source is named that its table does not have."),
    ("unknown-rate", E_, "A rate is named that is neither a parameter of the model nor a transition."),
    ("unknown-unit", E_, "A unit is named that Posada does not know, or not the one of its parameter."),
    ("duplicate-id", E_, "Two rows have the same identifier."),
    ("missing-source", E_, "A figure has no source."),
    ("range-order", E_, "Low, likely and high are not in order, or a last day is before its first day."),
    ("unlike-stocks", E_, "Stocks of one item differ in their unit, or in how much of it each person needs."),
    ("shares-exceed-one", E_, "Shares that exclude each other add up to more than one."),
    ("bad-distribution", E_, "A distribution has too few or too many values, or values it cannot take."),
    ("route-to-itself", E_, "A route begins and ends in the same place."),
    ("no-way", E_, "A group cannot reach its destination over any route."),
    ("no-statuses", E_, "The statuses lack an initial one, or have several."),
    ("missing-movement", E_, "There are conflicts or closures, but no section [movement] that says how people move."),
    ("no-origin", E_, "People are to set out by conflict, high water or registrations, of which there are none."),
    ("unknown-route", E_, "A closure or a well-known way names two places that no route joins."),
    ("correction-without-count", E_, "Registrations are corrected on a day that has no count, or no count before it."),
    ("days-without-origin", W_, "On some days no place with residents is in conflict, so nobody can set out."),
    ("closure-without-effect", W_, "A closure never closes anything, or does not do what its days seem to say."),
    ("procedure-loop", E_, "A final status has a transition that leaves it."),
    (
        "outside-journey",
        W_,
        "A date lies outside the scenario's first and last day, so the row has no effect.",
    ),
    (
        "personal-data",
        E_,
        "A column or text looks like data about an individual person, which Posada never takes.",
    ),
    ("signal-without-effect", W_, "A signal changes a number that is drawn once, before any day; it changes nothing."),
    ("isolated-place", W_, "A place has no route, so nobody can reach or leave it."),
    (
        "flee-old-folder",
        E_,
        "A folder has the shape that Flee had before its version 2, which neither Flee nor Posada can run.",
    ),
    ("missing-series", E_, "A camp of a Flee folder has no registrations in data_layout.csv."),
    ("flee-repaired", W_, "Flee stops at something, or misreads it; Posada reads it as it was meant."),
    ("flee-kept", W_, "Flee reads something otherwise than it looks, and so does Posada, so that results agree."),
    ("flee-ignored", W_, "Something in a Flee folder changes nothing, in Flee and in Posada."),
    ("flee-not-modelled", W_, "Flee has a rule that Posada does not have."),
    ("flee-note", N_, "Something in a Flee folder that is worth knowing and no fault."),
    ("nothing-to-score", E_, "A scenario to be validated has no registrations above zero in any camp."),
    ("far-from-road", E_, "A place is too far from every road of an OpenStreetMap extract."),
    ("same-road-point", W_, "Two places are nearest to the same point of a road."),
    ("road-passed-over", W_, "The road nearest to a place joins nothing; the place is set on another."),
    ("separate-roads", W_, "The roads of a place do not join those of most other places."),
    ("route-by-ferry", W_, "A route takes a ferry, so nobody can walk it."),
    ("unknown-target", E_, "A forecast or truth file has a target that Posada does not know."),
    ("unknown-level", E_, "A forecast file has a quantile level that it may not have."),
    ("missing-level", E_, "In a forecast file a day of a target lacks a quantile level."),
    ("duplicate-row", E_, "A forecast or truth file has the same target, location, day and level twice."),
    ("quantiles-cross", E_, "In a forecast file a higher level has a lower value, or a chance falls over days."),
    ("ahead-of-nobody", W_, "A report of people ahead of a group puts nobody anywhere, so it changes nothing."),
    ("assumed-parameter", N_, "A parameter of the model is not in parameters.csv; its default is assumed."),
    ("no-lodging-report", N_, "A town on the way has no reported site; its places are drawn, not zero."),
    ("unverified-source", N_, "A source has no date, so it cannot be placed before or after an as-of date."),
)


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault: what it is, where it stands, what was found and how to mend it.

    Attributes
    ----------
    id : str
        A key of :data:`FINDING_KINDS`.
    where : str
        File and line (``sites.csv:4``), or table and row for a scenario that was built in memory.
    message : str
        What is wrong, naming the offender.
    cure : str
        How to mend it.
    """

    id: str
    where: str
    message: str
    cure: str

    def __post_init__(self) -> None:
        if self.id not in FINDING_KINDS:
            raise KeyError(f"finding kind {self.id!r} is not in the catalogue")

    @property
    def severity(self) -> Severity:
        """How much it matters, from the catalogue."""
        return FINDING_KINDS[self.id].severity

    def __str__(self) -> str:
        return f"{self.severity.value} [{self.id}] {self.where}: {self.message} {self.cure}".rstrip()


@dataclass(frozen=True, slots=True)
class Findings:
    """All findings of a check, worst first, in the order of the files."""

    rows: tuple[Finding, ...] = ()

    @property
    def errors(self) -> tuple[Finding, ...]:
        """Findings that prevent the use of the scenario."""
        return tuple(row for row in self.rows if row.severity is Severity.ERROR)

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """Findings that a careful user would mend."""
        return tuple(row for row in self.rows if row.severity is Severity.WARNING)

    def __iter__(self) -> Iterator[Finding]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def __str__(self) -> str:
        return "\n".join(str(row) for row in self.rows) if self.rows else "no findings"
