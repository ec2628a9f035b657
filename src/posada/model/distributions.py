"""Distributions by name, and the record of a rate that has one."""

from __future__ import annotations

from dataclasses import dataclass

DISTRIBUTIONS = {
    "constant": ("value",),
    "uniform": ("low", "high"),
    "triangular": ("low", "likely", "high"),
    "normal": ("mean", "sd"),
    "lognormal": ("median", "sigma_log"),
    "beta": ("alpha", "beta"),
}
"""Distributions by name, with the names of their values, in order."""


@dataclass(frozen=True, slots=True)
class Rate:
    """An entry of the catalogue: a number that is drawn once for each member of the ensemble.

    ``bounds`` are the lowest and the highest value that it may take, both included.
    """

    name: str
    unit: str
    bounds: tuple[float, float]
    distribution: str
    values: tuple[float, ...]
    meaning: str

    @property
    def minimum(self) -> float:
        """Lowest value it may take."""
        return self.bounds[0]

    @property
    def maximum(self) -> float:
        """Highest value it may take."""
        return self.bounds[1]
