"""Checks of the whole: people can begin, move and end, and what is silent is said to be silent."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from math import cos, hypot, radians
from typing import Any

from posada.model.check_case import Case
from posada.model.findings import Finding
from posada.model.geography import Place
from posada.model.rates import RATES
from posada.model.statements import PLACING_KINDS, REGISTERED
from posada.model.tables import JOURNEY_TABLES, required_tables
from posada.model.ways import reachable, usable_routes

INHABITED = ("town", "city", "camp")


def required_tables_are_filled(case: Case) -> Iterator[Finding]:
    """There are places, routes and sources, and without dispersed movement groups and statuses."""
    journeys = any(getattr(case.scenario, table) for table in JOURNEY_TABLES)
    for table in required_tables(has_movement=case.moves and not journeys):
        if case.knows(table) and not getattr(case.scenario, table):
            yield Finding("missing-file", case.file_of(table), "the table has no rows.", "Add at least one row.")


def one_status_is_initial(case: Case) -> Iterator[Finding]:
    """People begin in exactly one status, and it is not a final one."""
    initial = [(where, row) for where, row in case.rows("statuses") if row.initial]
    if not initial and case.scenario.statuses and case.knows("statuses"):
        cure = "Write yes in 'initial' of the status in which people begin."
        yield Finding("no-statuses", case.file_of("statuses"), "no status is initial.", cure)
    for where, row in initial[1:]:
        message = f"status '{row.id}' is initial, but '{initial[0][1].id}' is so already."
        yield Finding("no-statuses", where, message, "Leave one of them initial.")
    for where, row in initial[:1]:
        if row.role == "final":
            message = f"status '{row.id}' is initial and final, so that nobody would set out."
            yield Finding("no-statuses", where, message, "Begin in a status with the role travelling.")


def final_statuses_are_final(case: Case) -> Iterator[Finding]:
    """Nobody comes back from a final status, and no transition leads back to where it begins."""
    statuses = case.ids("statuses")
    for where, row in case.rows("procedure"):
        start = statuses.get(row.from_status)
        if start is not None and start.role == "final" and not start.initial:
            message = f"transition '{row.id}' leaves status '{row.from_status}', which is final."
            cure = "Remove the transition, or give the status another role."
            yield Finding("procedure-loop", where, message, cure)
        elif row.from_status == row.to_status:
            message = f"transition '{row.id}' leads from status '{row.from_status}' back to it."
            yield Finding("procedure-loop", where, message, "Remove it, or name the status that it leads to.")


def no_route_to_itself(case: Case) -> Iterator[Finding]:
    """A route joins two places."""
    for where, route in case.rows("routes"):
        if route.from_place == route.to_place:
            message = f"the route begins and ends in '{route.from_place}'."
            yield Finding("route-to-itself", where, message, "Name the place at its other end in 'to'.")


def destinations_can_be_reached(case: Case) -> Iterator[Finding]:
    """Every group has a way to every place that it may make for."""
    places = case.ids("places")
    ends = {end for _, route in case.rows("routes") for end in (route.from_place, route.to_place)}
    if not case.knows("places", "routes") or not ends <= set(places) or not _has_days(case):
        return
    groups = case.ids("groups")
    aims = [(where, row, row.destination) for where, row in case.rows("groups")]
    aims += [(where, groups[row.group], row.place) for where, row in case.rows("destinations") if row.group in groups]
    for where, group, aim in aims:
        if group.origin in places and aim in places:
            reached = _reached(case, group.origin, rides_trains=group.rides_trains)
            if aim not in reached:
                message = f"group '{group.id}' has no way from '{group.origin}' to '{aim}'."
                yield Finding("no-way", where, message, _cure_of_no_way(case, group, places[aim]))


def _has_days(case: Case) -> bool:
    """Tell whether the first and last day are known and in order."""
    return case.knows("scenario") and case.scenario.settings.start <= case.scenario.settings.end


def _reached(case: Case, origin: str, *, rides_trains: bool, backwards: bool = False) -> frozenset[str]:
    settings = case.scenario.settings
    rows = (row for _, row in case.rows("routes"))
    routes = usable_routes(rows, settings.start, settings.end, rides_trains=rides_trains)
    return reachable(routes, origin, backwards=backwards)


def _cure_of_no_way(case: Case, group: Any, aim: Place) -> str:
    if not group.rides_trains and aim.id in _reached(case, group.origin, rides_trains=True):
        return "There is one by rail: write yes in 'rides_trains', or add the road to the table of routes."
    places = case.ids("places")
    reached = _reached(case, group.origin, rides_trains=group.rides_trains)
    near = min(sorted(reached & set(places)), key=lambda id_: _degrees(places[id_], aim))
    return f"The routes lead no nearer than '{near}'; add the missing stretch to the table of routes."


def _degrees(one: Place, other: Place) -> float:
    """Return a rough distance on the map, good enough to say which place is nearest."""
    return hypot(one.lat - other.lat, (one.lon - other.lon) * cos(radians((one.lat + other.lat) / 2)))


def no_place_is_isolated(case: Case) -> Iterator[Finding]:
    """Every place has a route."""
    if not case.knows("routes"):
        return
    joined = {end for _, route in case.rows("routes") for end in (route.from_place, route.to_place)}
    for where, place in case.rows("places"):
        if place.id not in joined:
            message = f"no route leads to or from '{place.id}'."
            yield Finding("isolated-place", where, message, "Add one to the table of routes, or remove the place.")


def rows_lie_within_the_journey(case: Case) -> Iterator[Finding]:
    """The days of a row touch those of the scenario."""
    if not _has_days(case):
        return
    start, end = case.scenario.settings.start, case.scenario.settings.end
    for where, what, first, last in (*_spans(case), *_spans_of_displacement(case)):
        if (first is not None and first > end) or (last is not None and last < start):
            message = f"{what} lies outside {start.isoformat()} to {end.isoformat()}, the days of the scenario."
            yield Finding("outside-journey", where, message, "Mend the date, or the start and end of the scenario.")


def _spans(case: Case) -> Iterator[tuple[str, str, dt.date | None, dt.date | None]]:
    """Yield where a row stands, what it says, and the first and last day on which it has an effect."""
    for table in ("routes", "sites", "procedure"):
        for where, row in case.rows(table):
            yield where, "the time in which it is open", row.open_from, row.open_to
    for where, row in case.rows("vehicles"):
        lasts = [row.open_to] if row.open_to else []
        if row.withdrawn_on:
            lasts.append(row.withdrawn_on - dt.timedelta(days=1))
        yield where, "the time of the offer", row.open_from, min(lasts, default=None)
    for where, row in case.rows("signals"):
        yield where, "the time of the signal", row.date, row.until
    for where, row in case.rows("stances"):
        yield where, f"{row.since.isoformat()}, from which the stance holds,", row.since, None
    for where, row in case.rows("groups"):
        yield where, f"'departs' ({row.departs.isoformat()})", row.departs, row.departs
    # Between two registrations people are taken to rise evenly, so those outside matter as well.
    for where, row in ((where, row) for where, row in case.rows("reports") if row.kind != REGISTERED):
        yield where, f"'event_date' ({row.event_date.isoformat()})", row.event_date, row.event_date
    for where, row in case.rows("itinerary"):
        if row.date is not None:
            yield where, f"'date' ({row.date.isoformat()})", row.date, row.date
    as_of = case.scenario.settings.as_of
    if as_of is not None:
        yield case.setting("as_of"), f"'as_of' ({as_of.isoformat()})", as_of, as_of


def _spans_of_displacement(case: Case) -> Iterator[tuple[str, str, dt.date | None, dt.date | None]]:
    for table in ("conflicts", "place_changes"):
        for where, row in case.rows(table):
            yield where, f"{row.date.isoformat()}, from which the row holds,", row.date, None
    for where, row in case.rows("closures"):
        acts = [day for day in (row.closes, row.reopens) if day is not None]
        if acts:
            yield where, "the time of the closure", min(acts), max(acts)
    for where, row in case.rows("corrections"):
        yield where, f"{row.date.isoformat()}, before which counts are scaled,", None, row.date


def people_ahead_are_somewhere(case: Case) -> Iterator[Finding]:
    """Say which reports of people ahead do not say of which group, or where, or are not about where anybody is."""
    for where, row in case.rows("reports"):
        if not row.ahead:
            continue
        missing = [f"'{name}'" for name in ("group", "place") if getattr(row, name) is None]
        if missing:
            message = f"report '{row.id}' tells of people ahead, but has no {' and no '.join(missing)}."
            yield Finding("ahead-of-nobody", where, message, "Fill it in, or write 'no' under 'ahead'.")
        elif row.kind not in PLACING_KINDS:
            message = (
                f"report '{row.id}' tells of people ahead, but a report of kind '{row.kind}' puts nobody anywhere."
            )
            yield Finding("ahead-of-nobody", where, message, f"Use one of {', '.join(PLACING_KINDS)}, or leave it out.")


def parameters_are_given(case: Case) -> Iterator[Finding]:
    """Say which parameters of the model are assumed by the project, where there are groups that need them."""
    if case.moves and not case.scenario.groups:
        return
    given = {row.name for _, row in case.rows("parameters")}
    where = case.file_of("parameters")
    for rate in RATES.values():
        if rate.name not in given and case.knows("parameters"):
            values = ";".join(f"{value:g}" for value in rate.values)
            message = f"'{rate.name}' is not given; {rate.distribution} {values} {rate.unit} is assumed."
            yield Finding("assumed-parameter", where, message, "Give it a row with a source to replace this.")


def lodging_is_reported(case: Case) -> Iterator[Finding]:
    """Say which towns on a group's way have no covered site in the tables."""
    if not case.knows("places", "routes", "groups", "sites") or not _has_days(case):
        return
    reported = {site.place for _, site in case.rows("sites") if site.covered}
    passed: set[str] = set()
    aims = {(row.group, row.place) for _, row in case.rows("destinations")}
    for _, group in case.rows("groups"):
        onward = _reached(case, group.origin, rides_trains=group.rides_trains)
        for aim in {group.destination, *(place for named, place in aims if named == group.id)}:
            passed |= onward & _reached(case, aim, rides_trains=group.rides_trains, backwards=True)
    for where, place in case.rows("places"):
        if place.id in passed and place.kind in INHABITED and place.id not in reported:
            message = f"no covered site in '{place.id}' is reported; its places to sleep are drawn, not zero."
            yield Finding("no-lodging-report", where, message, "Add what the town has to the table of sites.")


def sources_are_dated(case: Case) -> Iterator[Finding]:
    """Say which sources have no date."""
    for where, source in case.rows("sources"):
        if source.date is None:
            message = f"source '{source.id}' has no date, so no as-of date can tell whether it was known."
            yield Finding("unverified-source", where, message, "Give the day on which it was published.")
