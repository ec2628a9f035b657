"""Made-up journeys of any size, and the bundled one with any number of people."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from itertools import pairwise

from posada.io.folder import read_scenario
from posada.model.geography import Place, Route
from posada.model.journeys import Group, Status, Transition
from posada.model.offers import Site, Vehicle
from posada.model.scenario import Scenario
from posada.model.statements import Signal, Source
from posada.model.tables import Settings

FIRST = dt.date(2030, 5, 1)
_SOURCE = ("made_up",)


def corridor(
    *, places: int, days: int, groups: int, transitions: int, vehicles: int = 0, signals: int = 0, people: int = 1200
) -> Scenario:
    """Return a line of towns 30 km apart that ends at a border, with groups that set out a day apart."""
    names = [f"town{number:04d}" for number in range(places)]
    kinds = ["town"] * (places - 1) + ["border_crossing"]
    return Scenario(
        settings=Settings("bench", "Made-up corridor", FIRST, FIRST + dt.timedelta(days=days - 1)),
        places=tuple(
            Place(name, name, "MEX", 15.0 + number * 0.2, -95.0, kind, _SOURCE, population=20_000)
            for number, (name, kind) in enumerate(zip(names, kinds, strict=True))
        ),
        routes=tuple(Route(a, b, 30.0, "road", _SOURCE) for a, b in pairwise(names)),
        groups=tuple(
            Group(
                f"g{number}",
                f"g{number}",
                names[0],
                FIRST + dt.timedelta(days=number),
                people // 2,
                people,
                people * 2,
                names[-1],
                _SOURCE,
            )
            for number in range(groups)
        ),
        sites=tuple(Site(f"s{name}", name, "church", "church", True, _SOURCE) for name in names[::2]),
        vehicles=tuple(
            Vehicle(f"v{number}", names[number % places], "bus", 3, 40, _SOURCE, range_km=60.0)
            for number in range(vehicles)
        ),
        statuses=(
            Status("travelling", "On the way.", "travelling", _SOURCE, initial=True),
            Status("stayed", "Settled.", "final", _SOURCE),
        ),
        procedure=tuple(
            Transition(f"t{number}", "travelling", "stayed", "hazard_per_day", 0.0, 0.001, 0.002, source=_SOURCE)
            for number in range(transitions)
        ),
        signals=tuple(
            Signal(
                FIRST + dt.timedelta(days=number),
                f"signal {number}",
                "rest_probability_per_day",
                0.9,
                1.0,
                1.1,
                _SOURCE,
            )
            for number in range(signals)
        ),
        sources=(Source("made_up", "Posada", "Invented for the benchmark", 1.0, FIRST),),
    )


def caravan(people_factor: int = 1) -> Scenario:
    """Return the bundled journey from its first day, with every group so many times larger."""
    scenario = read_scenario("caravan-2018")
    groups = tuple(
        replace(
            group,
            size_low=group.size_low * people_factor,
            size_likely=group.size_likely * people_factor,
            size_high=group.size_high * people_factor,
        )
        for group in scenario.groups
    )
    return scenario.replace(groups=groups)
