"""The message text of a town: time of issue first, no link, no image, never more than 700 characters."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from posada.model.errors import InvalidValueError
from posada.model.outlook import Outlook, Stamp, TownOutlook
from posada.report.days import (
    Issue,
    clock,
    day_range,
    hour_window,
    message_day,
    relative_day,
)
from posada.report.headlines import arrival_days, is_here, percent_in, show_band
from posada.report.phrases import Phrases
from posada.report.stock import Stock, town_stock

MAX_CHARACTERS = 700
_MAX_NAME = 48


@dataclass(frozen=True, slots=True)
class _Part:
    """A sentence of the message; the highest ``rank`` is left out first, rank 0 never."""

    rank: int
    text: str


def message_text(outlook: Outlook, town_id: str, language: str) -> str:
    """Return the message of a town, ready to paste, of at most 700 characters.

    Sentences that do not fit are left out whole, the least needed first: suggested actions, nights, what is
    promised, what is ready, what is missing. Time, arrival, number of people and classification always stay.

    Raises
    ------
    UnknownNameError
        When the town or the language is not known.
    InvalidValueError
        When the town is marked sensitive: nothing about it may be sent on.
    """
    town = outlook.town(town_id)
    if town.sensitive:
        raise InvalidValueError(f"'{town_id}' is marked sensitive: no message is written about it")
    phrases = Phrases(language)
    issue = Issue.of(outlook.stamp, outlook.dates[0])
    return compose_message(town, outlook.stamp, issue, town_stock(town, phrases), phrases)


def reference(stamp: Stamp, place_id: str | None = None) -> str:
    """Return the short code by which an issue is quoted: scenario hash, seed and as-of day."""
    day = f"-{stamp.as_of:%y%m%d}" if stamp.as_of else ""
    return f"{stamp.scenario_hash[:8]}-{stamp.seed}{day}" + (f"-{place_id}" if place_id else "")


def compose_message(town: TownOutlook, stamp: Stamp, issue: Issue, stock: Stock, phrases: Phrases) -> str:
    """Return the message from what is known of a town; see :func:`message_text`."""
    parts = [_Part(0, _start(town, issue, phrases))]
    parts += _arrival(town, issue, phrases)
    parts += _basis(town, phrases)
    parts += _stock_parts(stock, phrases)
    end = phrases.say(
        "message.end",
        classification=phrases.word("classification", stamp.classification)[:20],
        version=stamp.version[:20],
        reference=reference(stamp)[:40],
    )
    parts.append(_Part(0, end))
    return _fit(parts)


def _fit(parts: list[_Part]) -> str:
    """Join the sentences, leaving out whole ones until the text is short enough."""
    kept = list(parts)
    while len(text := " ".join(part.text for part in kept)) > MAX_CHARACTERS:
        last = max(kept, key=lambda part: part.rank)
        if last.rank == 0:
            raise AssertionError(f"the parts that must stay have {len(text)} characters")
        kept.remove(last)
    return text


def _start(town: TownOutlook, issue: Issue, phrases: Phrases) -> str:
    name = town.name if len(town.name) <= _MAX_NAME else town.name[: _MAX_NAME - 1] + "…"
    expires = _moment(issue.expires_at, phrases.language, beside=issue.issued_at)
    return phrases.say(
        "message.start",
        exercise=phrases.say("message.exercise") if issue.exercise else "",
        town=name,
        issued=_moment(issue.issued_at, phrases.language),
        expires=expires,
    )


def _moment(moment: dt.datetime, language: str, beside: dt.datetime | None = None) -> str:
    """Return ``14/11 18:00``; midnight as 24:00 of its day; the day is left out when it follows from ``beside``."""
    if beside is not None and moment - beside < dt.timedelta(hours=24):
        return f"{moment:%H:%M}" if moment.hour or moment.minute else "24:00"
    if moment.hour == moment.minute == 0:
        day = (moment - dt.timedelta(days=1)).date()
        return f"{message_day(day, language)}{'/' if language == 'es' else ' '}{day.year} 24:00"
    return f"{message_day(moment.date(), language)} {clock(moment)}"


def _arrival(town: TownOutlook, issue: Issue, phrases: Phrases) -> list[_Part]:
    say, language = phrases.say, phrases.language
    days = arrival_days(town)
    here = is_here(town, issue)
    shown = show_band(town.tonight if here else town.peak)
    if town.arrival.most_likely is None or days is None or shown is None:
        return [_Part(0, say("message.none"))]
    if here:
        text = say("message.here", low_high=shown.low_high, middle=shown.middle)
    else:
        hours = town.arrival.hours
        text = say(
            "message.arrival",
            day=relative_day(town.arrival.most_likely, issue.day, language),
            days=say("headline.arrival_range", days=day_range(*days, language)),
            chance=say("message.chance", percent=percent_in(phrases, town.arrival.probability)),
            hours=say("message.hours", hours=hour_window(hours, language)) if hours else "",
            low_high=shown.low_high,
            middle=shown.middle,
        )
    parts = [_Part(0, text)]
    if shown.indicative:
        parts.append(_Part(0, say("message.indicative")))
    nights = show_band(town.nights, counts_people=False)
    if nights is not None:
        parts.append(_Part(8, say("message.nights", low_high=nights.low_high)))
    return parts


def _basis(town: TownOutlook, phrases: Phrases) -> list[_Part]:
    n = len(town.statements)
    if n == 0:
        return []
    return [_Part(5, phrases.say("message.basis_one" if n == 1 else "message.basis", n=n))]


def _stock_parts(stock: Stock, phrases: Phrases) -> list[_Part]:
    say = phrases.say
    ready = ", ".join(stock.ready_short) or say("message.nothing")
    parts = [_Part(4, say("message.ready", things=ready))]
    if stock.missing_short:
        parts.append(_Part(1, say("message.missing", things=", ".join(stock.missing_short))))
    if stock.unreported:
        parts.append(_Part(6, say("stock.not_reported", things=", ".join(stock.unreported))))
    if stock.promised_short:
        parts.append(_Part(3, say("message.promised", things=", ".join(stock.promised_short))))
    if stock.actions:
        parts.append(_Part(9, say("message.action", things=", ".join(stock.actions))))
    return parts
