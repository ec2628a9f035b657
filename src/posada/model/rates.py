"""The catalogue of the model's uncertain numbers, and the record that gives one a distribution.

Every rate has a unit, bounds, a meaning and a default distribution. The defaults are project assumptions,
shown as such by ``check``; a scenario replaces them in ``parameters.csv``, with a source.
"""

from __future__ import annotations

from dataclasses import dataclass

from posada.model.distributions import DISTRIBUTIONS, Rate
from posada.model.fields import Kind, column, parse_decimal
from posada.model.rate_catalogue import ALL_RATES

__all__ = ["DISTRIBUTIONS", "DRAWN_BEFORE_THE_RUN", "RATES", "UNITS", "Parameter", "Rate"]

RATES: dict[str, Rate] = {rate.name: rate for rate in ALL_RATES}
"""The catalogue by name, in the order in which it is documented."""

UNITS = tuple(sorted({rate.unit for rate in RATES.values()}))


DRAWN_BEFORE_THE_RUN = tuple(
    name for name in RATES if name.startswith(("capacity_", "unreported_", "share_", "covered_m2_", "count_ratio_"))
)
"""Rates that are used once, when places, groups and sites are set up: a signal cannot change them later."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """The distribution of one rate in one scenario, with its source."""

    name: str = column(Kind.ID, "A rate of the catalogue.")
    distribution: str = column(Kind.CHOICE, "Its distribution.", options=tuple(DISTRIBUTIONS))
    values: str = column(Kind.TEXT, "The values of the distribution, separated by ';', in its order.")
    unit: str = column(Kind.CHOICE, "The unit of the rate, repeated for the reader.", options=UNITS)
    source: tuple[str, ...] = column(Kind.REFERENCES, "The sources of the row.", refers_to="sources")
    meaning: str | None = column(Kind.TEXT, "How the numbers were obtained.", default=None)

    def numbers(self) -> tuple[float, ...]:
        """Return the values as numbers.

        Raises
        ------
        ValueError
            When a value is not a finite number.
        """
        return tuple(parse_decimal(part) for part in self.values.split(";"))
