"""What past journeys teach as the tables of a scenario: parameters, transitions, and where groups may end.

What a scenario has from such reports and no reading tells of any more, because its journeys were left out, falls back:
a parameter on the default of the catalogue, a transition on a range that no data made
(:data:`posada.forecast.journey_priors.UNTOLD`), and never on the numbers that those very journeys may have made.
"""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from posada.forecast.journey_priors import UNTOLD, Learned, Range, learn, range_of, to_digits, weight_of_journeys
from posada.model.errors import InvalidValueError, nearest_hint
from posada.model.journeys import Destination, Transition
from posada.model.past_journeys import DESTINATION, PROCEDURE, PastJourneys, Reading
from posada.model.rates import RATES, Parameter
from posada.model.scenario import Scenario
from posada.model.statements import Source

ASSUMPTION = "project_assumption"
"""The source of what the project added of its own: defaults, and weights."""

WEIGHT_OF_IGNORANCE = 2.0
"""Chances by the residents of the border cities count as so many journeys, as the default of a rate does."""

_RELIABILITY = 0.6
_BORDER_CITY = "border_crossing"


@dataclass(frozen=True, slots=True)
class JourneyLessons:
    """What was learned: each rate of the catalogue, and the tables of a scenario with it in them."""

    rates: tuple[Learned, ...]
    scenario: Scenario


def learn_from_journeys(past: PastJourneys, readings: Sequence[Reading], scenario: Scenario) -> JourneyLessons:
    """Return what readings teach, and a scenario that goes by it.

    Parameters
    ----------
    readings : sequence of Reading
        Those of ``past`` that may be used, as :meth:`~posada.model.past_journeys.PastJourneys.readings_for` gives them.

    Raises
    ------
    InvalidValueError
        When a reading is of a transition or a border city that the scenario does not have.
    """
    check_readings(past.readings, scenario)
    rates = tuple(learn(rate, tuple(readings)) for rate in RATES.values())
    ours = {row.source for row in past.files}
    learned = scenario.replace(
        parameters=_parameters(rates, past, scenario, ours),
        procedure=tuple(_transition(row, readings, past, ours) for row in scenario.procedure),
        destinations=_destinations(readings, past, scenario, ours),
        sources=_sources(past, scenario),
    )
    return JourneyLessons(rates, learned)


def check_readings(readings: Iterable[Reading], scenario: Scenario) -> None:
    """Raise when a reading is of something that a scenario does not have.

    Raises
    ------
    InvalidValueError
        Names file, line and the nearest that it has.
    """
    transitions = [row.id for row in scenario.procedure]
    cities = [row.id for row in scenario.places if row.kind == _BORDER_CITY]
    for row in readings:
        if row.rate.startswith(PROCEDURE):
            what, known, is_known = "transition", transitions, any(readings_of([row], name) for name in transitions)
        elif row.rate.startswith(DESTINATION):
            what, known, is_known = "border city", cities, row.rate.removeprefix(DESTINATION) in cities
        else:
            continue
        if not is_known:
            name = row.rate.partition(".")[2]
            raise InvalidValueError(
                f"{row.where}: '{name}' is no {what} of the scenario '{scenario.settings.id}'. "
                f"{nearest_hint(name, known)}"
            )


def readings_of(readings: Iterable[Reading], transition: str) -> list[Reading]:
    """Return the readings of a transition: those of its name, or of what its name begins with."""
    return [
        row
        for row in readings
        if row.rate.startswith(PROCEDURE) and f"{transition}_".startswith(f"{row.rate.removeprefix(PROCEDURE)}_")
    ]


def untold(transition: Transition) -> Range | None:
    """Return low, likely and high that a transition has where no journey tells of it; ``None`` for its own."""
    return UNTOLD.get("held" if transition.from_status == "held" else transition.kind)


def transition_range(transition: Transition, used: Sequence[Reading]) -> Range:
    """Return low, likely and high of a transition by some readings of it, at least one."""
    own = transition.low, transition.likely, transition.high
    limit = float("inf") if transition.kind == "capacity_per_day" else 1.0
    found = range_of([row.value for row in used], weight_of_journeys(used), untold(transition) or own)
    low, likely, high = (to_digits(min(number, limit)) for number in found)
    return low, likely, high


