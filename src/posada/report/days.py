"""Days and hours as people write them, in Spanish and in English, from own tables: no locale is needed."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import dataclass

from posada.model.errors import UnknownNameError
from posada.model.outlook import Stamp

VALID_HOURS = 12
"""How long a forecast stands before a new one should have been made."""

_MONTHS = {
    "es": (
        "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre",
        "noviembre", "diciembre",
    ),
    "en": (
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
        "November", "December",
    ),
}  # fmt: skip

_WEEKDAYS = {
    "es": ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}


def _names(table: Mapping[str, tuple[str, ...]], language: str) -> tuple[str, ...]:
    if language not in table:
        raise UnknownNameError("language", language, table)
    return table[language]


def month(day: dt.date, language: str) -> str:
    """Return the short name of the month: ``abr``, ``Apr``."""
    return _names(_MONTHS, language)[day.month - 1][:3]


def weekday(day: dt.date, language: str) -> str:
    """Return the short name of the weekday: ``jue``, ``Thu``."""
    return _names(_WEEKDAYS, language)[day.weekday()][:3]


def short_day(day: dt.date, language: str) -> str:
    """Return ``5 abr``, ``5 Apr``."""
    return f"{day.day} {month(day, language)}"


def named_day(day: dt.date, language: str) -> str:
    """Return ``jue 5 abr``, ``Thu 5 Apr``."""
    return f"{weekday(day, language)} {short_day(day, language)}"


def full_day(day: dt.date, language: str) -> str:
    """Return ``5 abr 2018``, ``5 Apr 2018``."""
    return f"{short_day(day, language)} {day.year}"


def message_day(day: dt.date, language: str) -> str:
    """Return the shortest form that is clear in the language: ``05/04`` in Spanish, ``5 Apr`` in English."""
    return f"{day.day:02d}/{day.month:02d}" if language == "es" else short_day(day, language)


def day_range(first: dt.date, last: dt.date, language: str) -> str:
    """Return ``4–7 abr``, ``30 mar – 2 abr``, or one day when both are the same."""
    if first == last:
        return short_day(first, language)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{short_day(last, language)}"
    return f"{short_day(first, language)} – {short_day(last, language)}"


def hour_window(hours: tuple[float, float], language: str) -> str:
    """Return a window of local hours, widened to whole ones: ``10–17 h``, ``10:00–17:00``."""
    first = min(max(math.floor(hours[0]), 0), 23)
    last = min(max(math.ceil(hours[1]), first + 1), 24)
    return f"{first}–{last} h" if language == "es" else f"{first}:00–{last}:00"


def clock(moment: dt.datetime) -> str:
    """Return the hour of a moment, with its zone when it has one: ``18:00 UTC``."""
    zone = moment.tzname()
    return f"{moment:%H:%M}" + (f" {zone}" if zone else "")


@dataclass(frozen=True, slots=True)
class Issue:
    """When a forecast speaks: the day whose night is 'tonight', and from when to when it stands.

    ``exercise`` is true for a forecast that was made long after its as-of day, and for a run from the first day
    of a scenario (``from_start``), which rests on no report: neither must be taken for news.
    """

    day: dt.date
    issued_at: dt.datetime
    expires_at: dt.datetime
    made_at: dt.datetime
    exercise: bool
    from_start: bool

    @classmethod
    def of(cls, stamp: Stamp, first_day: dt.date | None = None) -> Issue:
        """Return the issue of a stamp: made now, or at the close of the as-of day when that is past.

        ``first_day`` is the first night of the outlook; it is 'tonight' in a run without an as-of day.
        """
        made_at = stamp.made_at
        day = stamp.as_of or first_day or made_at.date()
        close = dt.datetime.combine(day, dt.time(0), tzinfo=made_at.tzinfo) + dt.timedelta(days=1)
        issued_at = min(made_at, close) if stamp.as_of else made_at
        from_start = stamp.as_of is None
        return cls(
            day=day,
            issued_at=issued_at,
            expires_at=issued_at + dt.timedelta(hours=VALID_HOURS),
            made_at=made_at,
            exercise=from_start or made_at - issued_at > dt.timedelta(days=1),
            from_start=from_start,
        )


def moment_text(moment: dt.datetime, language: str) -> str:
    """Return ``3 abr 2018, 18:00``; midnight is the end of its day, ``24:00``, as people say it."""
    if moment.hour == moment.minute == 0:
        zone = moment.tzname()
        before = full_day((moment - dt.timedelta(days=1)).date(), language)
        return f"{before}, 24:00" + (f" {zone}" if zone else "")
    return f"{full_day(moment.date(), language)}, {clock(moment)}"


def relative_day(day: dt.date, today: dt.date, language: str) -> str:
    """Return ``hoy``, ``mañana`` or ``jue 5 abr``, as seen from a day."""
    near = {"es": ("hoy", "mañana"), "en": ("today", "tomorrow")}
    ahead = (day - today).days
    names = _names(near, language)
    return names[ahead] if ahead in (0, 1) else named_day(day, language)
