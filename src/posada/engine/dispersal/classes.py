"""Who chooses differently: need classes made from the attributes that a rule in use looks at.

People whose attributes make no difference to any rule in use are one class, so that a table of forty ages costs
as many classes as there are ways in which age matters.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np

from posada.engine.world import Flags, Floats, Ints
from posada.model.displacement import Movement
from posada.model.errors import InvalidValueError
from posada.model.fields import parse_decimal
from posada.model.scenario import Scenario

_CHILD_BELOW, _BOY_ABOVE, _ELDERLY_ABOVE = 19, 14, 59
_NOBODY = 1e8
"""Population of a place without residents, by which the share of one's own people there is next to none."""


Key = tuple[int, str, str, int]
"""What distinguishes a class: power, ethnicity, religion, awareness."""


@dataclass(frozen=True)
class Classes:
    """Need classes, C of them."""

    power: Ints  # (C,) power to which attraction is seen: 1, 2 for who avoids hazards, 0 for who does not look
    awareness: Ints  # (C,) of forecasts of high water
    share: Floats  # (P, C) of the people who set out in a place
    in_camp: Floats  # (C, P) factor of the attraction of the place while it is a camp
    in_conflict: Floats  # (C, P) while there is conflict
    in_town: Floats  # (C, P) otherwise
    economic_pull: Floats  # (P,) added to the attraction of places abroad
    keys: tuple[Key, ...]
    movement: Movement

    @property
    def count(self) -> int:
        """How many classes there are."""
        return int(self.power.size)

    def index_of(self, values: dict[str, str]) -> int:
        """Return the class of people with some attributes.

        Raises
        ------
        InvalidValueError
            When an attribute that a rule looks at is not among them, or nobody of its value sets out anywhere.
        """
        lacking = [name for name in attributes_in_use(self.movement) if name not in values]
        if lacking:
            raise InvalidValueError(f"'attributes' in present.csv lacks '{lacking[0]}', which a rule looks at; add it")
        key = _key(self.movement, values)
        if key not in self.keys:
            raise InvalidValueError(
                f"demographics.csv has nobody like '{values}', whom present.csv names; add the value"
            )
        return self.keys.index(key)


def attribute_values(text: str) -> dict[str, str]:
    """Return what ``age=30;gender=female`` says."""
    pairs = (part.partition("=") for part in text.split(";") if part.strip())
    return {name.strip(): value.strip() for name, _, value in pairs}


def class_factors(classes: Classes, is_camp: Flags, in_conflict: Flags) -> Floats:
    """Return the factor of attraction by class and place, ``(C, P)``, for the kinds that the places have today."""
    return np.where(is_camp, classes.in_camp, np.where(in_conflict, classes.in_conflict, classes.in_town))


def attributes_in_use(movement: Movement) -> tuple[str, ...]:
    """Return the attributes of people that some rule in use looks at."""
    by_age = movement.children_avoid_hazards or movement.elderly_avoid_hazards or movement.boys_take_risk
    by_gender = movement.women_avoid_hazards or movement.boys_take_risk
    by_ethnicity = movement.match_camp_ethnicity or movement.match_town_ethnicity or movement.match_conflict_ethnicity
    wanted = (
        ("age", by_age),
        ("gender", by_gender),
        ("ethnicity", by_ethnicity),
        ("religion", movement.match_camp_religion),
        ("floodawareness", movement.high_water_rules and movement.high_water_forecast),
    )
    return tuple(name for name, used in wanted if used)


def build_classes(scenario: Scenario) -> Classes:
    """Make the classes of a scenario and the share of each among the people who set out in a place.

    Raises
    ------
    InvalidValueError
        When a rule looks at an attribute of which no table says who has it, or that a place lacks.
    """
    movement = scenario.movement
    assert movement is not None
    names = attributes_in_use(movement)
    tables = [_weights(scenario, name) for name in names]
    keys: dict[Key, int] = {}
    shares: list[Floats] = []
    for combination in product(*(table.items() for table in tables)):
        values = dict(zip(names, (value for value, _ in combination), strict=True))
        share = np.prod([weight for _, weight in combination], axis=0) if combination else np.ones(len(scenario.places))
        key = _key(movement, values)
        if key in keys:
            shares[keys[key]] = shares[keys[key]] + share
        else:
            keys[key] = len(shares)
            shares.append(np.asarray(share))
    return Classes(
        power=np.array([key[0] for key in keys], np.int64),
        awareness=np.array([key[3] for key in keys], np.int64),
        share=np.column_stack(shares),
        in_camp=np.array([_camp_factor(scenario, movement, key) for key in keys]),
        in_conflict=np.array([_own_people(scenario, movement.match_conflict_ethnicity, key[1]) for key in keys]),
        in_town=np.array([_own_people(scenario, movement.match_town_ethnicity, key[1]) for key in keys]),
        economic_pull=_economic_pull(scenario) if movement.use_economic_pull else np.zeros(len(scenario.places)),
        keys=tuple(keys),
        movement=movement,
    )