def destination_shares(readings: Iterable[Reading], scenario: Scenario) -> dict[str, float]:
    """Return the share of chances of each border city.

    Each journey of which a reading tells where it ended counts once, whatever its size, parted among border cities as
    its people were: a group goes to one place together, so its people are not so many trials. Chances in proportion to
    residents count as two journeys: large cities have ports of entry, shelters and work.
    """
    border = {row.id: float(row.population or 0) for row in scenario.places if row.kind == _BORDER_CITY}
    people: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for row in readings:
        if row.rate.startswith(DESTINATION) and row.value > 0:
            people[row.journey][row.rate.removeprefix(DESTINATION)] += row.value
    everybody = sum(border.values())
    chances = {
        place: WEIGHT_OF_IGNORANCE * (residents / everybody if everybody else 1 / len(border))
        for place, residents in border.items()
    }
    for ended in people.values():
        for place, count in ended.items():
            chances[place] += count / sum(ended.values())
    return {place: chance / (len(people) + WEIGHT_OF_IGNORANCE) for place, chance in chances.items()}


def made_from(readings: Sequence[Reading]) -> str:
    """Return how many readings there are, from how many journeys."""
    journeys = len({row.journey for row in readings})
    return f"{len(readings)} reading{'s' * (len(readings) != 1)}, {journeys} journey{'s' * (journeys != 1)}"


def _parameters(
    rates: Iterable[Learned], past: PastJourneys, scenario: Scenario, ours: set[str]
) -> tuple[Parameter, ...]:
    """Return the parameters: what was learned, and what the scenario has from elsewhere."""
    learned = {
        one.rate.name: Parameter(
            name=one.rate.name,
            distribution=one.law,
            values=";".join(f"{value:g}" for value in one.values),
            unit=one.rate.unit,
            source=(*past.cited(one.readings), ASSUMPTION),
            meaning=f"Other journeys ({made_from(one.readings)}), shrunk towards the default.",
        )
        for one in rates
        if one.readings
    }
    kept = {row.name: row for row in scenario.parameters if row.name not in learned and not ours & set(row.source)}
    both = learned | kept
    return tuple(both[name] for name in RATES if name in both)


def _transition(row: Transition, readings: Sequence[Reading], past: PastJourneys, ours: set[str]) -> Transition:
    used = readings_of(readings, row.id)
    if used:
        numbers, source = transition_range(row, used), (*past.cited(used), ASSUMPTION)
    elif ours & set(row.source) and (found := untold(row)) is not None:
        numbers, source = found, (ASSUMPTION,)
    else:
        return row
    low, likely, high = numbers
    return dataclasses.replace(row, low=low, likely=likely, high=high, source=source)


def _destinations(
    readings: Sequence[Reading], past: PastJourneys, scenario: Scenario, ours: set[str]
) -> tuple[Destination, ...]:
    """Return the chances of the border cities for every group, without that of its table, which has the rest."""
    own = [row for row in readings if row.rate.startswith(DESTINATION)]
    if not own and not any(ours & set(row.source) for row in scenario.destinations):
        return scenario.destinations
    source = (*past.cited(own), ASSUMPTION)
    shares = destination_shares(own, scenario)
    return tuple(
        Destination(group.id, place, float(f"{share:.3f}"), source)
        for group in scenario.groups
        for place, share in shares.items()
        if place != group.destination
    )


def _sources(past: PastJourneys, scenario: Scenario) -> tuple[Source, ...]:
    known = {row.id for row in scenario.sources}
    added = [
        Source(row.source, "Posada", f"Other journeys: reports compiled in {row.file}", _RELIABILITY, row.last)
        for row in past.files
        if row.source not in known
    ]
    if ASSUMPTION not in known:
        added.append(Source(ASSUMPTION, "Posada", "Assumption of the project: no source has the number", 0.2))
    return (*scenario.sources, *added)
