"""The headline numbers of a town: each with its range, never bare, and marked where it is only indicative."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass

from posada.model.outlook import Band, Outlook, TownOutlook
from posada.report.days import Issue, day_range, hour_window, named_day, short_day
from posada.report.numbers import is_indicative, number_range, people, people_range, percent, plain, round_modelled
from posada.report.phrases import Phrases

NEARLY_ALWAYS = 0.995
"""From this share of members on, a number is not called conditional on their coming."""


@dataclass(frozen=True, slots=True)
class Headline:
    """A number as it is read: what it is, its most likely value, its range and remarks."""

    label: str
    value: str
    details: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """An uncertain number as text: its middle, its 80 % range, and whether the range is only indicative."""

    middle: str
    low_high: str
    indicative: bool


def shown_towns(outlook: Outlook) -> tuple[TownOutlook, ...]:
    """Return the towns that may be named: all but those marked sensitive."""
    return tuple(town for town in outlook.towns if not town.sensitive)


def show_band(band: Band, *, counts_people: bool = True) -> Shown | None:
    """Return an uncertain number as text, rounded; ``None`` when it is not defined in any member."""
    low, middle, high = band.at(0.1), band.at(0.5), band.at(0.9)
    if math.isnan(low) or math.isnan(middle) or math.isnan(high):
        return None
    wide = is_indicative(low, middle, high)
    if counts_people:
        return Shown(people(middle), people_range(low, high), wide)
    return Shown(plain(round_modelled(middle)), number_range(low, high), wide)


def is_here(town: TownOutlook, issue: Issue) -> bool:
    """Tell whether the group is taken to be in the town already on the night of the issue."""
    arrived = town.arrival.most_likely
    return arrived is not None and arrived <= issue.day and town.tonight.at(0.5) >= 0.5


def percent_in(phrases: Phrases, share: float) -> str:
    """Return a chance in percent, with the space before the sign that Spanish has."""
    return percent(share, "\N{NO-BREAK SPACE}" if phrases.language == "es" else "")


def arrival_days(town: TownOutlook) -> tuple[dt.date, dt.date] | None:
    """Return the first and the last day of the 80 % range of arrival, or ``None`` when nobody comes."""
    dates = town.arrival.dates
    return (dates[0.1], dates[0.9]) if 0.1 in dates and 0.9 in dates else None


def town_headlines(town: TownOutlook, issue: Issue, phrases: Phrases) -> tuple[Headline, ...]:
    """Return the headline numbers of a town in the order of the brief."""
    say = phrases.say
    fullest: tuple[str, ...] = ()
    if town.peak_night is not None:
        fullest = (say("headline.peak_night", day=short_day(town.peak_night, phrases.language)),)
    chance = percent_in(phrases, town.arrival.probability)
    return (
        Headline(say("headline.chance"), chance, (say("headline.chance_detail"),)),
        _arrival(town, issue, phrases),
        _counted("headline.tonight", town.tonight, phrases),
        _counted("headline.peak", town.peak, phrases, fullest),
        _counted("headline.nights", town.nights, phrases, counts_people=False),
        _counted("headline.short", town.places_short, phrases),
        _counted("headline.seats", town.onward_seats, phrases),
    )


def _arrival(town: TownOutlook, issue: Issue, phrases: Phrases) -> Headline:
    label = phrases.say("headline.arrival")
    arrival = town.arrival
    days = arrival_days(town)
    if arrival.most_likely is None or days is None:
        return Headline(label, phrases.say("headline.undefined"), (phrases.say("headline.arrival_none"),))
    details = []
    if is_here(town, issue):
        details.append(phrases.say("headline.arrival_here"))
    else:
        details.append(phrases.say("headline.arrival_range", days=day_range(*days, phrases.language)))
        if arrival.hours is not None:
            details.append(phrases.say("headline.arrival_hours", hours=hour_window(arrival.hours, phrases.language)))
    return Headline(label, named_day(arrival.most_likely, phrases.language), tuple(details))


def _counted(
    key: str, band: Band, phrases: Phrases, more: tuple[str, ...] = (), *, counts_people: bool = True
) -> Headline:
    shown = show_band(band, counts_people=counts_people)
    if shown is None:
        return Headline(phrases.say(key), phrases.say("headline.undefined"), ())
    details = [phrases.say("headline.range", low_high=shown.low_high)]
    if shown.indicative:
        details.append(phrases.say("indicative.mark"))
    if band.defined_share < NEARLY_ALWAYS:
        details.append(phrases.say("headline.if_they_come"))
    return Headline(phrases.say(key), shown.middle, (*details, *more))
