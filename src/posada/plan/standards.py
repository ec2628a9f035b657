"""The table of standards: reading it, checking it, and the figures that a site has of its own.

Every figure stands in ``standards.csv`` with its source; this module has none. A scenario's site may have a
figure of its own: resolved = the site's, where it has one, else the table's.
"""

from __future__ import annotations

import csv
import dataclasses
import io
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TypeVar

from posada.model.errors import InputFileError, UnknownNameError, nearest_hint
from posada.model.fields import CellError, fields_of, parse_cell
from posada.model.findings import Finding
from posada.model.need import (
    CLIMATES,
    PHASES,
    PROJECT_ASSUMPTION,
    STATUSES,
    Indicator,
    SiteOverride,
)

Standards = tuple[Indicator, ...]
Row = TypeVar("Row", Indicator, SiteOverride)

_DERIVED = ("multiple_of", "female_share_of", "male_share_of")
_DIVIDING = ("people_per_unit", "m2_per_person")
_SHARES = ("female_share_of", "male_share_of")


class StandardsError(InputFileError):
    """A table of standards, or of a site's own figures, cannot be used; carries its findings."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(findings)
        lines = "\n".join(str(finding) for finding in self.findings)
        super().__init__(f"the standards cannot be used ({len(self.findings)} findings):\n{lines}")


def read_standards(path: str | Path | None = None) -> Standards:
    """Read a table of standards: the bundled one, or a file with the same columns.

    Raises
    ------
    StandardsError
        With every finding of the file: unknown column or option, missing figure, source or status, a figure
        out of order, a line that rests on one that is not above it.
    """
    return _read_bundled() if path is None else _read(path)


@cache
def _read_bundled() -> Standards:
    """Return the bundled table, which cannot change: each site and each town asks for it."""
    return _read(None)


def _read(path: str | Path | None) -> Standards:
    name, text = _text_of(path)
    rows, findings = _parse_table(name, text, Indicator)
    findings += _check_standards(rows)
    if not rows and not findings:
        findings.append(Finding("missing-value", name, "the table has no row.", "Give at least one."))
    if findings:
        raise StandardsError(findings)
    return tuple(rows.values())


def read_overrides(path: str | Path, standards: Standards) -> tuple[SiteOverride, ...]:
    """Read the figures that sites have of their own.

    Raises
    ------
    StandardsError
        With every finding of the file; a key that the standards do not have is named with the nearest one.
    """
    name, text = _text_of(path)
    rows, findings = _parse_table(name, text, SiteOverride)
    phases_of = _phases_by_key(standards)
    for where, row in rows.items():
        if row.key not in phases_of:
            message = f"'{row.key}' is no line of the standards."
            findings.append(Finding("unknown-reference", where, message, nearest_hint(row.key, phases_of)))
        if row.low is None and row.target is None:
            cure = "Give low, target or both, or remove the row."
            findings.append(Finding("missing-value", where, "neither 'low' nor 'target' is given.", cure))
        findings += _check_provenance(where, row.source, row.status)
        findings += _check_phases(where, row.phases, phases_of.get(row.key, PHASES))
    findings += _check_unique(
        {where: [(row.site, row.key, phase) for phase in row.phases or PHASES] for where, row in rows.items()}
    )
    if findings:
        raise StandardsError(findings)
    return tuple(rows.values())


def resolve_standards(standards: Standards, overrides: Iterable[SiteOverride], site: str) -> Standards:
    """Return the standards as they hold at a site: its own figure where it has one, else the table's.

    Raises
    ------
    StandardsError
        When the site's figure and the standard's other one are not in order.
    UnknownNameError
        When an override is about a line that the standards do not have.
    """
    resolved = list(standards)
    for override in overrides:
        if override.site != site:
            continue
        if all(indicator.key != override.key for indicator in standards):
            raise UnknownNameError("line of the standards", override.key, _phases_by_key(standards))
        resolved = [part for indicator in resolved for part in _override(indicator, override)]
    findings = [finding for row in resolved for finding in _check_figures(f"site {site}, {row.key}", row)]
    if findings:
        raise StandardsError(findings)
    return tuple(resolved)


def select_indicators(
    standards: Standards, phase: str, *, climate: str = "temperate", urban_services: bool = False
) -> Standards:
    """Return the rows that hold in a phase and climate: one per key, in the order of the table.

    A row for the climate replaces the row for any climate.

    Parameters
    ----------
    phase : str
        One of :data:`posada.model.need.PHASES`.
    climate : str
        One of :data:`posada.model.need.CLIMATES`.
    urban_services : bool
        Whether people are in buildings with services inside, for which the standard asks for more space.

    Raises
    ------
    UnknownNameError
        When the phase or the climate is not known.
    """
    if phase not in PHASES:
        raise UnknownNameError("phase", phase, PHASES)
    if climate not in CLIMATES:
        raise UnknownNameError("climate", climate, CLIMATES)
    ranking = ["any", *(["cold_or_urban"] if climate == "cold" or urban_services else []), climate]
    best: dict[str, Indicator] = {}
    for row in standards:
        if phase not in row.phases or row.climate not in ranking:
            continue
        held = best.get(row.key)
        if held is None or ranking.index(row.climate) > ranking.index(held.climate):
            best[row.key] = row
    return tuple(best.values())


def _phases_by_key(standards: Standards) -> dict[str, tuple[str, ...]]:
    phases: dict[str, tuple[str, ...]] = {}
    for indicator in standards:
        phases[indicator.key] = phases.get(indicator.key, ()) + indicator.phases
    return phases


def _override(indicator: Indicator, override: SiteOverride) -> list[Indicator]:
    """Return the indicator with the site's figures in the override's phases, and as it was in the others."""
    hit = tuple(phase for phase in indicator.phases if phase in (override.phases or PHASES))
    if indicator.key != override.key or not hit:
        return [indicator]
    kept = (override.low is None and indicator.low is not None) or (
        override.target is None and indicator.target is not None
    )
    # A row in which one figure is still the standard's is no better founded than the weaker of the two.
    changed = dataclasses.replace(
        indicator,
        phases=hit,
        low=indicator.low if override.low is None else override.low,
        target=indicator.target if override.target is None else override.target,
        source=override.source,
        edition=override.edition,
        locator=f"{override.locator}; otherwise {indicator.citation}" if kept else override.locator,
        status=max(override.status, indicator.status, key=STATUSES.index) if kept else override.status,
    )
    rest = tuple(phase for phase in indicator.phases if phase not in hit)
    return [changed, dataclasses.replace(indicator, phases=rest)] if rest else [changed]


# --- reading a table -------------------------------------------------------------------------------


def _text_of(path: str | Path | None) -> tuple[str, str]:
    if path is None:
        return "standards.csv", resources.files("posada.plan").joinpath("standards.csv").read_text("utf-8")
    path = Path(path)
    try:
        return path.name, path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        cure = "Save it as CSV in UTF-8."
        raise StandardsError([Finding("unreadable-file", path.name, "it is not UTF-8.", cure)]) from None
    except OSError as error:
        raise InputFileError(f"cannot read {path}: {error.strerror}. Give the path of a CSV file.") from None


def _parse_table(name: str, text: str, record: type[Row]) -> tuple[dict[str, Row], list[Finding]]:
    """Return the rows of a CSV text by their place in it, and what is wrong with it."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: dict[str, Row] = {}
    try:
        header = next(reader, [])
        findings = _check_header(name, header, record)
        if findings:
            return rows, findings
        for cells in reader:
            where = f"{name}:{reader.line_num}"
            if not any(cell.strip() for cell in cells):
                continue
            row, faults = _parse_row(where, dict(zip(header, cells, strict=False)), record)
            if len(cells) > len(header):
                cure = "Put text with commas in quotes."
                faults = [Finding("ragged-row", where, f"{len(cells)} cells, {len(header)} columns.", cure)]
            findings += faults
            if row is not None and not faults:
                rows[where] = row
    except csv.Error as error:
        where = f"{name}:{reader.line_num}"
        return rows, [Finding("unreadable-file", where, f"{error}.", "Save it as CSV again.")]
    return rows, findings


