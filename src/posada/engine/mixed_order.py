"""The order of the day where groups and dispersed people are in one run, as a list that documents itself.

It is made of the two others: :mod:`posada.engine.mixed` runs the day of dispersed people, then the day of a journey.
"""

from __future__ import annotations

from dataclasses import dataclass

from posada.engine.dispersal_order import ORDER_OF_DISPERSED_DAY
from posada.engine.order import ORDER_OF_DAY


@dataclass(frozen=True, slots=True)
class MixedStep:
    """One step of the day: its name, and what happens in it."""

    name: str
    says: str


_SAYS_OTHERWISE = {
    "walking and riding": "Parts of groups move, and the slow stop short.",
    "arriving": "Long halts begin.",
}
"""Of steps of a journey in which people alone do something too, where they move as dispersed people."""

ORDER_OF_MIXED_DAY: tuple[MixedStep, ...] = (
    MixedStep(
        "handing over",
        "Whoever came to the people alone since yesterday, from a group or another status, sets out from where they "
        "are; whoever went to another status is taken out.",
    ),
    *(MixedStep(step.name, step.says) for step in ORDER_OF_DISPERSED_DAY),
    MixedStep(
        "taking back",
        "All dispersed people are counted where they are, with who came today and who is new; both books must agree.",
    ),
    *(MixedStep(step.name, _SAYS_OTHERWISE.get(step.name, step.says)) for step in ORDER_OF_DAY),
)
"""The steps in the order in which they run. A day of the run is this list, once."""


def describe_mixed_order() -> str:
    """Return the order of the day as numbered lines."""
    return "\n".join(f"{at:2d}. {step.name}: {step.says}" for at, step in enumerate(ORDER_OF_MIXED_DAY, start=1))
