"""The picture of prior and posterior: what the other journeys made of each parameter, and their readings."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from xml.sax.saxutils import escape

import numpy as np

from posada.engine.luck import Law
from posada.engine.world import Floats
from posada.forecast.journey_priors import Learned

LEVELS = np.array([0.1, 0.5, 0.9])
LEFT, RIGHT, TOP, ROW = 250.0, 610.0, 58.0, 24.0
WIDTH = 700
PRIOR, POSTERIOR, READING = "#999999", "#0b5fa5", "#222222"


def prior_picture(learned: Sequence[Learned]) -> str:
    """Return an SVG with a row for each parameter that has readings.

    The upper line is the default from its 10 % to its 90 % quantile, the lower one what was learned, each with a mark
    at its median; ticks between them are the readings. Each row has a scale of its own, from the least to the greatest
    of all these.
    """
    told = [one for one in learned if one.readings]
    height = int(TOP + ROW * len(told))
    title = "Parameters of journeys: default, what was learned, readings"
    says = (
        "For each parameter a grey line from the 10 % to the 90 % quantile of its default, below it a blue one of what "
        "was learned, a mark at each median, and ticks for the readings of other journeys."
    )
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="learned-title learned-desc" '
        f'viewBox="0 0 {WIDTH} {height}" font-family="Helvetica,Arial,sans-serif">'
        f'<title id="learned-title">{title}</title><desc id="learned-desc">{says}</desc>'
        f'<rect x="0" y="0" width="{WIDTH}" height="{height}" fill="#ffffff"/>'
        f'<text x="12" y="20" font-size="13" font-weight="bold" fill="{READING}">{title}</text>'
        '<text x="12" y="36" font-size="10" fill="#555555">grey: default, 80 %; blue: learned, 80 %; ticks: readings; '
        "each row has a scale of its own</text>"
    )
    return "\n".join([head, *(_row(one, TOP + ROW * at) for at, one in enumerate(told)), "</svg>\n"])


def _row(one: Learned, y: float) -> str:
    rate = one.rate
    prior, posterior = (
        Law(law, values, rate.minimum, rate.maximum).quantile(LEVELS)
        for law, values in ((rate.distribution, rate.values), (one.law, one.values))
    )
    readings = np.array([row.value / (row.trials or 1.0) for row in one.readings if row.rate == rate.name])
    shown = np.concatenate([prior, posterior, readings])
    low, high = float(shown.min()), float(shown.max())

    def x(value: float) -> float:
        return round(LEFT + (RIGHT - LEFT) * (value - low) / (high - low), 1)

    ticks = "".join(f"M{x(value)} {y - 4}v8" for value in readings)
    return (
        f'<text x="{LEFT - 50}" y="{y + 4}" font-size="10" text-anchor="end" fill="{READING}">'
        f"{escape(rate.name)}</text>"
        f'<text x="{LEFT - 8}" y="{y + 4}" font-size="9" text-anchor="end" fill="#555555">{_shown(low)}</text>'
        f'<text x="{RIGHT + 8}" y="{y + 4}" font-size="9" fill="#555555">{_shown(high)} {escape(rate.unit)}</text>'
        f"{_line(prior, x, y - 6, PRIOR)}{_line(posterior, x, y + 6, POSTERIOR)}"
        f'<path d="{ticks}" stroke="{READING}" stroke-width="1" stroke-opacity="0.6"/>'
    )


def _shown(value: float) -> str:
    return f"{float(f'{value:.3g}'):g}"


def _line(ends: Floats, x: Callable[[float], float], y: float, colour: str) -> str:
    low, middle, high = (x(float(value)) for value in ends)
    return (
        f'<line x1="{low}" y1="{y}" x2="{high}" y2="{y}" stroke="{colour}" stroke-width="3"/>'
        f'<circle cx="{middle}" cy="{y}" r="3.5" fill="{colour}"/>'
    )
