"""What a report says about a night, as a likelihood: one rule for each kind of report.

A *count* is taken as what a speaker made of the true number *n*: log-normal about ``ratio * n``, with the ratio of the
speaker's class, which is one of the uncertain numbers of the model (``count_ratio_…``) and so is learned, and the
spread of a single count in :data:`SPREAD`. The figure is read as an interval, as
:mod:`posada.forecast.readings` does: *at least v*, *up to v*, *low to high*, and *about v* as whatever rounds to
*v*. With a small chance, :data:`MISTAKE`, the figure is about something else and may be anything of that order: this
robust tail keeps one wrong report from taking over.

A *place* is taken as where the main body is, within a few kilometres; for what may have been said of a morning, or of
the wrong day, the night before counts as well. That there is no report says nothing: nowhere is it taken for zero.

Several reports of one class of speakers about one number of one day often rest on one person's words. They are heard
as ``n / (1 + rho (n - 1))`` independent ones, with rho = :data:`ALIKE`, the design effect of a cluster sample
(L. Kish, "Survey sampling", 1965).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import log_ndtr, logsumexp

from posada.forecast.filter import Likelihood
from posada.forecast.readings import OPEN_END, says_at_least, says_up_to
from posada.forecast.start import COUNTING_KINDS, STATUS_OF_KIND
from posada.model.geography import Place
from posada.model.great_circle import great_circle_km
from posada.model.journeys import Group
from posada.model.night import Night
from posada.model.statements import Report

Floats = NDArray[np.float64]

SPREAD = {"organiser": 0.2, "authority": 0.12, "reporter": 0.2, "unnamed": 0.35}
"""Standard deviation of the logarithm of one count about what the class of speakers counts on average."""

CLASS_OF_ROLE = {
    "organiser": "organiser",
    "reporter": "reporter",
    "ngo": "reporter",
    "church": "reporter",
    "volunteer": "reporter",
    "municipality": "authority",
    "state_government": "authority",
    "federal_government": "authority",
    "migration_authority": "authority",
    "civil_protection": "authority",
    "police": "authority",
    "un": "authority",
    "foreign_government": "unnamed",
    "anonymous_official": "unnamed",
    "people_on_the_move": "unnamed",
}

MISTAKE, MISTAKE_UNNAMED = 0.05, 0.15
"""Chance that a report is about something else, of speakers on the record and off it."""

ALIKE = 0.7
NEAR_KM, FAR_KM = 8.0, 150.0
"""How far from the place named people may be when the report is right, and the scale when it is not."""

_WRONG_DAY = 0.15
_MORNING = 0.5
WILD = 1.5
"""Standard deviation of the logarithm of a mistaken count."""

_LEAST = 0.5  # a member with nobody is held against a count as if half a person were there

STATUS_ENTERED = STATUS_OF_KIND | {"detained": "held", "asylum_presented": "presented"}
"""The status that a kind of report counts people on their way into."""


@dataclass(frozen=True, slots=True)
class Figure:
    """The interval of a stated number, as logarithms."""

    low: float
    high: float


def read_interval(report: Report) -> Figure | None:
    """Return what was stated as an interval; ``None`` without a positive number."""
    low, value, high = report.value_low, report.value, report.value_high
    if low is not None and says_at_least(report):
        ends = low, low * OPEN_END
    elif high is not None and says_up_to(report):
        ends = high / OPEN_END, high
    elif value is not None and low is None and high is None:
        half = rounding_half(value)
        ends = value - half, value + half
    else:
        known = [figure for figure in (low, value, high) if figure is not None]
        if not known:
            return None
        ends = min(known), max(known)
    if ends[1] <= 0:
        return None
    if ends[0] == ends[1]:
        ends = ends[0] - rounding_half(ends[0]), ends[1] + rounding_half(ends[1])
    # "None" and "0 to 10" leave nothing out below.
    return Figure(float(np.log(max(ends[0], _LEAST))) if ends[0] > 0 else -np.inf, float(np.log(ends[1])))


def rounding_half(value: float) -> float:
    """Return half the step to which a stated number looks rounded, at most an eighth of it.

    1,500 looks rounded to hundreds, 1,350 to tens; of 1,000 nobody says whether to thousands.
    """
    if value != int(value) or value == 0:
        return max(value / 8, _LEAST)
    step = 1
    while int(value) % (step * 10) == 0:
        step *= 10
    return max(min(step / 2, value / 8), _LEAST)


def speaker_class(report: Report) -> str:
    """Return the class of the speaker: whoever is off the record is not named."""
    return CLASS_OF_ROLE[report.speaker_role] if report.on_record else "unnamed"


def weigh_count(report: Report, people: Floats, ratio: Floats) -> Likelihood:
    """Return how likely the figure of a report is where ``people`` are, ``(members,)`` or ``(members, more)``.

    Parameters
    ----------
    ratio : (members,) or (members, 1)
        What the class of the speaker counts on average, against the people there.

    Raises
    ------
    ValueError
        When the report has no figure.
    """
    figure = read_interval(report)
    if figure is None:
        raise ValueError(f"report '{report.id}' has no figure")
    middle = np.log(np.maximum(people, _LEAST) * ratio)
    right = _log_between(figure, middle, SPREAD[speaker_class(report)])
    return _with_mistakes(report, right, _log_between(figure, middle, WILD))


def _log_between(figure: Figure, middle: Floats, spread: float) -> Floats:
    """Return the logarithm of the normal chance of the interval, stable far out on either side."""
    low, high = (figure.low - middle) / spread, (figure.high - middle) / spread
    flip = low > 0  # the upper tail is as fine as the lower one when seen from the other side
    low, high = np.where(flip, -high, low), np.where(flip, -low, high)
    upper, lower = log_ndtr(high), log_ndtr(low)
    between: Floats = upper + np.log1p(-np.exp(np.minimum(lower - upper, -1e-12)))
    return between


def weigh_place(report: Report, place: Place, night: Night, places: Sequence[Place]) -> Likelihood:
    """Return how likely it is that the main body of the report's group was said to be in a place.

    ``arrival`` and ``lodging`` speak of tonight, a ``departure`` of last night, a ``headcount`` of either.
    """
    assert report.group is not None
    tonight, before = (night.away_km(report.group, place.lat, place.lon, before=past) for past in (False, True))
    share = {"departure": 1 - _WRONG_DAY, "headcount": _MORNING}.get(report.kind, _WRONG_DAY)
    near = np.logaddexp(np.log(1 - share) + _log_near(tonight), np.log(share) + _log_near(before))
    return _with_mistakes(report, near, _log_far(night, report.group, tonight, places))


def _log_far(night: Night, group: str, km: Floats, places: Sequence[Place]) -> Floats:
    """Return the logarithm of the chance that a mistake names this place, and not one of the others."""
    anywhere = np.full(km.shape, -np.log(len(places)))
    there = np.isfinite(km)
    at = night.group_ids.index(group)
    # Most members are in one of a few towns: what holds for a point is computed once.
    points, which = np.unique(
        np.column_stack([night.lat[there, at], night.lon[there, at]]), axis=0, return_inverse=True
    )
    towns = np.array([(row.lat, row.lon) for row in places]).T
    each = great_circle_km(points[:, :1], points[:, 1:], towns[0], towns[1])
    anywhere[there] = -km[there] / FAR_KM - logsumexp(-each / FAR_KM, axis=1)[which]
    return anywhere


def _log_near(km: Floats) -> Floats:
    return np.maximum(-0.5 * (km / NEAR_KM) ** 2, -1e3)


def _with_mistakes(report: Report, right: Floats, wrong: Floats) -> Likelihood:
    mistake = MISTAKE if report.on_record else MISTAKE_UNNAMED
    core = np.log1p(-mistake) + right
    log = np.logaddexp(core, np.log(mistake) + wrong)
    return Likelihood(log, np.exp(core - log))


@dataclass(frozen=True, slots=True)
class Counted:
    """The number that a report is about: its name, and how many there are in each member on a night."""

    name: str
    people: Callable[[Night], Floats]
    final_status: str | None = None
    of_group: bool = False


def counted(report: Report, groups: Mapping[str, Group], roles: Mapping[str, str]) -> Counted | None:
    """Return what the figure of a report counts; ``None`` where it says nothing that the model has.

    Parameters
    ----------
    groups, roles : mapping
        Groups of the scenario by identifier, and roles of its statuses.
    """
    cumulative = report.unit == "people_cumulative"
    in_people = report.unit in ("people", "people_cumulative") and read_interval(report) is not None
    if report.group is None or report.group not in groups or not in_people:
        return None
    at, departs = list(groups).index(report.group), groups[report.group].departs
    present = report.kind in COUNTING_KINDS and not cumulative
    if present and report.place is not None:
        return Counted("people of the main body", lambda night: night.main_people[:, at].astype(float), of_group=True)
    if (report.kind in COUNTING_KINDS and not cumulative) or (
        report.kind == "dispersed" and report.event_date == departs
    ):
        return Counted("people of the group", lambda night: night.group_people[:, at].astype(float), of_group=True)
    if report.kind == "dispersed":
        return Counted("people who left", lambda night: _left(night, cumulative))
    if report.kind == "permits_issued":
        statuses = [name for name, role in roles.items() if role == "permitted"]
    else:
        named = STATUS_ENTERED.get(report.kind)
        statuses = [named] if named is not None and named in roles else []
    if not statuses:
        return None
    final = statuses[0] if cumulative and roles[statuses[0]] == "final" else None
    return Counted(f"people {report.kind}", lambda night: _entered(night, statuses, cumulative), final)


def _left(night: Night, cumulative: bool) -> Floats:
    before = night.together_most if cumulative else night.together_before
    left: Floats = np.maximum(before - night.together, 0).astype(np.float64)
    return left


def _entered(night: Night, statuses: list[str], cumulative: bool) -> Floats:
    at = [night.status_ids.index(status) for status in statuses]
    entered: Floats = night.entries[:, at].sum(axis=1).astype(np.float64)
    return entered if cumulative else entered - night.entries_before[:, at].sum(axis=1)


UNSEEN_CHANCE = 0.5
UNSEEN = np.unique(np.rint(np.geomspace(1, 20_000, 90))).astype(np.int64)

JOINED_CHANCE = 0.1
JOINED = np.geomspace(1.08, 4.0, 24)
"""Chance that people joined a group unseen between two nights with counts, and by what factor it may have grown."""


def unseen_finals(members: int) -> tuple[NDArray[np.int64], Floats]:
    """Return how many people may have ended their journey unseen, ``(members, numbers)``, and each number's chance.

    A first total, such as *400 were returned already*, often counts people whom the model never had. With
    the chance :data:`UNSEEN_CHANCE` there were none; else their number is log-uniform up to 20,000.
    """
    numbers = np.concatenate([[0], UNSEEN])
    prior = np.concatenate([[1 - UNSEEN_CHANCE], np.full(UNSEEN.size, UNSEEN_CHANCE / UNSEEN.size)])
    return np.broadcast_to(numbers, (members, numbers.size)), prior


def unseen_joiners(people: Floats) -> tuple[NDArray[np.int64], Floats]:
    """Return how many people may have joined a group of ``people`` unseen, and the chance of each number: see above."""
    factors = np.concatenate([[1.0], JOINED])
    prior = np.concatenate([[1 - JOINED_CHANCE], np.full(JOINED.size, JOINED_CHANCE / JOINED.size)])
    return np.rint(people[:, None] * (factors - 1)).astype(np.int64), prior


def weigh_with_more(
    report: Report, people: Floats, ratio: Floats, more: tuple[NDArray[np.int64], Floats], u: Floats
) -> tuple[Likelihood, NDArray[np.int64]]:
    """Return the likelihood of a figure when it may count people whom the model has not, and how many there are.

    Their number is summed out, and then drawn from what the report leaves of it: exact, where trying numbers member by
    member would leave few.

    Parameters
    ----------
    people, ratio, u : (members,)
        People whom the model has, the speaker's ratio, and a uniform number for the draw.
    more : (members, numbers) ints and (numbers,)
        How many more there may be, and the chance of each number.

    Returns
    -------
    Likelihood
    unseen : (members,) ints
    """
    numbers, prior = more
    each = weigh_count(report, people[:, None] + numbers, ratio[:, None])
    joint = each.log + np.log(prior)
    log = logsumexp(joint, axis=1)
    chance = np.exp(joint - log[:, None])
    chosen = np.minimum((np.cumsum(chance, axis=1) < u[:, None]).sum(axis=1), prior.size - 1)
    return Likelihood(log, (chance * each.believed).sum(axis=1)), numbers[np.arange(u.size), chosen]