def _key(movement: Movement, values: dict[str, str]) -> Key:
    used = attributes_in_use(movement)
    return (
        _power(movement, values),
        values["ethnicity"] if "ethnicity" in used else "",
        values["religion"] if "religion" in used else "",
        _awareness(movement, values) if "floodawareness" in used else 0,
    )


def _number(values: dict[str, str], name: str) -> float:
    """Return an attribute that rules compare; who has none is taken for somebody whom none of them is about."""
    try:
        return parse_decimal(values.get(name, "30"))
    except ValueError as fault:
        raise InvalidValueError(f"the {name} of people must be a number, but {fault}; write it in digits") from None


def _awareness(movement: Movement, values: dict[str, str]) -> int:
    known = len(movement.high_water_awareness_weights)
    number = _number(values, "floodawareness")
    if number not in range(known):
        raise InvalidValueError(
            f"floodawareness is {number:g}, but high_water_awareness_weights has the numbers 0 to {known - 1}; "
            "add a weight, or change the value"
        )
    return int(number)


def _weights(scenario: Scenario, attribute: str) -> dict[str, Floats]:
    """Return the share of each value of an attribute among the people who set out, by place, ``(P,)`` each."""
    rows = [row for row in scenario.demographics if row.attribute == attribute]
    if not rows:
        raise InvalidValueError(
            f"a rule of [movement] looks at '{attribute}', but demographics.csv does not say who has which; "
            "add its values with their weights, or switch the rule off"
        )
    values = tuple(dict.fromkeys(row.value for row in rows))
    table = {value: np.zeros(len(scenario.places)) for value in values}
    for index, place in enumerate(scenario.places):
        own = [row for row in rows if row.place == place.id] or [row for row in rows if row.place is None]
        total = sum(row.weight for row in own)
        for row in own:
            table[row.value][index] += row.weight / total
    return table


def _power(movement: Movement, values: dict[str, str]) -> int:
    age = _number(values, "age")
    avoids = movement.children_avoid_hazards and age < _CHILD_BELOW
    # In Flee boys are looked at only where children are.
    looks_at_boys = movement.children_avoid_hazards or movement.semantics == "posada"
    is_boy = values.get("gender") == "male" and age > _BOY_ABOVE
    if movement.semantics == "posada":
        is_boy = is_boy and age < _CHILD_BELOW
    if looks_at_boys and movement.boys_take_risk and is_boy:
        return 0
    avoids = avoids or (movement.elderly_avoid_hazards and age > _ELDERLY_ABOVE)
    avoids = avoids or (movement.women_avoid_hazards and values.get("gender") == "female")
    return 2 if avoids else 1


def _attribute(scenario: Scenario, name: str) -> Floats:
    given = {row.place: row.value for row in scenario.place_attributes if row.name == name}
    lacking = [row.id for row in scenario.places if row.id not in given]
    if lacking:
        raise InvalidValueError(
            f"a rule of [movement] looks at '{name}' of places, and place_attributes.csv lacks it for "
            f"'{lacking[0]}' ({len(lacking)} in all); add it, or switch the rule off"
        )
    return np.array([given[row.id] for row in scenario.places])


def _own_people(scenario: Scenario, used: bool, value: str, factor: float = 10.0) -> Floats:
    if not used:
        return np.ones(len(scenario.places))
    is_camp = np.array([row.kind in ("camp", "idp_camp") for row in scenario.places])
    residents = np.array([float(row.population or 0) for row in scenario.places])
    residents = np.where(is_camp | (residents < 1.0), _NOBODY, residents)
    return np.asarray(_attribute(scenario, value) / residents * factor)


def _camp_factor(scenario: Scenario, movement: Movement, key: Key) -> Floats:
    by_ethnicity = _own_people(scenario, movement.match_camp_ethnicity, key[1])
    by_religion = _own_people(scenario, movement.match_camp_religion, key[2], 1.0 / movement.average_religion_share)
    return by_ethnicity * by_religion


def _economic_pull(scenario: Scenario) -> Floats:
    return _attribute(scenario, "trade_volume") + _attribute(scenario, "hdi") ** 2