def _check_header(name: str, header: Sequence[str], record: type[Row]) -> list[Finding]:
    where = f"{name}:1"
    known = {field.header: field for field in fields_of(record)}
    findings = []
    for column in dict.fromkeys(header):
        if column not in known:
            message = f"no field is called '{column}'."
            findings.append(Finding("unknown-column", where, message, nearest_hint(column, known)))
        if header.count(column) > 1:
            findings.append(Finding("duplicate-column", where, f"'{column}' is there twice.", "Remove one."))
    return findings + [
        Finding("missing-column", where, f"'{field.header}' is absent.", "Add the column.")
        for field in known.values()
        if field.required and field.header not in header
    ]


def _parse_row(where: str, cells: Mapping[str, str], record: type[Row]) -> tuple[Row | None, list[Finding]]:
    values = {}
    findings = []
    for field in fields_of(record):
        try:
            values[field.name] = parse_cell(field, cells.get(field.header, ""))
        except CellError as error:
            findings.append(Finding(error.finding_id, where, str(error), error.cure))
    return (None if findings else record(**values)), findings


# --- checking the rows -----------------------------------------------------------------------------


def _check_standards(rows: Mapping[str, Indicator]) -> list[Finding]:
    findings: list[Finding] = []
    above: dict[str, set[str]] = {}
    for where, row in rows.items():
        findings += _check_phases(where, row.phases) + _check_figures(where, row)
        findings += _check_provenance(where, row.source, row.status) + _check_basis(where, row, above)
        # What another line rests on must be computed in every climate.
        carries = row.use != "reference" and row.kind != "threshold" and row.climate == "any"
        above.setdefault(row.key, set()).update(row.phases if carries else ())
    return findings + _check_unique(
        {where: [(row.key, phase, row.climate) for phase in row.phases] for where, row in rows.items()}
    )


