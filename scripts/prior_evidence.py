"""What parameters are learned from: reports of other journeys, roads, places, and the readings made of them.

The journey of spring 2018, which the scenario ``caravan-2018`` is about, and the autumn of 2021, which is kept
apart for scoring, are never read.
"""

from __future__ import annotations

import ast
import csv
import datetime as dt
import heapq
import math
import operator
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

DATA = Path(__file__).resolve().parents[1] / "data" / "caravans"

SOURCE_OF_FILE = {
    "reports_autumn2018.csv": "other_autumn2018",
    "reports_jan2019.csv": "other_jan2019",
    "reports_apr2019.csv": "other_apr2019",
    "reports_jan2020.csv": "other_jan2020",
    "reports_2022_2024.csv": "other_2022_2024",
}
"""The files that may be read, with the source that a learned number then cites."""

HELD_BACK = (
    ("spring 2018", dt.date(2018, 1, 1), dt.date(2018, 9, 30)),
    ("autumn 2021", dt.date(2021, 9, 1), dt.date(2021, 12, 31)),
)
"""Days that no report may be about or come from."""


PASSED, RAIDED, KEPT_BACK, BORDER = "passed", "raided", "held_back", "border"

LIKENESS = {
    frozenset({PASSED}): 1.0,
    frozenset({RAIDED}): 1.0,
    frozenset({KEPT_BACK}): 1.0,
    frozenset({PASSED, RAIDED}): 0.5,
    frozenset({RAIDED, KEPT_BACK}): 0.5,
    frozenset({PASSED, KEPT_BACK}): 0.1,
}
"""What a journey counts for one that was handled as another was: let pass, raided, or held back by force or escorts.

A judgement. What is read of the northern border itself counts fully for all."""


class ReadingError(Exception):
    """A reading cannot be computed, or uses what is kept apart."""


@dataclass(frozen=True)
class Reading:
    """A figure for a rate, read from reports of one journey; with ``trials`` it is a count of successes."""

    rate: str
    journey: str
    counted_as: str
    value: float
    trials: float | None
    weight: float
    report_ids: tuple[str, ...]
    formula: str
    how: str


def read_table(path: Path) -> list[dict[str, str]]:
    """Return the rows of a CSV file."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


class Evidence:
    """Reports, roads and places, and the formulas that read them.

    Raises
    ------
    ReadingError
        When a file holds a report of, or from, a time that is kept apart.
    """

    def __init__(self, folder: Path = DATA) -> None:
        self.source_of: dict[str, str] = {}
        self._numbers: dict[str, float] = {}
        for name, source in SOURCE_OF_FILE.items():
            for row in read_table(folder / name):
                self._take(row, source)
        self._residents = {row["id"]: row["population"] for row in read_table(folder / "places.csv")}
        self._ways: dict[str, dict[str, float]] = defaultdict(dict)
        for row in read_table(folder / "roads.csv"):
            if row["mode"] == "road":
                self._ways[row["place_a"]][row["place_b"]] = float(row["km"])
                self._ways[row["place_b"]][row["place_a"]] = float(row["km"])

    def _take(self, row: Mapping[str, str], source: str) -> None:
        id_ = row["report_id"]
        for what, first, last in HELD_BACK:
            for column in ("published", "event_date"):
                if first <= dt.date.fromisoformat(row[column]) <= last:
                    raise ReadingError(f"report {id_} is of {what}, which is kept apart.")
        self.source_of[id_] = source
        for column, ending in (("value", ""), ("value_low", "_low"), ("value_high", "_high")):
            if row[column]:
                self._numbers[id_.replace("-", "_") + ending] = float(row[column])

    def km(self, start: str, end: str) -> float:
        """Return the length of the road between two places: the listed one, else the shortest over others."""
        if end in self._ways[start]:
            return self._ways[start][end]
        seen: set[str] = set()
        queue = [(0.0, start)]
        while queue:
            km, place = heapq.heappop(queue)
            if place == end:
                return km
            if place not in seen:
                seen.add(place)
                for onward, more in self._ways[place].items():
                    heapq.heappush(queue, (km + more, onward))
        raise ReadingError(f"there is no road from {start} to {end}.")

    def residents(self, place: str) -> float:
        """Return the residents of a place."""
        return float(self._residents[place])

    def evaluate(self, formula: str) -> tuple[float, tuple[str, ...]]:
        """Return the value of a formula and the reports in it.

        A formula holds numbers, ``+ - * /``, reports (``aut18_055`` is the value of report aut18-055, with
        ``_low`` or ``_high`` an end of its range) and ``km('a', 'b')``, ``pop('a')``, ``mid(a, b)``,
        ``sqrt(a)`` and ``per_day(share, days)``: the daily chance that adds up to a share over so many days.
        """
        used: list[str] = []
        value = self._value(ast.parse(formula, mode="eval").body, used)
        return value, tuple(dict.fromkeys(used))

    def _value(self, node: ast.AST, used: list[str]) -> float:
        operators: dict[type, Callable[[float, float], float]] = {
            ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
        }  # fmt: skip
        functions: dict[str, Callable[..., float]] = {
            "km": self.km,
            "pop": self.residents,
            "mid": lambda low, high: (low + high) / 2,
            "sqrt": math.sqrt,
            "per_day": lambda share, days: 1 - (1 - share) ** (1 / days),
        }
        match node:
            case ast.Constant(value=int() | float() as number):
                return float(number)
            case ast.BinOp(left=left, op=op, right=right) if type(op) in operators:
                return operators[type(op)](self._value(left, used), self._value(right, used))
            case ast.Name(id=name) if name in self._numbers:
                used.append(name.removesuffix("_low").removesuffix("_high").replace("_", "-"))
                return self._numbers[name]
            case ast.Call(func=ast.Name(id=name), args=arguments) if name in functions:
                given: list[Any] = [
                    inner.value if isinstance(inner, ast.Constant) else self._value(inner, used) for inner in arguments
                ]
                return functions[name](*given)
        raise ReadingError(f"'{ast.unparse(node)}' is neither a number nor a report with one.")


def read_readings(evidence: Evidence, handled: str = PASSED, folder: Path = DATA) -> tuple[Reading, ...]:
    """Return every reading of ``readings.csv``, computed.

    Parameters
    ----------
    handled : str
        How the journey that they are read for is handled, as far as known: it decides what each of the others counts.
    """
    weights = {
        row["id"]: 1.0 if row["handled"] == BORDER else LIKENESS[frozenset({handled, row["handled"]})]
        for row in read_table(folder / "journeys.csv")
    }
    readings = []
    for row in read_table(folder / "readings.csv"):
        named = tuple(part.strip() for part in row["reports"].split(";") if part.strip())
        unknown = [id_ for id_ in named if id_ not in evidence.source_of]
        if unknown:
            raise ReadingError(f"a reading of {row['rate']} names report {unknown[0]}, which may not be read.")
        value, used = evidence.evaluate(row["value"])
        reading = Reading(
            rate=row["rate"],
            journey=row["journey"],
            counted_as=row["counted_as"] or row["journey"],
            value=value,
            trials=float(row["trials"]) if row["trials"] else None,
            weight=weights[row["journey"]],
            report_ids=tuple(dict.fromkeys((*used, *named))),
            formula=row["value"],
            how=row["how"],
        )
        if not reading.report_ids:
            raise ReadingError(f"the reading '{row['value']}' of {row['rate']} names no report.")
        readings.append(reading)
    return tuple(readings)
