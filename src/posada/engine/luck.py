"""What is drawn once for each member: the uncertain numbers of the model, sizes, destinations, capacities."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaincinv, ndtri

from posada.engine.compiling import kernel
from posada.engine.draws import DECISION, entity_key, uniform
from posada.engine.world import Floats, Ints, World, order_statuses
from posada.model.journeys import NEED_CLASSES, Group
from posada.model.rates import RATES
from posada.model.scenario import Scenario
from posada.model.start import Range, StartingState


class Luck(NamedTuple):
    """Arrays with one row per member of a chunk, M. Read-only for the kernels."""

    rate: Floats  # (M, R) in the order of RATES
    move_value: Floats  # (M, T)
    signal: Floats  # (M, K) multipliers
    size: Ints  # (M, G)
    class_share: Floats  # (M, G, C) adds up to one
    destination: Ints  # (M, G)
    goal_weight: Floats  # (G, B) likely people of each group by where it may go; the same for all members
    site_places: Floats  # (M, L)
    unreported_places: Floats  # (M, P)
    honoured: Floats  # (M, V) chance that an offer is kept
    status_start: Ints  # (M, S) people whom reports put in a status before the run


def by_member(luck: Luck) -> dict[str, NDArray[Any]]:
    """Return what has a row for each member; the weights of goals are those of all."""
    return {name: array for name, array in luck._asdict().items() if name != "goal_weight"}


def luck_of(luck: Luck, rows: Ints | slice) -> Luck:
    """Return the luck of some members."""
    return luck._replace(**{name: array[rows] for name, array in by_member(luck).items()})


def people_by_class(luck: Luck, group: int, people: Ints) -> NDArray[np.int32]:
    """Return people by need class, ``(members, classes)``, as the shares of a group are; nobody is left over."""
    shares = np.cumsum(luck.class_share[:, group, :], axis=1)
    shares[:, -1] = 1.0
    upto = np.rint(people[:, None] * shares).astype(np.int64)
    return np.diff(upto, axis=1, prepend=0).astype(np.int32)


@dataclass(frozen=True, slots=True)
class Law:
    """A distribution as its quantile function, with the bounds of what it may give."""

    name: str
    values: tuple[float, ...]
    minimum: float
    maximum: float

    def quantile(self, u: Floats) -> Floats:
        """Return the quantiles at ``u``, of the same shape, inside the bounds."""
        drawn = _QUANTILES[self.name](u, *self.values)
        return np.clip(drawn, self.minimum, self.maximum)


def _triangular(u: Floats, low: float, likely: float, high: float) -> Floats:
    if high <= low:
        return np.full_like(u, low)
    turn = (likely - low) / (high - low)
    rising = low + np.sqrt(u * (high - low) * (likely - low))
    falling = high - np.sqrt((1 - u) * (high - low) * (high - likely))
    return np.where(u < turn, rising, falling)


def _beta(u: Floats, alpha: float, beta: float) -> Floats:
    return np.asarray(betaincinv(alpha, beta, u))


_QUANTILES: dict[str, Callable[..., Floats]] = {
    "constant": np.full_like,
    "uniform": lambda u, low, high: low + u * (high - low),
    "triangular": _triangular,
    "normal": lambda u, mean, sd: mean + sd * ndtri(u),
    "lognormal": lambda u, median, sigma: median * np.exp(sigma * ndtri(u)),
    "beta": _beta,
}


@kernel
def _fill_uniforms(
    seed: int, first: int, decision: int, day: int, keys: NDArray[np.int64], out: NDArray[np.float64]
) -> None:
    for m in range(out.shape[0]):
        for k in range(keys.size):
            out[m, k] = uniform(seed, first + m, decision, day, keys[k], 0)


def named_uniforms(seed: int, first: int, count: int, decision: int, keys: Ints, *, day: int = 0) -> Floats:
    """Return one uniform per member and entity, ``(count, len(keys))``; ``day`` 0 for what is drawn once."""
    out = np.empty((count, keys.size), np.float64)
    _fill_uniforms(seed, first, decision, day, keys, out)
    return out


class LuckMaker:
    """Draws the luck of any range of members; holds the laws, so that a chunk costs only the draws."""

    def __init__(self, scenario: Scenario, world: World, seed: int, start: StartingState | None) -> None:
        self._scenario = scenario
        self._world = world
        self._seed = seed
        given = {row.name: row for row in scenario.parameters}
        self.laws = [
            Law(given[name].distribution, given[name].numbers(), rate.minimum, rate.maximum)
            if name in given
            else Law(rate.distribution, rate.values, rate.minimum, rate.maximum)
            for name, rate in RATES.items()
        ]
        self._rate_keys = np.array([entity_key(name) for name in RATES], np.int64)
        self._move_ranges = [(row.low, row.likely, row.high) for row in scenario.procedure]
        self._start = start
        self._sizes = self._size_ranges()

    def _size_ranges(self) -> list[Range]:
        known = {row.group: row.people for row in self._start.groups} if self._start else {}
        return [known.get(row.id, Range(row.size_low, row.size_likely, row.size_high)) for row in self._scenario.groups]

    def _u(self, first: int, count: int, decision: int, keys: Ints) -> Floats:
        return named_uniforms(self._seed, first, count, decision, keys)

    def draw(self, first: int, count: int) -> Luck:
        """Return the luck of members ``first`` to ``first + count - 1``."""
        rate = self._rates(first, count)
        return Luck(
            rate=rate,
            move_value=self._triangles(
                first,
                count,
                DECISION.transition_value,
                self._world.rules.key,
                self._move_ranges,
            ),
            signal=self._signals(first, count),
            size=self._group_sizes(first, count),
            class_share=self._class_shares(rate),
            destination=self._destinations(first, count),
            goal_weight=self._goal_weights(),
            site_places=self._site_places(first, count, rate),
            unreported_places=self._unreported_places(first, count, rate),
            honoured=self._honoured(first, count, rate),
            status_start=self._status_start(first, count),
        )

    def _rates(self, first: int, count: int) -> Floats:
        u = self._u(first, count, DECISION.rate, self._rate_keys)
        return np.column_stack([law.quantile(u[:, index]) for index, law in enumerate(self.laws)])

    def _triangles(
        self, first: int, count: int, decision: int, keys: Ints, ranges: list[tuple[float, float, float]]
    ) -> Floats:
        u = self._u(first, count, decision, keys)
        columns = [_triangular(u[:, index], *triple) for index, triple in enumerate(ranges)]
        return np.column_stack(columns) if columns else np.empty((count, 0))

    def _signals(self, first: int, count: int) -> Floats:
        keys, ranges = self._signal_strengths()
        return self._triangles(first, count, DECISION.signal_strength, keys, ranges)

    def _signal_strengths(self) -> tuple[Ints, list[tuple[float, float, float]]]:
        rows = self._scenario.signals
        keys = np.array([entity_key(f"{row.date}:{row.affects}:{row.name}") for row in rows], np.int64)
        return keys, [(row.multiplier_low, row.multiplier_likely, row.multiplier_high) for row in rows]

    def scores(self, first: int, count: int) -> Floats:
        """Return the normal scores of rates, transitions and signals, ``(count, numbers)``.

        Their laws turn them into the first three arrays of :meth:`draw`, in that order.
        """
        keys = (
            (DECISION.rate, self._rate_keys),
            (DECISION.transition_value, self._world.rules.key),
            (DECISION.signal_strength, self._signal_strengths()[0]),
        )
        return np.asarray(ndtri(np.hstack([self._u(first, count, decision, own) for decision, own in keys])))

    def score_keys(self) -> Ints:
        """Return a number for each column of :meth:`scores`, to name draws about it."""
        return np.concatenate([self._rate_keys, self._world.rules.key, self._signal_strengths()[0]])

    def score_laws(self) -> list[Law]:
        """Return the law of each column of :meth:`scores`."""
        triples = [*self._move_ranges, *self._signal_strengths()[1]]
        return [*self.laws, *(Law("triangular", triple, -np.inf, np.inf) for triple in triples)]

    def _group_sizes(self, first: int, count: int) -> Ints:
        ranges = [(size.low, size.likely, size.high) for size in self._sizes]
        drawn = self._triangles(first, count, DECISION.group_size, self._world.bodies.key, ranges)
        return np.rint(drawn).astype(np.int64)

    def _class_shares(self, rate: Floats) -> Floats:
        names = list(RATES)
        shares = np.empty((rate.shape[0], len(self._scenario.groups), len(NEED_CLASSES)))
        for g, group in enumerate(self._scenario.groups):
            for c, need in enumerate(NEED_CLASSES[1:], start=1):
                stated = _stated_share(group, need)
                shares[:, g, c] = rate[:, names.index(f"share_{need}")] if stated is None else stated
        # Drawn shares can add up to more than one; then they are scaled, and nobody is left over.
        total = shares[:, :, 1:].sum(axis=2, keepdims=True)
        shares[:, :, 1:] /= np.maximum(total, 1.0)
        shares[:, :, 0] = np.maximum(1.0 - shares[:, :, 1:].sum(axis=2), 0.0)
        return shares

    def _destinations(self, first: int, count: int) -> Ints:
        place = {row.id: index for index, row in enumerate(self._scenario.places)}
        u = self._u(first, count, DECISION.destination, self._world.bodies.key)
        drawn = np.empty((count, len(self._scenario.groups)), np.int64)
        for g, group in enumerate(self._scenario.groups):
            others = [row for row in self._scenario.destinations if row.group == group.id]
            bounds = np.cumsum([row.share for row in others])
            choices = np.array([*(place[row.place] for row in others), place[group.destination]], np.int64)
            drawn[:, g] = choices[np.searchsorted(bounds, u[:, g], side="right")]
        return drawn

    def _goal_weights(self) -> Floats:
        place = {row.id: index for index, row in enumerate(self._scenario.places)}
        goals = [int(goal) for goal in self._world.bodies.goals]
        weight = np.zeros((len(self._scenario.groups), len(goals)))
        for g, (group, size) in enumerate(zip(self._scenario.groups, self._sizes, strict=True)):
            others = [row for row in self._scenario.destinations if row.group == group.id]
            people = max(size.likely, 1.0)
            weight[g, goals.index(place[group.destination])] += people * (1 - sum(row.share for row in others))
            for row in others:
                weight[g, goals.index(place[row.place])] += people * row.share
        return weight

    def _site_places(self, first: int, count: int, rate: Floats) -> Floats:
        names = list(RATES)
        sites = [row for row in self._scenario.sites if row.covered]
        u = self._u(first, count, DECISION.site_places, self._world.roofs.key)
        columns = []
        for index, site in enumerate(sites):
            if site.capacity is not None:
                columns.append(np.full(count, float(site.capacity)))
            elif site.area_m2 is not None:
                columns.append(np.floor(site.area_m2 / rate[:, names.index("covered_m2_per_person")]))
            else:
                law = self.laws[names.index(_capacity_rate(site.type))]
                columns.append(np.floor(law.quantile(u[:, index])))
        return np.column_stack(columns) if columns else np.empty((count, 0))

    def _unreported_places(self, first: int, count: int, rate: Floats) -> Floats:
        names = list(RATES)
        law = self.laws[names.index("unreported_places")]
        places = law.quantile(self._u(first, count, DECISION.unreported_places, self._world.net.key))
        most = rate[:, names.index("unreported_places_per_resident"), None] * self._world.net.residents
        # nan stands for a town whose population is unknown: then nothing says what the most would be.
        return np.floor(np.fmin(places, most))

    def _honoured(self, first: int, count: int, rate: Floats) -> Floats:
        common = rate[:, list(RATES).index("offer_honoured_share")]
        rows = self._scenario.vehicles
        ranges = [(row.honoured_low or 0.0, row.honoured_likely or 0.0, row.honoured_high or 0.0) for row in rows]
        drawn = self._triangles(first, count, DECISION.honoured_chance, self._world.fleet.key, ranges)
        for index, row in enumerate(rows):
            if row.honoured_likely is None:
                drawn[:, index] = common
        return drawn

    def _status_start(self, first: int, count: int) -> Ints:
        names = order_statuses(self._scenario)
        out = np.zeros((count, len(names)), np.int64)
        for row in self._start.statuses if self._start else ():
            index = names.index(row.status)
            triple = (row.people.low, row.people.likely, row.people.high)
            keys = self._world.rules.status_key[index : index + 1]
            out[:, index] = np.rint(self._triangles(first, count, DECISION.start_count, keys, [triple]))[:, 0]
        return out


def _capacity_rate(site_type: str) -> str:
    name = f"capacity_{site_type}"
    return name if name in RATES else "capacity_other"


def _stated_share(group: Group, need: str) -> float | None:
    stated: float | None = getattr(group, f"share_{need}")
    return stated
