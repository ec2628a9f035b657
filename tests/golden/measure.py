"""The numbers of small runs that are kept, and how a difference is shown."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np

from posada.engine.dispersal.simulate import simulate_dispersal
from posada.engine.simulate import simulate_ensemble
from posada.io.folder import read_scenario

HERE = Path(__file__).parent
WORLDS = HERE.parent / "flee" / "worlds"
MEMBERS, SEED = 200, 7
DISPERSED, FEW = ("chance-capacity", "chance-foot-and-stints"), 20

RELATIVE_TOLERANCE = 1e-3
"""The last digit of a logarithm may differ between processors, and with it one member's choice now and then."""


def measure_valley() -> dict[str, float]:
    """Return the numbers by name, from the whole journey through the valley."""
    run = simulate_ensemble(read_scenario("valley"), members=MEMBERS, seed=SEED)
    walkers = run.group_ids.index("walkers")
    numbers: dict[str, float] = {}
    for place, name in enumerate(run.place_ids):
        there = run.main_place[:, :, walkers] == place
        comes = there.any(axis=1)
        numbers[f"{name}: share of members in which the walkers spend a night"] = comes.mean()
        if name != "alder" and comes.any():
            numbers[f"{name}: mean day of the walkers' first night"] = there.argmax(axis=1)[comes].mean()
        numbers[f"{name}: mean of the fullest night"] = run.people[:, :, place].max(axis=1).mean()
        numbers[f"{name}: mean nights without a covered place"] = run.without_roof[:, :, place].sum(axis=1).mean()
    for index, status in enumerate(run.status_ids):
        numbers[f"{status}: mean people who ever entered"] = run.entries[:, -1, index].mean()
    numbers["mean people together on day 10"] = run.together[:, 10].mean()
    numbers["mean nights between towns"] = run.under_way.sum(axis=1).mean()
    numbers["mean hour of arrival"] = float(np.nanmean(run.arrival_hour, dtype=np.float64))
    return {name: round(float(value), 6) for name, value in numbers.items()}


def measure_dispersal() -> dict[str, float]:
    """Return the numbers by name, from two small worlds of dispersed people: full camps, and short ways on foot."""
    numbers: dict[str, float] = {}
    for world in DISPERSED:
        run = simulate_dispersal(read_scenario(WORLDS / world), members=FEW, seed=SEED)
        for place, name in enumerate(run.place_ids):
            numbers[f"{world}, {name}: mean people on the last day"] = run.people[:, -1, place].mean()
            numbers[f"{world}, {name}: mean people on day 6"] = run.people[:, 6, place].mean()
        numbers[f"{world}: mean nights under way"] = run.under_way.sum(axis=1).mean()
        numbers[f"{world}: mean people who ever entered"] = run.entered[:, -1].mean()
    return {name: round(float(value), 6) for name, value in numbers.items()}


KEPT: dict[Path, Callable[[], dict[str, float]]] = {
    HERE / "valley.json": measure_valley,
    HERE / "dispersal.json": measure_dispersal,
}
"""The files that numbers are kept in, and what measures them."""


def read_kept(file: Path) -> dict[str, float]:
    """Return the numbers as they are kept."""
    kept: dict[str, float] = json.loads(file.read_text(encoding="utf-8"))
    return kept


def describe_difference(kept: dict[str, float], now: dict[str, float]) -> str:
    """Return one line per number that is new, gone or beyond the tolerance; empty when there is none."""
    lines = []
    for name in dict.fromkeys((*kept, *now)):
        before, after = kept.get(name), now.get(name)
        if before is None or after is None:
            lines.append(f"{name}: {'new' if before is None else 'gone'} ({after if before is None else before:g})")
        elif abs(after - before) > RELATIVE_TOLERANCE * max(abs(before), 1e-6):
            change = f" ({after / before - 1:+.1%})" if before else ""
            lines.append(f"{name}: {before:g} -> {after:g}{change}")
    return "\n".join(lines)