def _check_phases(where: str, phases: Iterable[str], known: Sequence[str] = PHASES) -> list[Finding]:
    message = "'{}' is not an option of 'phase'."
    return [
        Finding("unknown-option", where, message.format(phase), nearest_hint(phase, known))
        for phase in phases
        if phase not in known
    ]


def _check_provenance(where: str, source: str, status: str) -> list[Finding]:
    if source != PROJECT_ASSUMPTION or status == "M":
        return []
    message = f"the source is {PROJECT_ASSUMPTION}, the status '{status}'."
    return [Finding("unknown-option", where, message, "What stands in no source has the status M.")]


def _check_figures(where: str, row: Indicator) -> list[Finding]:
    if row.low is None and row.target is None:
        return [Finding("missing-value", where, "neither 'low' nor 'target' is given.", "Give at least one.")]
    fault, message, cure = "", "", ""
    given = [figure for figure in (row.low, row.target) if figure is not None]
    # Fewer people per unit are more units, so there the order of the figures turns round.
    ordered = given if row.kind != "people_per_unit" else given[::-1]
    if row.kind in _DIVIDING and min(given) <= 0:
        fault, message, cure = "out-of-bounds", f"a figure of the kind {row.kind} is 0.", "Give more than 0."
    elif row.kind in _SHARES and not 0 < min(given) <= max(given) < 1:
        fault, message, cure = "out-of-bounds", f"a share is {max(given):g}.", "Give shares between 0 and 1."
    elif row.kind != "threshold" and ordered != sorted(ordered):
        fault, message = "range-order", f"low {row.low:g} and target {row.target:g} of '{row.key}'."
        cure = "The low band must not ask for more than the target."
    return [Finding(fault, where, message, cure)] if fault else []


def _check_basis(where: str, row: Indicator, above: Mapping[str, set[str]]) -> list[Finding]:
    if row.of is None:
        if row.kind not in _DERIVED:
            return []
        cure = "Name the line that it is computed from."
        return [Finding("missing-value", where, f"'of' is empty, and the kind is {row.kind}.", cure)]
    if row.kind not in (*_DERIVED, "people_per_unit"):
        cure = f"Leave it empty, or use {', '.join(_DERIVED)} or people_per_unit."
        return [Finding("unknown-option", where, f"'of' has no meaning for the kind {row.kind}.", cure)]
    basis = row.of.removesuffix(".target")
    if basis not in above:
        message = f"'{basis}' in 'of' is no line above."
        return [Finding("unknown-reference", where, message, nearest_hint(basis, above))]
    lacking = [phase for phase in row.phases if phase not in above[basis]]
    if lacking and row.use != "reference":
        message = f"'{basis}' is not computed in {';'.join(lacking)}."
        cure = "Above, give it a row for any climate in those phases."
        return [Finding("unknown-reference", where, message, cure)]
    return []


def _check_unique(identities: Mapping[str, Iterable[tuple[str, ...]]]) -> list[Finding]:
    first: dict[tuple[str, ...], str] = {}
    findings = []
    for where, names in identities.items():
        for name in names:
            if name in first:
                message = f"'{', '.join(name)}' stands also in {first[name]}."
                findings.append(Finding("duplicate-id", where, message, "Keep one of the two rows."))
            first.setdefault(name, where)
    return findings
