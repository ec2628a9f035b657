"""A small plan with everything in it: vehicles, families, futures, a sensitive town and a sensitive site."""

from __future__ import annotations

import csv
import dataclasses
from pathlib import Path

from posada.io.folder import read_scenario, write_scenario
from posada.model.plan import PlanOptions
from posada.model.scenario import Scenario
from posada.ops.planning import PlanRequest

SECRET_TOWN, SECRET_NAME = "birch", "Quebradahonda"
SECRETS = (SECRET_NAME, "birch", "Birch", "House of the sisters", "cedar_house", "elm_warehouse_annex")
"""Names and identifiers that may be in no output: of the town, of what stands in it, of the site."""

FUTURES = (("low", 0.25, 300), ("likely", 0.5, 500), ("high", 0.25, 900))
_CLASSES = (("adults", 0.6), ("families", 0.32), ("limited_mobility", 0.06), ("medical", 0.02))
_WAY = ("alder", "birch", "cedar", "elm", "fir")


def secret_valley() -> Scenario:
    """Return the valley with verified vehicles in Alder, and with Birch as a place that may not be named."""
    valley = read_scenario("valley")
    places = tuple(
        dataclasses.replace(row, sensitive=True, name=SECRET_NAME) if row.id == SECRET_TOWN else row
        for row in valley.places
    )
    vans = dataclasses.replace(
        next(row for row in valley.vehicles if row.id == "elm_van"),
        id="alder_vans", place="alder", type="ambulance", count=2, seats=4, open_from=None, open_to=None,
        range_km=200.0, state="ready",
    )  # fmt: skip
    buses = dataclasses.replace(
        next(row for row in valley.vehicles if row.id == "birch_buses"),
        id="alder_buses", place="alder", count=3, range_km=200.0, state="ready", honoured_likely=0.8,
        source=("alder_council", "birch_civil_protection"),
    )  # fmt: skip
    vehicles = tuple(dataclasses.replace(row, verified=True) for row in (*valley.vehicles, buses, vans))
    return valley.replace(places=places, vehicles=vehicles)


def write_demand(path: Path) -> None:
    """Write three futures in which a group walks up the valley, two nights in each town."""
    with path.open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(["scenario", "weight", "date", "place", "class", "people", "onward", "next"])
        for name, weight, people in FUTURES:
            for step in range(2 * len(_WAY)):
                town = _WAY[step // 2]
                leaves = step % 2 == 1 and step + 1 < 2 * len(_WAY)
                for need, share in _CLASSES:
                    count = round(people * share / 4) * 4
                    onward = (count, _WAY[step // 2 + 1]) if leaves else ("", "")
                    rows.writerow([name, weight, f"2030-05-{step + 1:02d}", town, need, count, *onward])


def request(folder: Path, **more: object) -> PlanRequest:
    """Write scenario and demand into a folder, where they are not there, and return what is asked for."""
    if not (folder / "valley").exists():
        write_scenario(secret_valley(), folder / "valley")
        write_demand(folder / "people.csv")
    options = PlanOptions(near_days=4, time_limit_s=4.0)
    return PlanRequest(str(folder / "valley"), demand=str(folder / "people.csv"), options=options, **more)  # type: ignore[arg-type]
