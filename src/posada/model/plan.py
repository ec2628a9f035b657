"""The records of a plan: what is asked of it, what it decides, how good it is, and what it cannot do."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from posada.model.errors import InvalidValueError


class SolveStatus(StrEnum):
    """How a solve ended. Only the first three have a solution that was checked."""

    OPTIMAL = "optimal"
    TIME_LIMIT = "a plan, not proven to be the best"
    RULE = "no better plan than the rule of the nearest open site"
    INFEASIBLE = "infeasible"
    NO_SOLUTION = "time limit, without a plan"
    FAILED = "failed"

    @property
    def has_plan(self) -> bool:
        """Whether numbers of the solution may be read."""
        return self in (SolveStatus.OPTIMAL, SolveStatus.TIME_LIMIT, SolveStatus.RULE)


class Priority(StrEnum):
    """What a plan makes small, first things first; none is given up for a later one."""

    WITHOUT_PLACE = "person-nights without a place to sleep"
    MEDICAL_UNMET = "medical cases without transport"
    FAMILIES_SPLIT = "person-nights and rides of split families"
    OVERCROWDED = "person-nights above the standard"
    ON_FOOT = "kilometres on foot, weighted by need"
    SUPPLIES_SHORT = "person-days of supplies short"
    COST = "cost"
    UNFAIR = "largest load of a town, in person-nights per 1,000 residents"


PRIORITIES = tuple(Priority)


@dataclass(frozen=True, slots=True)
class PlanOptions:
    """Numbers that a planner may change. Those without a source are assumptions of this project.

    Raises
    ------
    InvalidValueError
        When one is out of bounds.
    """

    near_days: int = 3
    """Days whose decisions are the same in every scenario, and whole."""
    time_limit_s: float = 120.0
    gap_share: float = 0.01
    lodging_uptake_share: float = 1.0
    """Share of the people in a town who want a place inside."""
    ride_uptake_share: float = 0.8
    """Share of those who move on who take an offered seat; nobody is carried against their choice."""
    least_group: float = 20.0
    """Fewer people than this who set out together are not offered a ride."""
    longest_wait_days: int = 7
    """Days that those who were carried wait at most for the others to come."""
    family_size: int = 4
    night_km: float = 60.0
    """How far people are taken to a place for the night and brought back in the morning: an hour by road."""
    fetch_km: float = 100.0
    """How far a vehicle drives empty to another town to take people from there to a place for the night."""
    driver_hours: float = 10.0
    vehicle_km_per_hour: float = 60.0
    reserve_vehicles_share: float = 0.1
    """Share of vehicles of each offer that are held back in the near days."""
    reserve_places_share: float = 0.05
    """Share of the places of a town in the near days that stay free where they can."""
    promised_site_honoured: float = 0.75
    promised_vehicle_honoured: float = 0.75
    site_cost_per_night: float = 100.0
    place_cost_per_night: float = 1.0
    vehicle_cost_per_km: float = 1.5
    climate: str = "temperate"
    phase: str = "overnight"

    def __post_init__(self) -> None:
        shares: tuple[str, ...] = (
            "lodging_uptake_share",
            "ride_uptake_share",
            "reserve_vehicles_share",
            "reserve_places_share",
        )
        shares += ("promised_site_honoured", "promised_vehicle_honoured", "gap_share")
        for name in shares:
            if not 0 <= getattr(self, name) <= 1:
                raise InvalidValueError(f"{name} is {getattr(self, name):g}. It must be between 0 and 1.")
        for name in ("near_days", "family_size", "time_limit_s", "driver_hours", "vehicle_km_per_hour"):
            if not getattr(self, name) > 0:
                raise InvalidValueError(f"{name} is {getattr(self, name):g}. It must be more than 0.")


@dataclass(frozen=True, slots=True)
class PlanSite:
    """A covered site as the planner uses it: places by standard, nights, chance that it opens as said."""

    id: str
    place_id: str
    name: str
    places_target: int
    """Places by the target of the standard."""
    places_low: int
    """Places by the low figure of the standard, ``places_target`` or more; between them it is overcrowded."""
    open_from: dt.date | None = None
    open_to: dt.date | None = None
    honoured: float = 1.0
    assumed: bool = False
    """Whether nobody reported the places, and they are assumed."""
    sensitive: bool = False
    closed: bool = False
    """Whether a change closed it from the night after ``open_to`` on; nobody is asked to open it again."""


def assumed_site_id(place_id: str) -> str:
    """Return the identifier of the site that is assumed in a town which reported none."""
    return f"{place_id}-unreported"


@dataclass(frozen=True, slots=True)
class PlanFleet:
    """Verified vehicles of one offer as the planner uses them."""

    id: str
    place_id: str
    type: str
    count: int
    seats: int
    range_km: float | None
    limit_place: str | None
    accessible: bool
    open_from: dt.date | None = None
    open_to: dt.date | None = None
    honoured: float = 1.0


@dataclass(frozen=True, slots=True)
class SupplyStock:
    """A stock of something that people use up every night, and how much each needs of it."""

    item: str
    place_id: str
    quantity: float
    per_person_night: float
    unit: str = ""


class WhyUnused(StrEnum):
    """Why a plan does not use an offer."""

    NO_ROOF = "it has no roof: open ground is no place to sleep"
    NO_PLACES = "nobody reported its places"
    NOT_VERIFIED = "nobody has verified the vehicles: set 'verified' to yes when somebody has"
    NO_SEATS = "it has no vehicles or no seats"


@dataclass(frozen=True, slots=True)
class Unusable:
    """An offer that the plan does not use, and why; ``accessible`` of vehicles that medical cases may ride in."""

    id: str
    place_id: str
    why: WhyUnused
    accessible: bool = False


@dataclass(frozen=True, slots=True)
class Stage:
    """How one priority was solved. No plan of the same priorities is below ``bound``."""

    priority: Priority
    status: SolveStatus
    value: float
    bound: float
    relaxed_bound: float
    """What no plan is below even when no day need be whole: the bound of the relaxed whole, or less."""
    seconds: float

    @property
    def gap_share(self) -> float:
        """Distance to the bound of the relaxed whole, as a share of the value; 0 when there is none."""
        return max(0.0, self.value - self.relaxed_bound) / max(abs(self.value), 1.0)


@dataclass(frozen=True, slots=True)
class Opening:
    """A site is open on a night. ``scenario`` is -1 for what is decided now and holds in all."""

    scenario: int
    site_id: str
    place_id: str
    date: dt.date
    share: float
    """1 for a whole opening; less for later nights, whose decisions are not taken yet."""


@dataclass(frozen=True, slots=True)
class Trip:
    """Trips of the vehicles of an offer on a day. ``scenario`` is -1 for what is decided now and holds in all.

    Trips ``for_night`` take people to a place to sleep in the evening, and back to where they got in next morning.
    """

    scenario: int
    vehicle_id: str
    date: dt.date
    from_place: str
    to_place: str
    for_night: bool
    trips: float
    hours_each: float
    """Hours on each day on which it drives, with the empty ways."""
    km_each: float
    """Way with people; for a night there and back."""
    empty_km_each: float
    """Way without people: to where they get in, and home."""
    fetch_km_each: float
    """Of it, the first way to where they get in."""
    seats_each: int


@dataclass(frozen=True, slots=True)
class Ride:
    """People of a class whom the vehicles of an offer carry on a day in one scenario."""

    scenario: int
    vehicle_id: str
    date: dt.date
    from_place: str
    to_place: str
    for_night: bool
    need_class: str
    people: float


@dataclass(frozen=True, slots=True)
class Lodging:
    """People of a class who sleep at a site in one scenario; ``site_id`` is empty for those without a place."""

    scenario: int
    date: dt.date
    place_id: str
    site_id: str
    need_class: str
    people: float


@dataclass(frozen=True, slots=True)
class SupplyMove:
    """Supplies that are brought from a stock to a town on a day, in all scenarios."""

    item: str
    date: dt.date
    from_place: str
    to_place: str
    quantity: float
    unit: str


@dataclass(frozen=True, slots=True)
class Reserve:
    """What is held back in the near days: free places of a town, or vehicles of an offer."""

    date: dt.date
    place_id: str
    what: str
    quantity: float


class CureKind(StrEnum):
    """What can be done about a shortage."""

    OPEN_SITE = "open a site that is closed that night"
    ASK_PLACES = "ask for the places of a site"
    BUSES = "buses to a town with places free"
    MORE_PLACES = "more covered places"
    MEDICAL_SEATS = "seats in ambulances or accessible vehicles"


@dataclass(frozen=True, slots=True)
class Cure:
    """One thing that would help: a site by ``offer_id``, or ``count`` buses to ``place_id``, or only places or seats.

    ``people`` is how many it helps, ``free`` the places that the site or the town has free; ``verify`` are offers of
    vehicles of the town that nobody has verified.
    """

    kind: CureKind
    people: int
    offer_id: str = ""
    place_id: str = ""
    free: int = 0
    count: int = 0
    verify: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Shortage:
    """What cannot be met: what, where, when, how many over the scenarios, and what would mend it.

    Of medical cases without transport the date is the day on which they go on, and the place where they are until then.
    Each of the ``cures`` is enough by itself where ``one_is_enough``; else they are enough together, for ``high``.
    """

    what: str
    date: dt.date
    place_id: str
    low: float
    likely: float
    high: float
    cures: tuple[Cure, ...] = ()
    one_is_enough: bool = False


@dataclass(frozen=True, slots=True)
class PlanStamp:
    """From what a plan was made."""

    version: str
    scenario_id: str
    scenario_hash: str
    seed: int
    as_of: dt.date | None
    demand: str


@dataclass(frozen=True)
class Plan:
    """A plan: openings and trips, who sleeps and rides where in each scenario, supplies, reserves and shortages."""

    stamp: PlanStamp
    options: PlanOptions
    dates: tuple[dt.date, ...]
    weights: tuple[float, ...]
    status: SolveStatus
    stages: tuple[Stage, ...]
    openings: tuple[Opening, ...] = ()
    trips: tuple[Trip, ...] = ()
    rides: tuple[Ride, ...] = ()
    lodging: tuple[Lodging, ...] = ()
    supplies: tuple[SupplyMove, ...] = ()
    reserves: tuple[Reserve, ...] = ()
    shortages: tuple[Shortage, ...] = ()
    unusable: tuple[Unusable, ...] = ()
    sites: tuple[PlanSite, ...] = ()
    fleets: tuple[PlanFleet, ...] = ()
    on_road: float = 0.0
    """Expected person-nights between towns, part of those without a place."""
    first_plan_seconds: float = 0.0
    seconds: float = 0.0

    @property
    def near_dates(self) -> tuple[dt.date, ...]:
        """Days of the decisions that are taken now."""
        return self.dates[: self.options.near_days]

    def stage(self, priority: Priority) -> Stage:
        """Return how a priority was solved."""
        return next(stage for stage in self.stages if stage.priority is priority)


class ChangeKind(StrEnum):
    """What can become otherwise than it was planned."""

    WITHDRAWN = "withdrawn"
    CLOSED = "closed"
    PLACES = "places"


@dataclass(frozen=True, slots=True)
class Change:
    """An offer of vehicles or a site is otherwise from a day on. ``value`` is the new number, where there is one."""

    kind: ChangeKind
    id: str
    since: dt.date
    value: int | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    """What is otherwise in the new plan, and which towns must be told. ``before`` and ``after`` are whole numbers."""

    what: str
    id: str
    date: dt.date
    before: float
    after: float
    tell: tuple[str, ...]
