"""The order of the day: the list of steps that the engine runs, and that documents itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from posada.engine.account import account
from posada.engine.arrive import arrive
from posada.engine.board import board
from posada.engine.compiling import kernel
from posada.engine.decide import decide
from posada.engine.enter import enter_and_join
from posada.engine.leave import leave
from posada.engine.lodge import lodge
from posada.engine.luck import Luck
from posada.engine.procedure import process
from posada.engine.signals import apply_signals
from posada.engine.state import Books, Chunk, Clock
from posada.engine.travel import travel
from posada.engine.world import World


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the day: its name, what happens in it, and the kernel that does it.

    The kernel takes the clock and the pieces of the world and of the chunk that ``uses`` names, in that order:
    what a step can read or change stands in the list. Called from here it runs as Python; see :func:`kernel_of_days`.
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
        "net rules bodies luck rates parts alone plans tally",
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
        "rules parts alone ends tally books",
    ),
)
"""The steps in the order in which they run. A day of the run is this list, once."""


@kernel
def _whole_days(clock: Clock, days: int, world: World, chunk: Chunk, luck: Luck, books: Books) -> None:
    for ahead in range(days):
        now = Clock(clock.day + ahead, clock.seed, clock.first, clock.page + ahead)
        apply_signals(
            now, world.net, world.roofs, world.pressures, luck, chunk.rates, chunk.plans, chunk.seats, chunk.tally
        )
        enter_and_join(now, world.rules, world.bodies, luck, chunk.rates, chunk.parts, chunk.ends)
        decide(now, world.net, world.fleet, world.rules, world.bodies, luck, chunk.rates, chunk.parts, chunk.plans)
        board(now, world.net, world.fleet, world.bodies, luck, chunk.rates, chunk.parts, chunk.plans, chunk.seats)
        travel(
            now,
            world.net,
            world.rules,
            world.bodies,
            luck,
            chunk.rates,
            chunk.parts,
            chunk.alone,
            chunk.plans,
            chunk.seats,
            chunk.tally,
            books,
        )
        arrive(
            now,
            world.net,
            world.rules,
            world.bodies,
            luck,
            chunk.rates,
            chunk.parts,
            chunk.alone,
            chunk.plans,
            chunk.tally,
        )
        lodge(now, world.net, world.rules, chunk.rates, chunk.parts, chunk.alone, chunk.tally, books)
        process(
            now,
            world.net,
            world.rules,
            world.bodies,
            chunk.rates,
            chunk.parts,
            chunk.alone,
            chunk.ends,
            chunk.plans,
            chunk.tally,
        )
        leave(now, world.rules, world.bodies, luck, chunk.rates, chunk.parts, chunk.alone, chunk.plans)
        account(now, world.rules, chunk.parts, chunk.alone, chunk.ends, chunk.tally, books)


def kernel_of_days(order: tuple[Step, ...]) -> Callable[[Clock, int, World, Chunk, Luck, Books], None]:
    """Return what runs an order of the day for some days: all of it compiled as one, or the steps of another order.

    As one, because a call from Python takes apart every record, which costs as much as a step.
    """
    return _whole_days if order == ORDER_OF_DAY else partial(_step_by_step, order)


def _step_by_step(order: tuple[Step, ...], clock: Clock, days: int, *whole: Any) -> None:
    world, chunk, luck, books = whole
    pieces = {**world._asdict(), **chunk._asdict(), "luck": luck, "books": books}
    for ahead in range(days):
        now = clock._replace(day=clock.day + ahead, page=clock.page + ahead)
        for step in order:
            step.run(now, *(pieces[name] for name in step.uses.split()))


def describe_order() -> str:
    """Return the order of the day as numbered lines."""
    return "\n".join(f"{number:2d}. {step.name}: {step.says}" for number, step in enumerate(ORDER_OF_DAY, start=1))
