"""A made-up conflict of any size: a country with towns at war, its neighbours with camps, borders that close."""

from __future__ import annotations

import datetime as dt

import numpy as np
from scipy.spatial import cKDTree

from posada.model.displacement import Closure, Conflict, Movement
from posada.model.geography import Place, Route
from posada.model.scenario import Scenario
from posada.model.statements import Report, Source
from posada.model.tables import Settings

FIRST = dt.date(2030, 1, 1)
_SOURCE = ("made_up",)


def conflict(
    *,
    places: int = 1000,
    routes: int = 3000,
    days: int = 1000,
    people: int = 50_000_000,
    spawn_mode: str = "constant",
    semantics: str = "posada",
    awareness_steps: int = 1,
) -> Scenario:
    """Return a conflict in which so many people set out until the last day.

    Places lie about 30 km apart in a square; its western half is the country in conflict, its eastern half are
    four neighbours. In the west one place in five is at war, from a day in the first half of the time; in the
    east two in five are camps. Each of the four borders closes once and reopens, and one route in a
    hundred opens late.
    """
    side = 30.0 / 111.2 * places**0.5
    luck = np.random.Generator(np.random.Philox(key=places))
    columns = int(np.ceil(places**0.5))
    at = np.array([divmod(number, columns) for number in range(places)], float)[:, ::-1]
    at = (at + luck.uniform(-0.35, 0.35, at.shape)) * 30.0 / 111.2
    west = at[:, 0] < side / 2
    quarter = np.minimum((at[:, 1] / side * 4).astype(int), 3)
    country = ["home" if here else f"land{number}" for here, number in zip(west, quarter, strict=True)]
    kinds = ["camp" if not here and number % 5 < 2 else "town" for number, here in enumerate(west)]
    names = [f"place{number:05d}" for number in range(places)]
    at_war = [number for number in range(places) if west[number] and number % 5 == 0]
    rows = tuple(
        Place(
            names[number], names[number], country[number], float(at[number, 1]), 20.0 + float(at[number, 0]),
            kinds[number], _SOURCE, population=200_000 if kinds[number] == "town" else None,
            capacity=people // places if kinds[number] == "camp" and number % 2 else None,
        )
        for number in range(places)
    )  # fmt: skip
    begins = {number: int(luck.integers(0, max(days // 2, 1))) * (index > 0) for index, number in enumerate(at_war)}
    days_at_war = sum(days - day for day in begins.values())
    from_registrations = spawn_mode == "from_registrations"
    return Scenario(
        settings=Settings("bench", "Made-up conflict", FIRST, FIRST + dt.timedelta(days=days - 1)),
        movement=Movement(
            semantics=semantics,
            spawn_mode=spawn_mode,
            displaced_per_conflict_day=None if from_registrations else people / days_at_war,
            awareness_steps=awareness_steps,
        ),
        places=rows,
        routes=_routes(names, at, routes, days),
        conflicts=tuple(
            Conflict(names[number], FIRST + dt.timedelta(days=day), 1.0, _SOURCE) for number, day in begins.items()
        ),
        closures=tuple(
            Closure("country", "home", _SOURCE, f"land{number}", _day(days, 2 + number, 10), _day(days, 4 + number, 10))
            for number in range(4)
            if f"land{number}" in country
        ),
        reports=_registrations(names, kinds, days, people) if from_registrations else (),
        sources=(Source("made_up", "Posada", "Invented for the benchmark", 1.0, FIRST),),
    )


def _day(days: int, part: int, parts: int) -> dt.date:
    return FIRST + dt.timedelta(days=days * part // parts)


def _routes(names: list[str], at: np.ndarray, wanted: int, days: int) -> tuple[Route, ...]:
    """Return the shortest routes between neighbours, as many as wanted; one in a hundred opens late."""
    _, near = cKDTree(at).query(at, k=min(13, len(names)))
    pairs = {tuple(sorted((a, int(b)))) for a, row in enumerate(near) for b in row[1:]}
    km = {pair: float(np.hypot(*(at[pair[0]] - at[pair[1]]))) * 111.2 for pair in pairs}
    chosen = sorted(sorted(pairs, key=lambda pair: (km[pair], pair))[:wanted])
    return tuple(
        Route(
            names[a], names[b], round(max(km[a, b] * 1.3, 1.0), 1), "road", _SOURCE,
            open_from=_day(days, 1 + number // 100 % 20, 40) if number % 100 == 0 else None,
        )
        for number, (a, b) in enumerate(chosen)
    )  # fmt: skip


def _registrations(names: list[str], kinds: list[str], days: int, people: int) -> tuple[Report, ...]:
    """Return a count of every camp for each month, that rises evenly to all people."""
    camps = [name for name, kind in zip(names, kinds, strict=True) if kind == "camp"]
    return tuple(
        Report(
            f"{camp}-{day}", FIRST + dt.timedelta(days=day), FIRST + dt.timedelta(days=day), "registered", "people",
            "un", True, _SOURCE, place=camp, value=float(people // len(camps) * day // max(days - 1, 1)),
        )
        for camp in camps
        for day in (*range(0, days - 1, 30), days - 1)
    )  # fmt: skip
