"""How many people fit at a site by standard: the least that its reported resources allow.

Capacity is how many fit. Whether people should go there, and how many can pass through, are other questions
and are never averaged with it.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterable
from fractions import Fraction

from posada.model.errors import InvalidValueError
from posada.model.need import CapacityTotal, Indicator, ResourceLine, SiteCapacity
from posada.model.offers import Site
from posada.plan.standards import Standards, read_standards, select_indicators

_STATED = "capacity"
STATED = "the places that were stated"
_INDICATOR_OF = (("area_m2", "covered_space"), ("toilets", "toilets"), ("taps", "taps"))


def site_capacity(
    site: Site,
    phase: str = "overnight",
    *,
    climate: str = "temperate",
    urban_services: bool = False,
    standards: Standards | None = None,
) -> SiteCapacity:
    """Return how many people fit at a site in a phase, by the low and by the target standard.

    It is the minimum over the resources that were reported: covered area, toilets, taps, and the capacity as
    stated. One that was not reported is listed as not assessed; it is not zero. A square, or any site without
    a roof, is open ground and no shelter.

    Parameters
    ----------
    phase, climate, urban_services
        As in :func:`posada.plan.needs.calculate_needs`.
    standards : tuple of Indicator, optional
        Those that hold at the site (see :func:`posada.plan.standards.resolve_standards`); the bundled ones if
        not given.

    Raises
    ------
    UnknownNameError
        When the phase or climate is not known; names the nearest one.
    """
    rows = select_indicators(
        read_standards() if standards is None else standards,
        phase,
        climate=climate,
        urban_services=urban_services,
    )
    by_key = {row.key: row for row in rows}
    is_shelter = site.covered and site.type != "square"
    lines: list[ResourceLine] = []
    not_assessed: list[str] = []
    for resource, key in _INDICATOR_OF:
        # In a phase without a standard for it (by day, for covered space) a resource limits nobody.
        if key not in by_key or (resource == "area_m2" and not is_shelter):
            continue
        quantity = getattr(site, resource)
        if quantity is None:
            not_assessed.append(resource)
        else:
            lines.append(_line(resource, quantity, by_key[key]))
    if site.capacity is None:
        not_assessed.append(_STATED)
    else:
        lines.append(ResourceLine(_STATED, site.capacity, site.capacity, site.capacity))
    tightest = min(lines, key=lambda line: line.people_at_target, default=None)
    return SiteCapacity(
        site_id=site.id,
        place_id=site.place,
        state=site.state,
        phase=phase,
        is_shelter=is_shelter,
        open_ground_m2=None if is_shelter else site.area_m2,
        places_at_low=min((line.people_at_low for line in lines), default=None) if is_shelter else None,
        places_at_target=min((line.people_at_target for line in lines), default=None) if is_shelter else None,
        limited_by=tightest.resource if tightest and is_shelter else None,
        lines=tuple(lines),
        not_assessed=tuple(not_assessed),
    )


def limiting_standard(capacity: SiteCapacity, *, climate: str = "temperate") -> str:
    """Return the standard that sets the places of a site, with its source, or that they were stated."""
    key = dict(_INDICATOR_OF).get(capacity.limited_by or "")
    if key is None:
        return STATED
    row = next(row for row in select_indicators(read_standards(), capacity.phase, climate=climate) if row.key == key)
    return f"{row.label_en}: {row.citation}"


def total_capacity(capacities: Iterable[SiteCapacity]) -> CapacityTotal:
    """Add up the places of sites, each site once even when several towns count it.

    Raises
    ------
    InvalidValueError
        When a site appears twice with different figures, or the phases differ.
    """
    by_site: dict[str, SiteCapacity] = {}
    for capacity in capacities:
        held = by_site.setdefault(capacity.site_id, capacity)
        if dataclasses.replace(held, place_id=capacity.place_id) != capacity:
            raise InvalidValueError(
                f"site '{capacity.site_id}' appears twice with different figures or phases. Give it once, or alike."
            )
    phases = sorted({capacity.phase for capacity in by_site.values()})
    if len(phases) > 1:
        raise InvalidValueError(f"the capacities are for the phases {', '.join(phases)}. Add up one phase at a time.")
    shelters = [capacity for capacity in by_site.values() if capacity.is_shelter]
    grounds = [capacity for capacity in by_site.values() if not capacity.is_shelter]
    known = [capacity for capacity in shelters if capacity.lines]
    ready = [capacity for capacity in known if capacity.state == "ready"]
    promised = [capacity for capacity in known if capacity.state != "ready"]
    areas = [capacity.open_ground_m2 for capacity in grounds if capacity.open_ground_m2 is not None]
    return CapacityTotal(
        site_ids=tuple(by_site),
        ready_at_low=_sum(capacity.places_at_low for capacity in ready),
        ready_at_target=_sum(capacity.places_at_target for capacity in ready),
        promised_at_low=_sum(capacity.places_at_low for capacity in promised),
        promised_at_target=_sum(capacity.places_at_target for capacity in promised),
        open_ground_m2=sum(areas) if areas else None,
        open_ground_sites=tuple(capacity.site_id for capacity in grounds),
        unknown_sites=tuple(capacity.site_id for capacity in shelters if not capacity.lines),
        incompletely_assessed=tuple(
            (capacity.site_id, capacity.not_assessed) for capacity in known if capacity.not_assessed
        ),
    )


def _line(resource: str, quantity: float, row: Indicator) -> ResourceLine:
    low = row.low if row.low is not None else row.target
    target = row.target if row.target is not None else row.low
    if low is None or target is None:
        raise InvalidValueError(f"the row '{row.key}' of the standards has no figure.")
    return ResourceLine(resource, quantity, _people(quantity, low, row), _people(quantity, target, row))


def _people(quantity: float, figure: float, row: Indicator) -> int:
    """Return for how many people a quantity is enough; a place that is not whole is no place."""
    per_unit = Fraction(repr(float(figure))) / Fraction(repr(float(row.per)))
    held = Fraction(repr(float(quantity)))
    return math.floor(held * per_unit if row.kind == "people_per_unit" else held / per_unit)


def _sum(places: Iterable[int | None]) -> int | None:
    known = [count for count in places if count is not None]
    return sum(known) if known else None
