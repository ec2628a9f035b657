"""Charts: the fan of people per night with its bands, and the chance of arrival by day."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from posada.model.outlook import LEVELS
from posada.report import palette
from posada.report.days import short_day, weekday
from posada.report.numbers import people, people_range, percent, plain
from posada.report.shapes import line, polygon, put, rectangle, text, text_width

CHART_WIDTH = 360.0
FAN_HEIGHT, BARS_HEIGHT = 172.0, 92.0

_LEFT, _RIGHT = 40.0, 12.0
_TOP, _BOTTOM = 26.0, 30.0
_SMALL = 8.5
_LEAST_CHANCE = 0.01

BANDS = ((0.025, 0.975, palette.BAND_95), (0.1, 0.9, palette.BAND_80), (0.25, 0.75, palette.BAND_50))
"""Lower level, upper level and colour of each band, the widest first."""


@dataclass(frozen=True, slots=True)
class Span:
    """The days that a chart shows: ``dates[first:last]``."""

    first: int
    last: int


def span_of_interest(there: NDArray[np.bool_], least_days: int = 7, most_days: int = 42) -> Span:
    """Return the days from the first to the last on which something may happen, with a day on each side.

    Parameters
    ----------
    there
        Whether anybody may be there, or may arrive, ``(n_days,)``.
    least_days, most_days
        Bounds on the number of days shown; the first day is shown when it is near.
    """
    n_days = len(there)
    days = np.flatnonzero(there)
    if not days.size:
        return Span(0, min(n_days, least_days))
    first = 0 if days[0] <= least_days else int(days[0]) - 1
    last = min(int(days[-1]) + 2, first + most_days, n_days)
    first = max(min(first, last - least_days), 0)
    return Span(first, min(max(last, first + least_days), n_days))


def nice_ceiling(highest: float) -> tuple[float, float]:
    """Return the top of an axis and its step: at most five steps of 1, 2 or 5 times a power of ten."""
    if highest <= 0:
        return 10.0, 5.0
    power = 10.0 ** math.floor(math.log10(highest))
    for factor in (0.1, 0.2, 0.25, 0.5, 1.0, 2.0, 2.5, 5.0):
        step = max(factor * power, 1.0)
        if math.ceil(highest / step) <= 5:
            return math.ceil(highest / step) * step, step
    raise AssertionError(f"no axis for {highest}")


@dataclass(frozen=True, slots=True)
class _Axes:
    """Where days and values go: day ``i`` is a column of equal width, ``top`` the value at the upper end."""

    n_days: int
    top: float
    height: float

    @property
    def column(self) -> float:
        return (CHART_WIDTH - _LEFT - _RIGHT) / self.n_days

    def x(self, day: float) -> float:
        return _LEFT + (day + 0.5) * self.column

    def y(self, value: float) -> float:
        return _BOTTOM + min(value, self.top) / self.top * (self.height - _TOP - _BOTTOM)


def fan_chart(
    people_by_level: NDArray[np.float64], dates: Sequence[dt.date], language: str, *, labels: Sequence[str]
) -> Any:
    """Return the chart of people per night: median and bands of 50, 80 and 95 %.

    Parameters
    ----------
    people_by_level
        Quantiles, ``(n_levels, n_days)``, at :data:`posada.model.outlook.LEVELS`.
    dates
        The nights, ``(n_days,)``.
    language
        ``es`` or ``en``.
    labels
        What the axis counts, the word for the median, and what is said when nobody is expected.
    """
    from reportlab.graphics.shapes import Drawing

    axis_label, median_label, nobody = labels
    values = np.maximum(np.nan_to_num(people_by_level), 0.0)
    top, step = nice_ceiling(float(values[-1].max(initial=0.0)))
    axes = _Axes(len(dates), top, FAN_HEIGHT)
    drawing = Drawing(CHART_WIDTH, FAN_HEIGHT)
    _add_value_axis(drawing, axes, step, axis_label)
    if values[-1].max(initial=0.0) < 0.5:
        put(drawing, text(CHART_WIDTH / 2, FAN_HEIGHT / 2, nobody, size=10, anchor="middle"))
    else:
        _add_bands(drawing, axes, values)
        _add_fan_legend(drawing, median_label, language)
    _add_day_axis(drawing, axes, dates, language)
    return drawing


def _add_bands(drawing: Any, axes: _Axes, values: NDArray[np.float64]) -> None:
    for low, high, colour in BANDS:
        lower, upper = values[LEVELS.index(low)], values[LEVELS.index(high)]
        up = [c for i, v in enumerate(upper) for c in (axes.x(i), axes.y(float(v)))]
        down = [c for i in range(len(lower) - 1, -1, -1) for c in (axes.x(i), axes.y(float(lower[i])))]
        put(drawing, polygon(up + down, fill=colour))
    median = values[LEVELS.index(0.5)]
    put(
        drawing,
        line(
            [c for i, v in enumerate(median) for c in (axes.x(i), axes.y(float(v)))],
            stroke=palette.DARK_BLUE,
            stroke_width=2,
        ),
    )


def _add_fan_legend(drawing: Any, median_label: str, language: str) -> None:
    """Write the legend above the chart, from the right: median, 50, 80 and 95 %."""
    x = CHART_WIDTH - _RIGHT
    y = FAN_HEIGHT - 11
    for low, high, colour in BANDS:
        name = percent(high - low, "\N{NO-BREAK SPACE}" if language == "es" else "")
        x -= text_width(name, _SMALL)
        put(drawing, text(x, y, name, size=_SMALL))
        put(drawing, rectangle(x - 14, y - 1, 11, 8, fill=colour))
        x -= 22
    x -= text_width(median_label, _SMALL)
    put(drawing, text(x, y, median_label, size=_SMALL))
    put(drawing, line([x - 15, y + 3, x - 3, y + 3], stroke=palette.DARK_BLUE, stroke_width=2))


def _add_value_axis(drawing: Any, axes: _Axes, step: float, label: str) -> None:
    put(drawing, text(2, axes.height - 11, label, size=_SMALL, fill=palette.QUIET))
    for i in range(round(axes.top / step) + 1):
        y = axes.y(i * step)
        put(drawing, line([_LEFT, y, CHART_WIDTH - _RIGHT, y], stroke=palette.RULE, stroke_width=0.5 if i else 1.0))
        put(drawing, text(_LEFT - 4, y - 3, plain(i * step), size=_SMALL, anchor="end", fill=palette.QUIET))


def _add_day_axis(drawing: Any, axes: _Axes, dates: Sequence[dt.date], language: str) -> None:
    """Write days and, where every day has room, weekdays; Mondays else, or every second one."""
    column = axes.column
    widest = max(text_width(short_day(day, language), _SMALL) for day in dates) + 5
    every = max(1, math.ceil(widest / column))
    if every > 3:
        every = 7 * math.ceil(widest / column / 7)
    anchor_day = next((i for i, day in enumerate(dates) if day.weekday() == 0), 0) if every >= 7 else 0
    for i, day in enumerate(dates):
        x = axes.x(i)
        named = (i - anchor_day) % every == 0
        put(drawing, line([x, _BOTTOM, x, _BOTTOM - (4 if named else 2)], stroke=palette.QUIET, stroke_width=0.6))
        # A label at either end may not leave the sheet.
        if named and widest / 2 - 2 <= x <= CHART_WIDTH - widest / 2 + 2:
            put(drawing, text(x, _BOTTOM - 13, short_day(day, language), size=_SMALL, anchor="middle"))
            put(
                drawing, text(x, _BOTTOM - 23, weekday(day, language), size=_SMALL, anchor="middle", fill=palette.QUIET)
            )


def arrival_chart(
    probability_by_day: NDArray[np.float64],
    dates: Sequence[dt.date],
    language: str,
    *,
    label: str,
    nobody: str,
) -> Any:
    """Return bars with the chance, per day, that the main body arrives on it.

    Parameters
    ----------
    probability_by_day
        Unconditional chances, ``(n_days,)``, in 0-1.
    dates
        The days, ``(n_days,)``.
    """
    from reportlab.graphics.shapes import Drawing

    chances = np.nan_to_num(probability_by_day)
    drawing = Drawing(CHART_WIDTH, BARS_HEIGHT)
    axes = _Axes(len(dates), max(float(chances.max(initial=0.0)) * 1.25, 0.01), BARS_HEIGHT)
    put(drawing, text(2, BARS_HEIGHT - 11, label, size=_SMALL, fill=palette.QUIET))
    put(drawing, line([_LEFT, _BOTTOM, CHART_WIDTH - _RIGHT, _BOTTOM], stroke=palette.RULE, stroke_width=1.0))
    wide = axes.column >= text_width("88%", _SMALL) + 2
    likeliest = int(chances.argmax())
    for i, chance in enumerate(chances):
        if chance <= 0:
            continue
        top = axes.y(float(chance))
        fill = palette.BLUE if i == likeliest else palette.BAND_80
        put(drawing, rectangle(axes.x(i) - axes.column * 0.4, _BOTTOM, axes.column * 0.8, top - _BOTTOM, fill=fill))
        if i == likeliest or (wide and chance >= _LEAST_CHANCE):
            put(drawing, text(axes.x(i), top + 2, percent(float(chance)), size=_SMALL, anchor="middle"))
    if not chances.any():
        put(drawing, text(CHART_WIDTH / 2, BARS_HEIGHT / 2, nobody, size=10, anchor="middle"))
    _add_day_axis(drawing, axes, dates, language)
    return drawing


def fan_in_words(people_by_level: NDArray[np.float64], dates: Sequence[dt.date], language: str) -> list[str]:
    """Return, per night, the day, the median and the 80 % range, for a table or a screen reader."""
    rows = []
    for i, day in enumerate(dates):
        low, middle, high = (float(people_by_level[LEVELS.index(level), i]) for level in (0.1, 0.5, 0.9))
        if not math.isnan(middle):
            rows.append(f"{short_day(day, language)}: {people(middle)} ({people_range(low, high)})")
    return rows
