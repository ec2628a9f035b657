"""The figures of an outlook, in one language: built once, put on the HTML page and on the PDF page alike."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from posada.model.outlook import LEVELS, Outlook, TownOutlook
from posada.report.brief import Figure
from posada.report.charts import Span, arrival_chart, fan_chart, fan_in_words, span_of_interest
from posada.report.days import Issue, short_day
from posada.report.edition import Edition
from posada.report.headlines import percent_in, shown_towns
from posada.report.maps import corridor_map, neighbourhood_map
from posada.report.numbers import people
from posada.report.phrases import Phrases

_LEAST_CHANCE_IN_WORDS = 0.005
_LEAST_CHANCE_TO_EXPLAIN = 0.05
_LEAST_PEOPLE = 0.5
_LEAST_SHARE_OF_PEAK = 0.04
"""A long tail of few people who stay would press the days that matter together."""

_CORRIDOR_MAP_HEIGHT = 305.0


def fan_figure(
    people_by_level: NDArray[np.float64],
    outlook: Outlook,
    phrases: Phrases,
    *,
    title: str,
    span: Span,
) -> Figure:
    """Return the chart of people per night over some nights."""
    values, dates = _cut(people_by_level, outlook, span)
    labels = tuple(phrases.say(f"chart.{key}") for key in ("people_axis", "median", "nobody"))
    rows = fan_in_words(values, dates, phrases.language)
    return Figure(
        key="fan",
        title=title,
        description=phrases.say("chart.fan_desc", rows="; ".join(rows)),
        caption=phrases.say("chart.fan_caption"),
        drawing=fan_chart(values, dates, phrases.language, labels=labels),
    )


def town_fan_figure(town: TownOutlook, outlook: Outlook, phrases: Phrases, span: Span) -> Figure:
    """Return the chart of people per night in a town; it says so when only the date keeps the median at nobody."""
    title = phrases.say("chart.fan_title", town=town.name)
    figure = fan_figure(town.people, outlook, phrases, title=title, span=span)
    medians = np.nan_to_num(town.people[LEVELS.index(0.5)])
    if medians.max(initial=0.0) < 0.5 and town.arrival.probability >= _LEAST_CHANCE_TO_EXPLAIN:
        return replace(figure, caption=f"{figure.caption} {phrases.say('chart.fan_uncertain')}")
    return figure


def arrival_figure(town: TownOutlook, outlook: Outlook, phrases: Phrases, span: Span) -> Figure:
    """Return the chart of the chance of arrival by day, over the same days as the fan above it."""
    chances, dates = _cut(town.arrival.probability_by_day, outlook, span)
    rows = [
        f"{short_day(day, phrases.language)}: {percent_in(phrases, float(chance))}"
        for day, chance in zip(dates, chances, strict=True)
        if chance >= _LEAST_CHANCE_IN_WORDS
    ]
    return Figure(
        key="bars",
        title=phrases.say("chart.bars_title", town=town.name),
        description=phrases.say("chart.bars_desc", rows="; ".join(rows) or phrases.say("chart.nobody")),
        caption=phrases.say("chart.bars_caption"),
        drawing=arrival_chart(
            chances,
            dates,
            phrases.language,
            label=phrases.say("chart.chance_axis"),
            nobody=phrases.say("chart.nobody"),
        ),
    )


def town_map_figure(town: TownOutlook, edition: Edition) -> Figure:
    """Return the map around a town: its neighbours with their most likely day of arrival."""
    phrases = edition.phrases
    shown = shown_towns(edition.outlook)
    points = [
        point._replace(highlighted=True) if other is town else point
        for point, other in zip(edition.points, shown, strict=True)
    ]
    near = sorted(points, key=lambda p: math.hypot(p.lat - town.lat, p.lon - town.lon))[1:7]
    words = ", ".join(f"{p.name} ({p.note})" if p.note else p.name for p in near)
    return Figure(
        key="map",
        title=phrases.say("map.town_title", town=town.name),
        description=phrases.say("map.town_desc", town=town.name, towns=words),
        caption=phrases.say("map.town_caption"),
        drawing=neighbourhood_map(points, edition.countries),
    )


def corridor_map_figure(edition: Edition) -> Figure:
    """Return the map of the whole corridor."""
    phrases = edition.phrases
    points = [point._replace(note="") for point in edition.points]
    words = ", ".join(f"{p.name} {people(p.people)}" for p in points)
    return Figure(
        key="map",
        title=phrases.say("map.corridor_title"),
        description=phrases.say("map.corridor_desc", n=len(points), towns=words),
        caption=phrases.say("map.corridor_caption"),
        drawing=corridor_map(points, edition.countries, height=_CORRIDOR_MAP_HEIGHT),
    )


def chart_span(
    people_by_level: NDArray[np.float64], outlook: Outlook, arrival: tuple[dt.date, dt.date] | None = None
) -> Span:
    """Return the days that a chart shows: those with people, and the range of arrival; none before the issue."""
    today = Issue.of(outlook.stamp, outlook.dates[0]).day
    skipped = outlook.dates.index(today) if today in outlook.dates else 0
    highest = np.nan_to_num(people_by_level[-1])
    there = highest >= max(_LEAST_PEOPLE, _LEAST_SHARE_OF_PEAK * float(highest.max(initial=0.0)))
    if arrival is not None:
        there = there | np.array([arrival[0] <= day <= arrival[1] for day in outlook.dates])
    inner = span_of_interest(there[skipped:])
    return Span(inner.first + skipped, inner.last + skipped)


def _cut(values: NDArray[np.float64], outlook: Outlook, span: Span) -> tuple[NDArray[np.float64], tuple[dt.date, ...]]:
    return values[..., span.first : span.last], outlook.dates[span.first : span.last]
