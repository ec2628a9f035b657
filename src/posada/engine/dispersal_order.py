"""The order of the day of dispersed people, as a list that documents itself.

The kernels of :mod:`posada.engine.dispersal` call each other directly, because a day of a large conflict takes
milliseconds; a test compares this list with their calls. It is the order of the Flee simulator.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DispersalStep:
    """One step of the day: its name, what happens in it, and the kernels that do it, in the order of their calls."""

    name: str
    says: str
    kernels: tuple[str, ...]


ORDER_OF_DISPERSED_DAY: tuple[DispersalStep, ...] = (
    DispersalStep(
        "setting out",
        "Conflict, closures and the kinds of places are those of the day; people set out, as many as registrations "
        "rise or as conflict says. On the first day, those registered then are put into the camps before.",
        ("start_people", "spawn"),
    ),
    DispersalStep(
        "closures",
        "Whoever is on a route that closes turns back on reaching its end, even if it has reopened.",
        ("turn_back",),
    ),
    DispersalStep(
        "leaving",
        "Place by place, camps first, people stay or go, choose where to, and take the first route of their way.",
        ("leave_places", "note_stayers"),
    ),
    DispersalStep(
        "travelling and arriving",
        "People travel as far as a day takes them; whoever arrives before it is over goes on, or chooses again.",
        ("travel", "note_arrivals"),
    ),
    DispersalStep(
        "account",
        "The night is written down, and entered = present + under way is checked.",
        ("_account",),
    ),
)
"""The steps in the order in which they run. A day of the run is this list, once."""


def describe_dispersal_order() -> str:
    """Return the order of the day as numbered lines."""
    return "\n".join(f"{at:2d}. {step.name}: {step.says}" for at, step in enumerate(ORDER_OF_DISPERSED_DAY, start=1))
