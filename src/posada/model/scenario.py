"""The frozen, validated whole of a scenario, and the builder that collects one.

A :class:`Scenario` is complete and consistent by construction: its constructor runs every check and raises
when one of them finds an error. Change means :meth:`Scenario.replace`, which makes, and checks, another one.
"""

from __future__ import annotations

import copy
import dataclasses
import hashlib
import re
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Self

from posada.model.checks import check_scenario, in_order
from posada.model.displacement import (
    Closure,
    Condition,
    Conflict,
    Correction,
    Demographic,
    KnownRoute,
    Movement,
    PlaceAttribute,
    PlaceChange,
    Present,
)
from posada.model.errors import ScenarioError, UnknownNameError
from posada.model.fields import CellError, fields_of, format_cell, parse_cell
from posada.model.findings import Finding, Findings, Severity
from posada.model.geography import Place, Route
from posada.model.journeys import Destination, Group, Status, Stop, Transition
from posada.model.offers import Site, Stance, Supply, Vehicle
from posada.model.rates import Parameter
from posada.model.statements import REGISTERED, Report, Signal, Source
from posada.model.tables import TABLES, Settings

Positions = Mapping[tuple[str, int], str]
"""Where the row ``(table, index)`` stands in its file, such as ``sites.csv:4``."""


