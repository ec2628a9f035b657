"""``simsetting.yml``: the settings of Flee, with the line of each key."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from posada.io.flee.keys import KEYS, Holds
from posada.io.flee.reading import Reading
from posada.model.displacement import Movement
from posada.model.errors import nearest, nearest_hint
from posada.model.fields import fields_of

DEFAULTS = {"semantics": "flee", "weight_conflict": 1.0 / 3.16227766017}
"""What Flee assumes, where that differs from the defaults of Posada: its square root of ten has twelve digits."""

VERSION_1 = {
    "max_move_km_per_day": 200.0,
    "start_on_foot": False,
    "avoid_short_stints": False,
    "weight_camp": 2.0,
    "weight_conflict": 0.25,
}
"""What ``use_v1_rules`` sets, whatever the other keys say."""

SPAWN_MODES = {"constant": "constant", "poisson": "poisson", "pop_ratio": "population_share"}
DISPLACED = {"constant": 500.0, "poisson": 500.0, "pop_ratio": 0.01}
DISPLACED_BY_WATER = {
    "constant": (0.0, 100.0, 200.0, 300.0, 500.0),
    "poisson": (0.0, 100.0, 200.0, 300.0, 500.0),
    "pop_ratio": (0.0, 0.1, 0.2, 0.5, 0.9),
}
EMPTY = ("", "~", "null", "Null", "NULL")
"""How YAML writes that there is no value."""
QUOTED = {"true": "true", "yes": "true", "on": "true", "false": "false", "no": "false", "off": "false"}


@dataclass
class FleeSettings:
    """The settings as the scenario has them: values of :class:`Movement`, and where each stands."""

    values: dict[str, Any] = field(default_factory=lambda: dict(DEFAULTS))
    wheres: dict[str, str] = field(default_factory=dict)
    reads_agents: bool = False

    def movement(self) -> Movement:
        """Return the section of movement."""
        return Movement(**self.values)

    @property
    def by_water(self) -> bool:
        """Whether people set out by high water."""
        return bool(self.values.get("spawn_by_high_water", False))

    @property
    def by_registrations(self) -> bool:
        """Whether people set out as registrations rise."""
        return not self.by_water and self.values.get("spawn_mode", "from_registrations") == "from_registrations"


def read_settings(reading: Reading, path: Path | None) -> FleeSettings:
    """Read the settings of a file; without one, the defaults of Flee."""
    settings = FleeSettings()
    if path is None:
        message = "there is no simsetting.yml, without which Flee does not start."
        reading.say("flee-note", "simsetting.yml", message, "Posada takes the defaults of Flee.")
        return settings
    given = _read_keys(reading, path)
    values = {name: value for name, (value, _) in given.items()}
    for name, (value, where) in given.items():
        field_name = KEYS[name].becomes
        if field_name and value is not None:
            settings.values[field_name] = value
            settings.wheres[field_name] = where
    settings.reads_agents = bool(values.get("spawn_rules.read_from_agents_csv_file"))
    _set_spawning(reading, settings, given)
    if "move_rules.flood_rules" in values:
        settings.values["high_water_rules"] = True
    if values.get("move_rules.use_v1_rules"):
        settings.values.update(VERSION_1)
    if settings.values.get("awareness_steps") == 0:
        message = "with awareness_level 0 nobody ever moves in Flee, whatever its documentation says."
        reading.say("flee-kept", settings.wheres["awareness_steps"], message, "Write 1 for the nearest places.")
    chance = settings.values.get("move_chance_default", 1.0)
    if chance < 0.005:
        message = f"default_movechance is {chance:g}; below 0.005 Flee makes a camp of every town."
        reading.say("flee-not-modelled", settings.wheres["move_chance_default"], message, "Posada keeps towns.")
    return settings


Given = dict[str, tuple[Any, str]]
"""Values by the path of their key, each with its place in the file."""


def _read_keys(reading: Reading, path: Path) -> Given:
    try:
        loader = yaml.SafeLoader(path.read_text(encoding="utf-8-sig"))
        root = loader.get_single_node()
    except (OSError, UnicodeDecodeError) as fault:
        reading.say("unreadable-file", path.name, f"it cannot be read: {fault}.", "Check that it is a text.")
        return {}
    except yaml.YAMLError as fault:
        mark = getattr(fault, "problem_mark", None)
        where = f"{path.name}:{mark.line + 1}" if mark else path.name
        problem = getattr(fault, "problem", None) or "it cannot be made out"
        reading.say("unreadable-file", where, f"it is not YAML: {problem}.", "Write 'key: value', one on a line.")
        return {}
    given: Given = {}
    if isinstance(root, yaml.MappingNode):
        _walk(reading, loader, root, path.name, given)
    elif root is not None:
        cure = "Write sections such as move_rules, and their keys below."
        reading.say("unreadable-file", f"{path.name}:1", "the file holds no keys.", cure)
    return given


def _walk(reading: Reading, loader: Any, node: Any, place: str, given: Given, *, prefix: str = "") -> None:
    """Go through the keys of a section, and through those of the sections in it."""
    file = place.partition(":")[0]
    for key_node, value_node in node.value:
        name = f"{prefix}{key_node.value}"
        where = f"{file}:{key_node.start_mark.line + 1}"
        if name not in KEYS:
            _say_unknown(reading, name, prefix, where)
            continue
        if name in given:
            message = f"'{name}' stands in line {given[name][1].rpartition(':')[2]} already."
            reading.say("duplicate-id", where, message, "Keep one of the two; Flee takes the last.")
        key = KEYS[name]
        if key.finding:
            reading.say(key.finding, where, f"'{name}': {key.says}.", "It is left out.")
        if key.holds is Holds.SECTION:
            if isinstance(value_node, yaml.MappingNode):
                given[name] = (True, where)
                _walk(reading, loader, value_node, where, given, prefix=f"{name}.")
            elif not isinstance(value_node, yaml.ScalarNode) or value_node.value not in EMPTY:
                reading.say("bad-text", where, f"'{name}' is one value, not a section.", "Write its keys below it.")
        elif key.holds is not Holds.ANYTHING:
            try:
                value = loader.construct_object(value_node, deep=True)
                given[name] = (_CONVERTERS[key.holds](reading, value, where, name), where)
            except yaml.YAMLError:
                reading.say(
                    "bad-text", where, f"the value of '{name}' is not one that Flee reads.", "Write it plainly."
                )
            except ValueError as fault:
                finding = "bad-yes-no" if key.holds is Holds.YES_NO else "bad-number"
                reading.say(finding, where, f"'{name}' is {fault}.", f"It holds {key.holds.value}.")


def _say_unknown(reading: Reading, name: str, prefix: str, where: str) -> None:
    if prefix == "log_levels.":
        reading.say("flee-ignored", where, f"Flee does not read '{name}'.", "It is left out.")
        return
    beside = [key.removeprefix(prefix) for key in KEYS if key.startswith(prefix) and "." not in key[len(prefix) :]]
    last = name.rpartition(".")[2]
    elsewhere = [key for key in KEYS if key.rpartition(".")[2] == last]
    if name.endswith("<<"):
        reading.say("unknown-key", where, "keys are merged into the section.", "Write them out.")
        return
    if not elsewhere and not nearest(last, beside):
        message = f"'{name}' is like no key of Flee, which passes over it without a word."
        reading.say("flee-ignored", where, message, "It is left out.")
        return
    cure = f"Flee reads it as '{elsewhere[0]}'." if elsewhere else nearest_hint(last, beside)
    reading.say("unknown-key", where, f"unknown key '{name}', which Flee passes over without a word.", cure)


def _yes_no(_reading: Reading, value: Any, _where: str, _name: str) -> bool:
    if isinstance(value, bool | int | float) or value is None:
        return bool(value)
    if isinstance(value, str) and value.strip().casefold() in QUOTED:
        plain = QUOTED[value.strip().casefold()]
        raise ValueError(f"a text, '{value}', which Flee takes for true; write {plain} without quotes")
    raise ValueError(f"'{value}'")


def _number(_reading: Reading, value: Any, _where: str, _name: str) -> float:
    if value is None:
        raise ValueError("empty")
    try:
        number = float(value) if not isinstance(value, bool) else math.nan
    except (TypeError, ValueError):
        number = math.nan
    if not math.isfinite(number):
        raise ValueError(f"'{value}'")
    return number


def _whole(reading: Reading, value: Any, where: str, name: str) -> float:
    number = _number(reading, value, where, name)
    if number != int(number):
        message = f"'{name}' is {number:g}; Flee cuts it to {int(number)}."
        reading.say("flee-kept", where, message, "So does Posada.")
    return int(number)


def _numbers(reading: Reading, value: Any, where: str, name: str) -> tuple[float, ...]:
    if value is None:
        return ()
    if not isinstance(value, list):
        raise ValueError(f"'{value}'")
    return tuple(_number(reading, one, where, name) for one in value)


def _word(_reading: Reading, value: Any, _where: str, _name: str) -> str:
    return "" if value is None else str(value)


_CONVERTERS = {
    Holds.YES_NO: _yes_no,
    Holds.NUMBER: _number,
    Holds.WHOLE: _whole,
    Holds.NUMBERS: _numbers,
    Holds.TEXT: _word,
}


def _set_spawning(reading: Reading, settings: FleeSettings, given: Given) -> None:
    """Set who sets out: by high water, by conflict, or as registrations rise."""
    by_water, where_of_water = given.get("spawn_rules.flood_zone_spawning_only", (False, ""))
    if by_water and settings.values.get("spawn_only_in_conflict", True):
        message = "flood_zone_spawning_only and conflict_zone_spawning_only (true by default) exclude each other."
        reading.say("unknown-option", where_of_water, message, "Set conflict_zone_spawning_only to false.")
    name = "spawn_rules.flood_driven_spawn_mode" if by_water else "spawn_rules.conflict_driven_spawning"
    other = "spawn_rules.conflict_driven_spawning" if by_water else "spawn_rules.flood_driven_spawn_mode"
    if other in given:
        message = f"'{other}' is read only {'without' if by_water else 'with'} flood_zone_spawning_only."
        reading.say("flee-ignored", given[other][1], message, "It is left out.")
    if name not in given:
        return
    mode, where = given.get(f"{name}.spawn_mode", ("pop_ratio" if by_water else "constant", given[name][1]))
    known = next((one for one in SPAWN_MODES if mode == one or (one == "poisson" and mode.casefold() == one)), None)
    if known is None:
        message = f"'{mode}' is not a spawn_mode; nobody sets out by it in Flee."
        reading.say("unknown-option", where, message, nearest_hint(mode, SPAWN_MODES))
        return
    settings.values["spawn_mode"] = SPAWN_MODES[known]
    if by_water:
        amount = given.get(f"{name}.displaced_per_flood_day", (DISPLACED_BY_WATER[known], ""))
        settings.values |= {"spawn_by_high_water": True, "high_water_rules": True}
        settings.values["displaced_per_high_water_day"] = amount[0]
        if not settings.values.get("take_from_population", False):
            message = "people set out by high water, but are not taken from the population; Flee stops there."
            reading.say("missing-value", given[name][1], message, "Set take_from_population to true.")
    else:
        amount = given.get(f"{name}.displaced_per_conflict_day", (DISPLACED[known], ""))
        is_share = known == "pop_ratio"
        settings.values["displaced_per_conflict_day"] = amount[0] if is_share else float(int(amount[0]))
        if not is_share and amount[0] != int(amount[0]):
            message = f"displaced_per_conflict_day is {amount[0]:g}; Flee cuts it to {int(amount[0])}."
            reading.say("flee-kept", amount[1], message, "So does Posada.")


def positions_of(settings: FleeSettings, file: str) -> dict[tuple[str, int], str]:
    """Return where each key of the section of movement stands, for the findings of the checks."""
    return {("movement", i): settings.wheres.get(spec.name, file) for i, spec in enumerate(fields_of(Movement))}
