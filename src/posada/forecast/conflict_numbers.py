"""The numbers of movement that are learned from conflicts: their priors, and what a set of them means in a scenario."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from posada.engine.draws import DECISION, entity_key
from posada.engine.luck import named_uniforms
from posada.model.displacement import Movement
from posada.model.errors import InvalidValueError, UnknownNameError
from posada.model.fields import fields_of
from posada.model.geography import CAMP_KINDS
from posada.model.scenario import Scenario

Floats = NDArray[np.float64]

CAPACITY_POWER = "capacity_power"


@dataclass(frozen=True, slots=True)
class LearnedNumber:
    """A number that is learned, with its prior: uniform between bounds, of its logarithm where ``by_ratio``."""

    name: str
    low: float
    high: float
    by_ratio: bool
    unit: str
    meaning: str

    def quantile(self, u: Floats) -> Floats:
        """Return the values of the prior at shares ``u``."""
        if self.by_ratio:
            return np.asarray(np.exp(math.log(self.low) + u * math.log(self.high / self.low)), np.float64)
        return np.asarray(self.low + u * (self.high - self.low), np.float64)

    def share(self, values: Floats) -> Floats:
        """Return the share of the prior below values: the inverse of :meth:`quantile`."""
        if self.by_ratio:
            return np.asarray(np.log(values / self.low) / math.log(self.high / self.low), np.float64)
        return np.asarray((values - self.low) / (self.high - self.low), np.float64)


LEARNED_NUMBERS = (
    LearnedNumber(
        CAPACITY_POWER,
        0.0,
        1.6,
        False,
        "power",
        "Power of a camp's capacity, over the geometric mean of all, by which its attraction is multiplied.",
    ),
    LearnedNumber("distance_power", 0.2, 2.0, False, "power", "Power of distance."),
    LearnedNumber("softening_km", 5.0, 300.0, True, "km", "Added to every distance."),
    LearnedNumber("move_chance_default", 0.3, 1.0, False, "share per day", "Chance to leave a town."),
    LearnedNumber("move_chance_camp", 1e-5, 1e-3, True, "share per day", "Chance to leave a camp."),
    LearnedNumber("weight_camp", 0.8, 4.0, True, "ratio", "Attraction of camps."),
    LearnedNumber("weight_foreign", 0.8, 3.0, True, "ratio", "Attraction of places abroad."),
    LearnedNumber("weight_conflict", 0.1, 1.0, True, "ratio", "Attraction of places in conflict."),
    LearnedNumber("capacity_scaling", 0.85, 1.25, False, "ratio", "Multiplier of every capacity."),
    LearnedNumber("capacity_buffer", 0.7, 1.0, False, "share", "Share of capacity from which a camp attracts less."),
)
"""All of them but the first are settings of ``[movement]``."""

FIXED = {
    "semantics": "posada",
    "spawn_mode": "from_registrations",
    "spawn_by_high_water": False,
    "insert_day0": True,
    "empty_camps_on_day0": False,
    "conflict_decay": (1.0, 1.0, 1.0, 0.5, 0.1),
    "conflict_decay_interval_days": 30,
    "awareness_steps": 2,
    "start_on_foot": True,
    "avoid_short_stints": True,
    "max_move_km_per_day": 400.0,
}
"""Settings of ``[movement]`` with which all of this was learned; those of ``awareness2``, but for Flee's faults."""


def fixed_movement(movement: Movement, people_per_simulated: int) -> Movement:
    """Return the settings with which conflicts are run here, other rules of the scenario kept."""
    fixed: dict[str, object] = dict(FIXED)
    return dataclasses.replace(movement, people_per_simulated=people_per_simulated, **fixed)  # type: ignore[arg-type]


def prior_draws(draws: int, seed: int, table: Sequence[LearnedNumber] = LEARNED_NUMBERS) -> Floats:
    """Return draws from the priors of a table of numbers, ``(draws, numbers)``."""
    keys = np.array([entity_key(number.name) for number in table], np.int64)
    u = named_uniforms(seed, 0, draws, DECISION.conflict_numbers, keys)
    return np.column_stack([number.quantile(u[:, at]) for at, number in enumerate(table)])


def movement_with(movement: Movement, values: Mapping[str, float]) -> Movement:
    """Return the settings with learned numbers in them.

    Raises
    ------
    InvalidValueError
        When a number is out of the bounds of its setting.
    UnknownNameError
        When there is no such setting.
    """
    known = {name: value for name, value in values.items() if name != CAPACITY_POWER}
    specs = {spec.name: spec for spec in fields_of(Movement)}
    for name, value in known.items():
        if name not in specs:
            raise UnknownNameError("learned number", name, (row.name for row in LEARNED_NUMBERS))
        low, high = specs[name].minimum, specs[name].maximum
        if (low is not None and value < low) or (high is not None and value > high):
            raise InvalidValueError(f"the learned {name} is {value:g}; it must be between {low} and {high}.")
    return dataclasses.replace(movement, **known)  # type: ignore[arg-type]


def attraction_of(scenario: Scenario, capacity_power: float, pull: Mapping[str, float] | None = None) -> Floats:
    """Return by what the attraction of each place is multiplied, ``(places,)``.

    Camps by their capacity over the geometric mean of all, to a power, and by ``pull`` where it names them. A camp
    without a stated capacity, and every other place, by 1.
    """
    made = np.ones(len(scenario.places))
    known = {
        at: math.log(row.capacity)
        for at, row in enumerate(scenario.places)
        if row.kind in CAMP_KINDS and row.capacity is not None and row.capacity >= 1
    }
    mean = sum(known.values()) / len(known) if known else 0.0
    for at, log_capacity in known.items():
        made[at] = math.exp(capacity_power * (log_capacity - mean))
    for at, row in enumerate(scenario.places):
        made[at] *= (pull or {}).get(row.id, 1.0)
    return made
