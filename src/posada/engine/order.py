"""The order of the day: the list of steps that the engine runs, and that documents itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from posada.engine.account import account
from posada.engine.arrive import arrive
from posada.engine.board import board
from posada.engine.decide import decide
from posada.engine.enter import enter_and_join
from posada.engine.leave import leave
from posada.engine.lodge import lodge
from posada.engine.procedure import process
from posada.engine.signals import apply_signals
from posada.engine.travel import travel


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the day: its name, what happens in it, and the kernel that does it.

    The kernel takes the clock and the pieces of the world and of the chunk that ``uses`` names, in that order:
    what a step can read or change stands in the list.
    """

    name: str
    says: str
    run: Callable[..., None]
    uses: str


ORDER_OF_DAY: tuple[Step, ...] = (
    Step(
        "signals",
        "Signals in force change rates; towns prepare what they offer tonight.",
        apply_signals,
        "net roofs pressures luck rates plans seats tally",
    ),
    Step(
        "entering and joining",
        "Groups whose day it is enter the journey; people join groups on the way.",
        enter_and_join,
        "rules bodies luck rates parts ends",
    ),
    Step(
        "decision",
        "Each part of a group rests or goes, and chooses how and where to.",
        decide,
        "net fleet rules bodies luck rates parts plans",
    ),
    Step(
        "boarding",
        "Offers are honoured or not; people board by need; a broken promise may split the group.",
        board,
        "net fleet bodies luck rates parts plans seats",
    ),
    Step(
        "walking and riding",
        "Parts of groups move, and the slow stop short; people alone set out again.",
        travel,
        "net rules bodies luck rates parts alone plans seats tally books",
    ),
    Step(
        "arriving",
        "People alone arrive; long halts begin.",
        arrive,
        "net bodies luck rates parts alone plans tally",
    ),
    Step(
        "lodging",
        "Covered places are filled with those who want one; the others are counted.",
        lodge,
        "net rules rates parts alone tally books",
    ),
    Step(
        "procedure",
        "Hazards, shares on arrival and queues move people between statuses.",
        process,
        "net rules bodies rates parts alone ends plans tally",
    ),
    Step(
        "leaving the group",
        "Parts that meet may go on together; people part from their group; forerunners go ahead.",
        leave,
        "rules bodies luck rates parts alone plans",
    ),
    Step(
        "account",
        "The night is written down, and entered = present + under way + final is checked.",
        account,
        "parts alone ends books",
    ),
)
"""The steps in the order in which they run. A day of the run is this list, once."""


def describe_order() -> str:
    """Return the order of the day as numbered lines."""
    return "\n".join(f"{number:2d}. {step.name}: {step.says}" for number, step in enumerate(ORDER_OF_DAY, start=1))