@dataclass(frozen=True)
class Scenario:
    """A journey or a region as data: one tuple of records per table.

    ``movement`` says how dispersed people move; ``None`` where everybody is in a group or makes for the border alone.
    ``remarks`` are the findings of the reader about the files, errors never among them.

    Raises
    ------
    ScenarioError
        On construction, when a check finds an error; it carries the findings.
    """

    settings: Settings
    places: tuple[Place, ...] = ()
    routes: tuple[Route, ...] = ()
    groups: tuple[Group, ...] = ()
    destinations: tuple[Destination, ...] = ()
    itinerary: tuple[Stop, ...] = ()
    sites: tuple[Site, ...] = ()
    vehicles: tuple[Vehicle, ...] = ()
    supplies: tuple[Supply, ...] = ()
    stances: tuple[Stance, ...] = ()
    statuses: tuple[Status, ...] = ()
    procedure: tuple[Transition, ...] = ()
    signals: tuple[Signal, ...] = ()
    reports: tuple[Report, ...] = ()
    sources: tuple[Source, ...] = ()
    parameters: tuple[Parameter, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    closures: tuple[Closure, ...] = ()
    place_changes: tuple[PlaceChange, ...] = ()
    conditions: tuple[Condition, ...] = ()
    place_attributes: tuple[PlaceAttribute, ...] = ()
    demographics: tuple[Demographic, ...] = ()
    known_routes: tuple[KnownRoute, ...] = ()
    present: tuple[Present, ...] = ()
    corrections: tuple[Correction, ...] = ()
    movement: Movement | None = None
    positions: Positions = field(default_factory=dict, compare=False, repr=False)
    remarks: tuple[Finding, ...] = field(default=(), compare=False, repr=False)

    def __post_init__(self) -> None:
        errors = check_scenario(self).errors
        if errors:
            raise ScenarioError(errors)

    @property
    def is_dispersed(self) -> bool:
        """Whether it is about dispersed people only, not about groups."""
        return self.movement is not None and not self.groups

    @property
    def hidden_places(self) -> frozenset[str]:
        """Identifiers of the places marked sensitive, which no output for others names or locates."""
        return frozenset(place.id for place in self.places if place.sensitive)

    @property
    def is_mixed(self) -> bool:
        """Whether it is about groups, and who leaves them moves on as dispersed people."""
        return self.movement is not None and bool(self.groups)

    @property
    def displaces(self) -> bool:
        """Whether people set out for themselves, because of conflict or high water, or are dispersed at the start."""
        return bool(
            (self.movement is not None and self.movement.spawn_by_high_water)
            or self.conflicts
            or self.present
            or any(place.kind == "conflict_zone" for place in self.places)
            or any(change.kind == "conflict_zone" for change in self.place_changes)
            or any(row.kind == REGISTERED for row in self.reports)
        )

    def check(self) -> Findings:
        """Return every finding: errors (never, once constructed), warnings and notes."""
        return Findings(in_order((*self.remarks, *check_scenario(self))))

    def table(self, name: str) -> tuple[Any, ...]:
        """Return the records of a table by its name.

        Raises
        ------
        UnknownNameError
            When there is no such table.
        """
        if name not in TABLES:
            raise UnknownNameError("table", name, TABLES)
        return tuple(getattr(self, name))

    def where(self, table: str, index: int) -> str:
        """Say where a row stands: file and line, or table and row number for one built in memory."""
        return self.positions.get((table, index), f"{table} row {index + 1}")

    def place(self, place_id: str) -> Place:
        """Return a place by its identifier.

        Raises
        ------
        UnknownNameError
            When there is no such place; names the nearest known one.
        """
        for place in self.places:
            if place.id == place_id:
                return place
        raise UnknownNameError("place", place_id, (place.id for place in self.places))

    def replace(self, **tables: Any) -> Self:
        """Return a scenario in which the named tables or settings are others, checked anew."""
        return dataclasses.replace(self, positions={}, remarks=(), **tables)

    def with_movement(self, movement: Movement) -> Self:
        """Return the scenario with other settings of movement, its tables not checked anew.

        For ensembles whose members differ in these settings: checking takes longer than running one. Whoever makes
        the settings sees to it that they are within their bounds.
        """
        varied = copy.copy(self)
        varied.__dict__.pop("hash", None)
        object.__setattr__(varied, "movement", movement)
        return varied

    @cached_property
    def hash(self) -> str:
        """SHA-256 over what settings and tables say; independent of the format.

        A cell that says no more than an empty one does not count, so that a new column or table with a default
        changes the hash of no scenario that does without it.
        """
        return self.digest()

    def digest(self, without: Container[str] = ()) -> str:
        """Return what :attr:`hash` would be if some tables were empty."""
        digest = hashlib.sha256()
        kept = [name for name in TABLES if name not in without]
        sections = [("settings", (self.settings,)), *((name, self.table(name)) for name in kept)]
        if self.movement is not None:
            sections.append(("movement", (self.movement,)))
        for name, rows in sections:
            if rows:
                digest.update(f"[{name}]\n".encode())
            for row in rows:
                cells = (
                    f"{spec.header}\x1e{format_cell(spec, value)}"
                    for spec in fields_of(type(row))
                    if (value := getattr(row, spec.name)) != spec.default or spec.required
                )
                # Separators that no cell may hold, so that no two scenarios write the same bytes.
                digest.update("\x1f".join(cells).encode() + b"\x1d")
        return digest.hexdigest()


class ScenarioBuilder:
    """Collects settings and rows, from files or from code, and builds the frozen whole at the end.

    Nothing is raised before :meth:`build`, so that one pass reports every fault of every file.
    """

    def __init__(self) -> None:
        self._settings: Settings | None = None
        self._movement: Movement | None = None
        self._movement_is_known = True
        self._rows: dict[str, list[Any]] = {name: [] for name in TABLES}
        self._positions: dict[tuple[str, int], str] = {}
        self._findings: list[Finding] = []

    def add(self, table: str, *rows: Any) -> Self:
        """Add records that were made in code."""
        if table not in TABLES:
            raise UnknownNameError("table", table, TABLES)
        for row in rows:
            if not isinstance(row, TABLES[table]):
                raise TypeError(f"'{table}' holds {TABLES[table].__name__}, not {type(row).__name__}")
            self._rows[table].append(row)
        return self

    def add_settings(self, cells: Mapping[str, str], where: Mapping[str, str], without: Container[str] = ()) -> None:
        """Add the settings as text, with the place of each key in its file; that of ``""`` is the file.

        ``without`` holds the keys of which something was found before.
        """
        whole = where.get("", "scenario.toml")
        self._settings = self._parse(Settings, cells, whole, where, without)
        for index, spec in enumerate(fields_of(Settings)):
            self._positions[("scenario", index)] = where.get(spec.header, whole)

    def add_movement(self, cells: Mapping[str, str], where: Mapping[str, str], without: Container[str] = ()) -> None:
        """Add the section ``[movement]`` as text, like :meth:`add_settings`; ``where`` of ``""`` is its heading."""
        whole = where.get("", "scenario.toml")
        self._movement = self._parse(Movement, cells, whole, where, without)
        self._movement_is_known = self._movement is not None
        for index, spec in enumerate(fields_of(Movement)):
            self._positions[("movement", index)] = where.get(spec.header, whole)

    def leave_movement_open(self) -> None:
        """Take note that nobody can tell whether there is a section ``[movement]``: the settings are unreadable."""
        self._movement_is_known = False

    def add_cells(self, table: str, cells: Mapping[str, str], where: str, without: Container[str] = ()) -> None:
        """Add a row as text by column header, with its place in its file.

        ``without`` holds the headers of columns that the whole table lacks: that was said once, and is not said
        again for every row.
        """
        row = self._parse(TABLES[table], cells, where, {}, without)
        if row is not None:
            self._positions[(table, len(self._rows[table]))] = where
            self._rows[table].append(row)

    def add_findings(self, findings: Iterable[Finding]) -> None:
        """Add what a reader found before there were rows, such as an unknown file or column."""
        self._findings.extend(findings)

    def _parse(
        self,
        record: type[Any],
        cells: Mapping[str, str],
        where: str,
        by_key: Mapping[str, str],
        without: Container[str] = (),
    ) -> Any:
        values: dict[str, Any] = {}
        faults = []
        for spec in fields_of(record):
            if spec.header in without:
                continue
            try:
                values[spec.name] = parse_cell(spec, cells.get(spec.header, ""))
            except CellError as fault:
                place = by_key.get(spec.header, where)
                faults.append(Finding(fault.finding_id, place, str(fault), fault.cure))
        self._findings.extend(faults)
        complete = len(values) == len(fields_of(record))
        return record(**values) if complete else None

    def build(self) -> Scenario:
        """Return the scenario.

        Raises
        ------
        ScenarioError
            With every error that reading and checking found.
        """
        findings = list(self._findings)
        if self._settings is None and not findings:
            findings.append(Finding("missing-file", "scenario.toml", "there are no settings.", "Add scenario.toml."))
        if any(finding.severity is Severity.ERROR for finding in findings):
            findings.extend(self._faults_of_what_was_read(findings))
            raise ScenarioError(in_order(findings))
        tables = {name: tuple(rows) for name, rows in self._rows.items()}
        assert self._settings is not None
        return Scenario(
            settings=self._settings,
            movement=self._movement,
            positions=self._positions,
            remarks=tuple(findings),
            **tables,
        )

    def _faults_of_what_was_read(self, found: list[Finding]) -> list[Finding]:
        """Check the rows that could be read as well, so that one run of ``check`` shows all faults.

        References into a table that itself had unreadable rows are left out: they would be echoes.
        """
        draft = object.__new__(Scenario)
        object.__setattr__(draft, "settings", self._settings)
        object.__setattr__(draft, "movement", self._movement)
        object.__setattr__(draft, "positions", self._positions)
        object.__setattr__(draft, "remarks", ())
        for name, rows in self._rows.items():
            object.__setattr__(draft, name, tuple(rows))
        said = set(found)
        broken = {re.split(r"[.:!]", finding.where)[0] for finding in found}
        if self._settings is None:
            broken.add("scenario")
        if not self._movement_is_known:
            broken.add("movement")
        return [f for f in check_scenario(draft, incomplete_tables=frozenset(broken)).errors if f not in said]
