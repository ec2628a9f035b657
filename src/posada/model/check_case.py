"""What a check is given: the scenario, the rows that can be read, and which tables are known only in part."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from posada.model.displacement import Movement
from posada.model.fields import CellError, Field, Kind, fields_of, format_cell, parse_cell
from posada.model.findings import Finding
from posada.model.tables import TABLES, Settings

if TYPE_CHECKING:
    from posada.model.scenario import Scenario

_FINDING_OF_KIND = {
    Kind.INTEGER: "bad-number",
    Kind.NUMBER: "bad-number",
    Kind.NUMBERS: "bad-number",
    Kind.DATE: "bad-date",
    Kind.YES_NO: "bad-yes-no",
}


@dataclass(frozen=True, slots=True)
class Case:
    """A scenario under examination.

    Attributes
    ----------
    incomplete : frozenset of str
        Tables of which some rows could not be read: a name that they lack may stand in such a row.
    unreadable : frozenset of (str, int)
        Rows, as (table, index), that hold what their fields do not allow; no check looks at them.
    """

    scenario: Scenario
    incomplete: frozenset[str]
    unreadable: frozenset[tuple[str, int]] = frozenset()

    def rows(self, table: str) -> Iterator[tuple[str, Any]]:
        """Yield each readable row of a table, after the place where it stands."""
        for index, row in enumerate(getattr(self.scenario, table)):
            if (table, index) not in self.unreadable:
                yield self.scenario.where(table, index), row

    def ids(self, table: str) -> dict[str, Any]:
        """Return the rows of a table by identifier."""
        return {row.id: row for _, row in self.rows(table)}

    def knows(self, *tables: str) -> bool:
        """Tell whether every row of the tables could be read."""
        return self.incomplete.isdisjoint(tables)

    def file_of(self, table: str) -> str:
        """Say where a table stands as a whole: ``sites.csv``, sheet ``sites``, or table ``sites``."""
        for (named, _), where in self.scenario.positions.items():
            if named == table:
                return where.replace("!", ":").partition(":")[0]
        in_files = any("." in where for where in self.scenario.positions.values())
        return f"{table}.csv" if in_files else table

    @property
    def moves(self) -> bool:
        """Whether there is a section ``[movement]``, or may be one in what could not be read."""
        return self.scenario.movement is not None or not self.knows("movement")

    def movement_key(self, name: str) -> str:
        """Say where a key of the section ``[movement]`` stands."""
        index = [spec.name for spec in fields_of(Movement)].index(name)
        return self.scenario.positions.get(("movement", index), f"scenario 'movement.{name}'")

    def setting(self, name: str) -> str:
        """Say where a key of the settings stands."""
        index = [spec.name for spec in fields_of(Settings)].index(name)
        return self.scenario.positions.get(("scenario", index), f"scenario '{name}'")


def unreadable_rows(scenario: Scenario) -> tuple[frozenset[tuple[str, int]], list[Finding]]:
    """Find the rows with a value that their field does not allow, also in a scenario made in code.

    A value is allowed when it is what comes back from the text that it is written as.
    """
    rows = set()
    findings = []
    if scenario.settings is not None:  # it is, in the draft of a builder whose settings were not read
        case = Case(scenario, frozenset())
        for spec, fault in _faults_of(scenario.settings):
            rows.add(("scenario", 0))
            findings.append(Finding(fault.finding_id, case.setting(spec.name), str(fault), fault.cure))
    if scenario.movement is not None:
        case = Case(scenario, frozenset())
        for spec, fault in _faults_of(scenario.movement):
            rows.add(("movement", 0))
            findings.append(Finding(fault.finding_id, case.movement_key(spec.name), str(fault), fault.cure))
    for table in TABLES:
        for index, record in enumerate(getattr(scenario, table)):
            for _, fault in _faults_of(record):
                rows.add((table, index))
                findings.append(Finding(fault.finding_id, scenario.where(table, index), str(fault), fault.cure))
    return frozenset(rows), findings


def _faults_of(record: Any) -> Iterator[tuple[Field, CellError]]:
    for spec in fields_of(type(record)):
        try:
            _check_value(spec, getattr(record, spec.name))
        except CellError as fault:
            yield spec, fault


def _check_value(spec: Field, value: Any) -> None:
    if value is None and spec.default is None and not spec.required:
        return
    try:
        text = format_cell(spec, value)
    except (AttributeError, TypeError, ValueError):
        text = None
    if text is None or parse_cell(spec, text) != value:
        finding = _FINDING_OF_KIND.get(spec.kind, "bad-text")
        cure = f"It holds a {spec.kind.value}, without blanks around it."
        raise CellError(finding, f"'{spec.header}' cannot hold a value of type {type(value).__name__}.", cure)
