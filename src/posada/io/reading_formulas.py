"""Formulas of readings: arithmetic over the figures of reports, the roads and the residents of places."""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from posada.model.errors import InvalidValueError, nearest_hint
from posada.model.geography import Route
from posada.model.shortest_ways import shortest_ways

_OPERATORS: dict[type, Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}

_ENDS = ("_low", "_high")


class Formulas:
    """What formulas can name: figures of reports, roads and places.

    A formula holds numbers, ``+ - * /``, reports (``aut18_055`` is the value of report aut18-055, with ``_low`` or
    ``_high`` an end of its range) and ``km('a', 'b')``, ``pop('a')``, ``mid(a, b)``, ``sqrt(a)`` and
    ``per_day(share, days)``: the daily chance that adds up to a share over so many days.

    Parameters
    ----------
    figures : mapping
        Figures of reports by name, as they stand in a formula.
    kept_apart : mapping
        Why a report must not be used, by its name in a formula.
    residents : mapping
        Residents of places; ``None`` where they are not known.
    roads : iterable
        Pairs of places with the kilometres between them.
    """

    def __init__(
        self,
        figures: Mapping[str, float],
        kept_apart: Mapping[str, str],
        residents: Mapping[str, float | None],
        roads: Iterable[tuple[str, str, float]],
    ) -> None:
        self._figures = figures
        self._kept_apart = kept_apart
        self._residents = residents
        self._listed_km: dict[tuple[str, str], float] = {}
        for start, end, km in roads:
            self._listed_km[start, end] = self._listed_km[end, start] = km
        ends = dict.fromkeys(place for pair in self._listed_km for place in pair)
        self._places = {place: index for index, place in enumerate(ends)}
        self._functions: dict[str, Callable[..., float]] = {
            "km": self.km,
            "pop": self.residents,
            "mid": lambda low, high: (low + high) / 2,
            "sqrt": math.sqrt,
            "per_day": lambda share, days: 1 - (1 - share) ** (1 / days),
        }

    def km(self, start: str, end: str) -> float:
        """Return the length of the road between two places: the listed one, else the shortest over others."""
        for place in (start, end):
            if place not in self._places:
                raise InvalidValueError(f"there is no road to '{place}'. {nearest_hint(place, self._places)}")
        if (start, end) in self._listed_km:
            return self._listed_km[start, end]
        km = float(self._shortest_km[self._places[start], self._places[end]])
        if math.isfinite(km):
            return km
        raise InvalidValueError(f"there is no road from '{start}' to '{end}'.")

    @cached_property
    def _shortest_km(self) -> NDArray[np.float64]:
        listed = (Route(start, end, km, "road", ()) for (start, end), km in self._listed_km.items())
        return shortest_ways(listed, self._places)[0]

    def residents(self, place: str) -> float:
        """Return the residents of a place."""
        if place not in self._residents:
            raise InvalidValueError(f"there is no place '{place}'. {nearest_hint(place, self._residents)}")
        found = self._residents[place]
        if found is None:
            raise InvalidValueError(f"nobody says how many residents '{place}' has.")
        return found

    def evaluate(self, formula: str) -> tuple[float, tuple[str, ...]]:
        """Return the value of a formula and the reports in it.

        Raises
        ------
        InvalidValueError
            When it is none, names something that is not known or is kept apart, or has no finite value.
        """
        used: list[str] = []
        try:
            value = self._value(ast.parse(formula.strip(), mode="eval").body, used)
        except (SyntaxError, TypeError, RecursionError) as fault:
            raise InvalidValueError(f"'{formula}' is no formula: {fault}.") from None
        except (ArithmeticError, ValueError) as fault:
            if isinstance(fault, InvalidValueError):
                raise
            raise InvalidValueError(f"'{formula}' has no value: {fault}.") from None
        if isinstance(value, complex) or not math.isfinite(value):
            raise InvalidValueError(f"'{formula}' has no finite value.")
        return value, tuple(dict.fromkeys(used))

    def _value(self, node: ast.AST, used: list[str]) -> float:
        match node:
            case ast.Constant(value=int() | float() as number):
                return float(number)
            case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATORS:
                return _OPERATORS[type(op)](self._value(left, used), self._value(right, used))
            case ast.Name(id=name):
                return self._figure(name, used)
            case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]):
                if name not in self._functions:
                    raise InvalidValueError(f"there is no '{name}'. {nearest_hint(name, self._functions)}")
                given: list[Any] = [
                    inner.value if isinstance(inner, ast.Constant) else self._value(inner, used) for inner in arguments
                ]
                return self._functions[name](*given)
        raise InvalidValueError(f"'{ast.unparse(node)}' is neither a number nor a report with one.")

    def _figure(self, name: str, used: list[str]) -> float:
        plain = name
        for end in _ENDS:
            plain = plain.removesuffix(end)
        if plain in self._kept_apart:
            raise InvalidValueError(self._kept_apart[plain])
        if name not in self._figures:
            raise InvalidValueError(
                f"'{name}' is neither a number nor a report with one. {nearest_hint(name, self._figures)}"
            )
        used.append(plain.replace("_", "-"))
        return self._figures[name]
