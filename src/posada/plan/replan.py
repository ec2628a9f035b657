"""Planning anew when an offer is withdrawn, a site closes or numbers change; and saying who must be told.

What was decided for the days before the change has happened: it is held. Vehicles that are away on a trip of several
days stay away. From the day of the change on everything may be decided anew, over the days that matter for it.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable

from posada.model.errors import InvalidValueError, UnknownNameError
from posada.model.plan import Change, ChangeKind, Difference, Opening, Plan, PlanFleet, PlanSite, Trip


def changed_sites(sites: Iterable[PlanSite], changes: Iterable[Change]) -> tuple[PlanSite, ...]:
    """Return the sites as they are after the changes.

    Raises
    ------
    UnknownNameError
        When a change is about a site that the plan does not have.
    """
    held = {site.id: site for site in sites}
    for change in changes:
        if change.kind not in (ChangeKind.CLOSED, ChangeKind.PLACES):
            continue
        if change.id not in held:
            raise UnknownNameError("site of the plan", change.id, held)
        site = held[change.id]
        if change.kind is ChangeKind.CLOSED:
            held[change.id] = dataclasses.replace(site, open_to=_before(site.open_to, change.since), closed=True)
        else:
            places = _number(change)
            held[change.id] = dataclasses.replace(site, places_target=places, places_low=places, assumed=False)
    return tuple(held.values())


def changed_fleets(fleets: Iterable[PlanFleet], changes: Iterable[Change]) -> tuple[PlanFleet, ...]:
    """Return the vehicles as they are after the changes.

    Raises
    ------
    UnknownNameError
        When a change is about vehicles that the plan does not have.
    """
    held = {fleet.id: fleet for fleet in fleets}
    for change in changes:
        if change.kind is not ChangeKind.WITHDRAWN:
            continue
        if change.id not in held:
            raise UnknownNameError("offer of vehicles of the plan", change.id, held)
        fleet = held[change.id]
        held[change.id] = dataclasses.replace(fleet, open_to=_before(fleet.open_to, change.since))
    return tuple(held.values())


def _before(last: dt.date | None, since: dt.date) -> dt.date:
    day = since - dt.timedelta(days=1)
    return day if last is None else min(last, day)


def _number(change: Change) -> int:
    if change.value is None or change.value < 0:
        raise InvalidValueError(f"the change '{change.kind}' of '{change.id}' needs a number of 0 or more.")
    return change.value


def differences(old: Plan, new: Plan, since: dt.date) -> tuple[Difference, ...]:
    """Return what is otherwise from a day on in the decisions of two plans, in the order of days.

    Only what both had to decide, or what was decided before, is compared: later days were never promised to anybody.
    """
    rows: list[Difference] = []
    decided = set(old.near_dates) | set(new.near_dates)
    sites = [{(row.date, row.site_id): row for row in plan.openings if row.scenario < 0} for plan in (old, new)]
    for day, name in sorted(sites[0].keys() | sites[1].keys()):
        before, after = (_share(held.get((day, name))) for held in sites)
        if day >= since and day in decided and before != after:
            row = sites[0].get((day, name)) or sites[1][day, name]
            rows.append(Difference("site", name, day, before, after, (row.place_id,)))
    trips = [{_key(row): row for row in plan.trips if row.scenario < 0} for plan in (old, new)]
    for key in sorted(trips[0].keys() | trips[1].keys()):
        before, after = (held[key].trips if key in held else 0.0 for held in trips)
        if key[0] >= since and key[0] in decided and abs(before - after) > 1e-6:
            rows.append(Difference("trips", key[1], key[0], before, after, key[2:4]))
    return tuple(sorted(rows, key=lambda row: (row.date, row.what, row.id)))


def _share(row: Opening | None) -> float:
    return 0.0 if row is None else row.share


def _key(row: Trip) -> tuple[dt.date, str, str, str, bool]:
    return row.date, row.vehicle_id, row.from_place, row.to_place, row.for_night
