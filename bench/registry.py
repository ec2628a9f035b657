"""The cases that are measured: sweeps of size, one axis at a time, and of severity from benign to nasty."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from bench.conflicts import conflict
from bench.worlds import caravan, corridor
from posada.model.scenario import Scenario

_MIDDLE = {"places": 60, "days": 90, "groups": 2, "transitions": 20}


@dataclass(frozen=True)
class Case:
    """One measurement: a scenario, and how many members of it are run."""

    sweep: str
    value: int
    members: int
    make: Callable[[], Scenario]

    @property
    def name(self) -> str:
        """Name by which a case is called."""
        return f"{self.sweep}={self.value}"


def _sweep(axis: str, values: tuple[int, ...]) -> list[Case]:
    return [Case(axis, value, 1000, partial(corridor, **{**_MIDDLE, axis: value})) for value in values]


CASES: tuple[Case, ...] = (
    *(Case("members", members, members, caravan) for members in (100, 1000, 10_000)),
    *(Case("people factor", factor, 2000, partial(caravan, factor)) for factor in (1, 10, 100, 1000)),
    *_sweep("days", (30, 90, 180)),
    *_sweep("places", (15, 60, 240)),
    *_sweep("groups", (1, 2, 8)),
    *_sweep("transitions", (0, 20, 80)),
    *_sweep("vehicles", (0, 20, 100)),
    *_sweep("signals", (0, 20, 80)),
    *(Case("large conflict", members, members, conflict) for members in (1, 4)),
)
"""Size: members, people, days, places, groups. Severity: transitions, vehicles and signals of a busy scenario.

The large conflict has 1,000 places, 3,000 routes, 1,000 days and 50 million people who set out.
"""
