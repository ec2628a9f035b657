"""Hypothesis strategies for outlooks: any name, any offers, any numbers that a forecast may hold."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cache

import numpy as np
from hypothesis import strategies as st

from posada.model.outlook import LEVELS, Arrival, Band, NeedLine, OfferLine, Outlook
from tests.report.made_up import FIRST_DAY, outlook, with_stamp, with_town

TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cf", "Zl", "Zp")), max_size=140)
NAMES = TEXTS.filter(lambda text: text.strip() != "")


@cache
def _plain() -> Outlook:
    return outlook(4, 60, 25)


@st.composite
def bands(draw: st.DrawFn, highest: float = 1e6) -> Band:
    """Return an uncertain number, or one that is defined in no member."""
    if draw(st.integers(0, 9)) == 0:
        return Band(np.full(len(LEVELS), np.nan), 0.0)
    ends = sorted(draw(st.tuples(st.floats(0, highest), st.floats(0, highest), st.floats(0, highest))))
    return Band(np.interp(LEVELS, [0.025, 0.5, 0.975], ends), draw(st.floats(0.01, 1.0)))


@st.composite
def arrivals(draw: st.DrawFn) -> Arrival:
    """Return an arrival within the days of the outlook, or none."""
    chances = np.zeros(25)
    if draw(st.booleans()):
        return Arrival(0.0, None, {}, None, chances)
    first, likely, last = sorted(draw(st.tuples(*[st.integers(0, 24)] * 3)))
    days = np.interp(LEVELS, [0.025, 0.5, 0.975], [first, likely, last]).round().astype(int)
    dates = {level: FIRST_DAY + dt.timedelta(days=int(day)) for level, day in zip(LEVELS, days, strict=True)}
    chances[first : last + 1] = 1 / (last - first + 1)
    hours = draw(st.none() | st.tuples(st.floats(0, 24), st.floats(0, 30)).map(lambda pair: tuple(sorted(pair))))
    return Arrival(draw(st.floats(0.001, 1)), dates[0.5], dates, hours, chances)


OFFERS = st.lists(
    st.builds(
        OfferLine,
        what=st.sampled_from(
            ["covered_places", "toilets", "taps", "water", "bus", "ambulance", "open_ground", "warehouse", "tents"]
        ),
        quantity=st.none() | st.floats(0, 1e6),
        unit=st.sampled_from(["people", "vehicles", "seats", "m2", "L/day", "toilets"]),
        state=st.sampled_from(["ready", "promised", "not_reported"]),
        name=TEXTS,
        source=TEXTS,
    ),
    max_size=14,
).map(tuple)


@dataclass(frozen=True)
class AnyOutlook:
    """An outlook of four towns whose second, ``matias_romero``, holds anything; shown by what is unusual in it."""

    town: dict[str, object]
    stamp: dict[str, object]
    highest: float

    def build(self) -> Outlook:
        """Return the outlook."""
        shape = (len(LEVELS), 25)
        people = np.sort(self.highest * np.random.default_rng(5).random(shape), axis=0)
        return with_stamp(with_town(_plain(), 1, people=people, **self.town), **self.stamp)


def _needs() -> st.SearchStrategy[tuple[NeedLine, ...]]:
    lines = _plain().towns[1].needs
    return st.integers(0, 60).map(lambda n: (lines * 3)[:n])


OUTLOOKS = st.builds(
    AnyOutlook,
    town=st.fixed_dictionaries(
        {
            "name": NAMES,
            "admin1": st.none() | TEXTS,
            "arrival": arrivals(),
            "tonight": bands(),
            "peak": bands(),
            "nights": bands(highest=60),
            "places_short": bands(),
            "onward_seats": bands(),
            "needs": _needs(),
            "offers": OFFERS,
        }
    ),
    stamp=st.fixed_dictionaries(
        {
            "scenario_title": NAMES,
            "seed": st.integers(0, 2**63),
            "made_at": st.sampled_from(
                [dt.datetime(2018, 4, 3, 18, tzinfo=dt.UTC), dt.datetime(2026, 11, 24, 3, tzinfo=dt.UTC)]
            ),
        }
    ),
    highest=st.floats(0, 1e5),
)
