"""The keys of ``simsetting.yml``: what each becomes in the section of movement, or why it becomes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Holds(StrEnum):
    """What the value of a key is."""

    SECTION = "keys"
    YES_NO = "true or false"
    NUMBER = "a number"
    WHOLE = "a whole number"
    NUMBERS = "a list of numbers"
    TEXT = "a word"
    ANYTHING = "anything"


@dataclass(frozen=True, slots=True)
class Key:
    """A key that Flee reads, or that stands in files for Flee.

    Attributes
    ----------
    becomes : str
        The field of the section of movement; empty when it becomes none by itself.
    finding, says : str
        The finding about a key that becomes nothing, and what it says; without one the key is passed over.
    """

    holds: Holds
    becomes: str = ""
    finding: str = ""
    says: str = ""


def _same(holds: Holds, **fields: str) -> dict[str, Key]:
    return {name: Key(holds, field) for name, field in fields.items()}


def _under(section: str, keys: dict[str, Key]) -> dict[str, Key]:
    return {f"{section}.{name}": key for name, key in keys.items()}


def _ignored(says: str, finding: str = "flee-ignored") -> Key:
    return Key(Holds.ANYTHING, "", finding, says)


_NOT_READ = "Flee does not read this key"
_TOP = {
    "spawn_rules": Key(Holds.SECTION),
    "move_rules": Key(Holds.SECTION),
    "optimisations": Key(Holds.SECTION),
    "log_levels": Key(Holds.SECTION),
    "default_conflict_intensity": Key(Holds.WHOLE, "default_conflict_intensity"),
    "number_of_steps": _ignored("the length is that of sim_period.csv", "flee-note"),
    "conflict_input_file": _ignored("Flee reads conflicts.csv whatever stands here", "flee-note"),
    "flood_level_input_file": _ignored("Flee reads flood_level.csv whatever stands here", "flee-note"),
}
_LOG = {
    name: Key(Holds.ANYTHING) for name in ("agent", "link", "camp", "conflict", "init", "idp_totals", "granularity")
}
_SPAWN = {
    **_same(
        Holds.YES_NO,
        take_from_population="take_from_population",
        insert_day0="insert_day0",
        empty_camps_on_day0="empty_camps_on_day0",
        conflict_zone_spawning_only="spawn_only_in_conflict",
        sum_from_camps="sum_from_camps",
        starvation_driven_spawning="spawn_where_food_is_short",
    ),
    "flood_zone_spawning_only": Key(Holds.YES_NO),
    "read_from_agents_csv_file": Key(Holds.YES_NO),
    "conflict_driven_spawning": Key(Holds.SECTION),
    "flood_driven_spawn_mode": Key(Holds.SECTION),
    "conflict_spawn_decay": Key(Holds.NUMBERS, "conflict_decay"),
    "conflict_spawn_decay_interval": Key(Holds.WHOLE, "conflict_decay_interval_days"),
    "camps_are_sinks": _ignored("Flee reads 'camps_are_sicks' instead, so that this key cannot be set"),
    "camps_are_sicks": _ignored("people who leave camps for good are not modelled", "flee-not-modelled"),
    "average_social_connectivity": _ignored("connections matter to nothing that can be switched on", "flee-note"),
    "flood_driven_spawning": _ignored(_NOT_READ),
    "flood_spawn_mode": _ignored(_NOT_READ),
}
_BY_CONFLICT = {
    "spawn_mode": Key(Holds.TEXT),
    "displaced_per_conflict_day": Key(Holds.NUMBER),
}
_BY_WATER = {
    "spawn_mode": Key(Holds.TEXT),
    "displaced_per_flood_day": Key(Holds.NUMBERS),
    "flood_spawn_mode": _ignored("Flee reads 'spawn_mode' here, so that this key cannot be set"),
    "flood_forecaster_timescale": _ignored("Flee reads it under move_rules.flood_rules"),
}
_MOVE = {
    **_same(
        Holds.NUMBER,
        max_move_speed="max_move_km_per_day",
        max_walk_speed="max_walk_km_per_day",
        foreign_weight="weight_foreign",
        camp_weight="weight_camp",
        conflict_weight="weight_conflict",
        conflict_movechance="move_chance_conflict",
        camp_movechance="move_chance_camp",
        idpcamp_movechance="move_chance_idp_camp",
        default_movechance="move_chance_default",
        capacity_buffer="capacity_buffer",
        capacity_scaling="capacity_scaling",
        softening="softening_km",
        weight_softening="weight_softening",
        weight_power="weight_power",
        distance_power="distance_power",
        home_distance_power="home_distance_power",
        pop_power_for_loc_weight="population_power_for_weight",
        movechance_pop_base="move_chance_population_base",
        movechance_pop_scale_factor="move_chance_population_power",
        pruning_threshold="pruning_threshold",
        avg_religion_fraction="average_religion_share",
    ),
    **_same(
        Holds.YES_NO,
        avoid_short_stints="avoid_short_stints",
        start_on_foot="start_on_foot",
        stay_close_to_home="stay_close_to_home",
        use_pop_for_loc_weight="use_population_for_weight",
        fixed_routes="fixed_routes",
        use_economic_pull="use_economic_pull",
        flee_when_starving="leave_when_food_is_short",
        avoid_food_deprived_locations="avoid_places_short_of_food",
        WomenAvoidHazards="women_avoid_hazards",
        ChildrenAvoidHazards="children_avoid_hazards",
        ElderlyAvoidHazards="elderly_avoid_hazards",
        BoysTakeRisk="boys_take_risk",
        MatchCampReligion="match_camp_religion",
        MatchCampEthnicity="match_camp_ethnicity",
        MatchTownEthnicity="match_town_ethnicity",
        MatchConflictEthnicity="match_conflict_ethnicity",
    ),
    "awareness_level": Key(Holds.WHOLE, "awareness_steps"),
    "harvest_months": Key(Holds.NUMBERS, "harvest_months"),
    "use_v1_rules": Key(Holds.YES_NO),
    "flood_rules": Key(Holds.SECTION),
    "max_crossing_speed": _ignored("Flee reads the speed of crossings and never uses it"),
    "two_system_decision_making": _ignored("it never switches on from a file"),
    "max_flood_level": _ignored(_NOT_READ),
}
_WATER_RULES = {
    "flood_movechances": Key(Holds.NUMBERS, "high_water_move_chances"),
    "flood_loc_weights": Key(Holds.NUMBERS, "high_water_weights"),
    "flood_forecaster": Key(Holds.YES_NO, "high_water_forecast"),
    "flood_forecaster_timescale": Key(Holds.WHOLE, "high_water_forecast_days"),
    "flood_forecaster_end_time": Key(Holds.WHOLE, "high_water_forecast_end_day"),
    "flood_forecaster_weights": Key(Holds.NUMBERS, "high_water_forecast_weights"),
    "flood_awareness_weights": Key(Holds.NUMBERS, "high_water_awareness_weights"),
    "flood_link_weights": _ignored("Flee reads the weights of links and never uses them"),
    "max_flood_level": _ignored("Flee reads the highest level and never uses it"),
}

KEYS: dict[str, Key] = {
    **_TOP,
    **_under("log_levels", _LOG),
    **_under("spawn_rules", _SPAWN),
    **_under("spawn_rules.conflict_driven_spawning", _BY_CONFLICT),
    **_under("spawn_rules.flood_driven_spawn_mode", _BY_WATER),
    **_under("move_rules", _MOVE),
    **_under("move_rules.flood_rules", _WATER_RULES),
    "optimisations.hasten": Key(Holds.WHOLE, "people_per_simulated"),
}
"""Every key that is known, by its path."""
