"""Checks of names: no identifier stands twice, and every name that is used is known."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from posada.model.check_case import Case
from posada.model.errors import nearest_hint
from posada.model.fields import Field, fields_of, format_cell
from posada.model.findings import Finding
from posada.model.geography import PLACE_KINDS, Route
from posada.model.rates import DRAWN_BEFORE_THE_RUN, RATES
from posada.model.tables import ROW_IDENTITY, TABLES

SINGULAR = {"groups": "group", "places": "place", "sources": "source", "statuses": "status"}
WHERE_PREFIXES = ("country", "kind")
ANYWHERE = "anywhere"


def duplicate_ids(case: Case) -> Iterator[Finding]:
    """No two rows of a table describe the same thing."""
    for table, identity in ROW_IDENTITY.items():
        specs = [spec for spec in fields_of(TABLES[table]) if spec.name in identity]
        first: dict[tuple[Any, ...], str] = {}
        for where, row in case.rows(table):
            key = tuple(getattr(row, name) for name in identity)
            if key in first:
                named = ", ".join(f"{spec.header} '{format_cell(spec, getattr(row, spec.name))}'" for spec in specs)
                cure = "Remove one of the two, or give it another identifier."
                yield Finding("duplicate-id", where, f"{named} stands in {first[key]} already.", cure)
            first.setdefault(key, where)


def overlapping_routes(case: Case) -> Iterator[Finding]:
    """One stretch is not listed twice for the same days, not even from its other end."""
    seen: dict[tuple[frozenset[str], str, int], list[tuple[str, Route]]] = defaultdict(list)
    for where, route in case.rows("routes"):
        stretch = seen[(frozenset((route.from_place, route.to_place)), route.mode, route.parallel)]
        for earlier, other in stretch:
            if _are_same_stretch(route, other):
                ends = f"the {route.mode} between '{route.from_place}' and '{route.to_place}'"
                cure = "A route leads both ways unless it is one_way; remove one, part their days, or count them."
                yield Finding("duplicate-id", where, f"{ends} stands in {earlier} already, for the same days.", cure)
                break
        stretch.append((where, route))


def _are_same_stretch(one: Route, other: Route) -> bool:
    if _route_identity(one) == _route_identity(other):
        return False  # said by duplicate_ids
    opposite = one.from_place != other.from_place
    if opposite and one.one_way and other.one_way:
        return False
    later, earlier = (one, other) if _opens(one) > _opens(other) else (other, one)
    return earlier.open_to is None or later.open_from is None or later.open_from <= earlier.open_to


def _opens(route: Route) -> int:
    return 0 if route.open_from is None else route.open_from.toordinal()


def _route_identity(route: Route) -> tuple[Any, ...]:
    return tuple(getattr(route, name) for name in ROW_IDENTITY["routes"])


def names_with_two_meanings(case: Case) -> Iterator[Finding]:
    """A transition is not called like a rate, nor a place like a word of procedure.csv."""
    for where, transition in case.rows("procedure"):
        if transition.id in RATES:
            message = f"'{transition.id}' is also a parameter of the model, so signals could not tell them apart."
            yield Finding("duplicate-id", where, message, "Give the transition another identifier.")
    for where, place in case.rows("places"):
        if place.id == ANYWHERE:
            message = f"'{ANYWHERE}' means every place in the table of the procedure."
            yield Finding("duplicate-id", where, message, "Give the place another identifier.")


def known_references(case: Case) -> Iterator[Finding]:
    """Places, groups, statuses and sources that a row names exist."""
    # Of a table without rows it is said that it is empty, not that each of its rows is unknown.
    known = {table: ids for table in SINGULAR if case.knows(table) and (ids := case.ids(table))}
    hints: dict[tuple[str, str], str] = {}
    for table, record in TABLES.items():
        specs = [spec for spec in fields_of(record) if spec.refers_to in known]
        for where, row in case.rows(table):
            for spec in specs:
                value = getattr(row, spec.name)
                named = value if isinstance(value, tuple) else (value,)
                for name in named:
                    if name is not None and name not in known[spec.refers_to]:
                        key = (spec.refers_to, name)
                        if key not in hints:  # looked for once, however many rows have the same slip
                            hints[key] = nearest_hint(name, known[spec.refers_to])
                        yield _unknown(where, spec, name, hints[key])


def _unknown(where: str, spec: Field, name: str, hint: str) -> Finding:
    table = spec.refers_to
    finding = "unknown-place" if table == "places" else "unknown-reference"
    message = f"{SINGULAR[table]} '{name}' in '{spec.header}' is not in the table of {table}."
    return Finding(finding, where, message, hint)


def known_rates(case: Case) -> Iterator[Finding]:
    """Signals and parameters name rates that exist."""
    transitions = [row.id for _, row in case.rows("procedure")]
    if case.knows("procedure"):
        known = (*RATES, *transitions)
        for where, signal in case.rows("signals"):
            if signal.affects not in known:
                message = f"'{signal.affects}' in 'affects' is neither a parameter of the model nor a transition."
                yield Finding("unknown-rate", where, message, nearest_hint(signal.affects, known))
            elif signal.affects in DRAWN_BEFORE_THE_RUN:
                message = f"'{signal.affects}' in 'affects' is drawn once, before any day of the run."
                yield Finding("signal-without-effect", where, message, "Name a rate of the days, or remove the signal.")
    for where, parameter in case.rows("parameters"):
        if parameter.name not in RATES:
            message = f"'{parameter.name}' is not a parameter of the model."
            yield Finding("unknown-rate", where, message, nearest_hint(parameter.name, RATES))


def known_wheres(case: Case) -> Iterator[Finding]:
    """``where`` of a transition is a place, a country or kind of places in the scenario, or anywhere."""
    if not case.knows("places"):
        return
    places = case.ids("places")
    countries = sorted({place.country for place in places.values()})
    for where, row in case.rows("procedure"):
        prefix, colon, value = row.where.partition(":")
        if not colon:
            if row.where != ANYWHERE and row.where not in places:
                message = f"place '{row.where}' in 'where' is not in the table of places."
                yield Finding("unknown-place", where, message, nearest_hint(row.where, (*places, ANYWHERE)))
        elif prefix not in WHERE_PREFIXES:
            message = f"'{row.where}' in 'where' begins with neither 'country:' nor 'kind:'."
            yield Finding("unknown-option", where, message, nearest_hint(prefix, WHERE_PREFIXES))
        elif prefix == "country" and value not in countries:
            message = f"no place in the table of places is in country '{value}', which 'where' names."
            yield Finding("unknown-place", where, message, nearest_hint(value, countries))
        elif prefix == "kind" and value not in PLACE_KINDS:
            message = f"'{value}' in 'where' is not a kind of place."
            yield Finding("unknown-option", where, message, nearest_hint(value, PLACE_KINDS))
