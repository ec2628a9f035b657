"""The scenario as it was known on a date: without what was published later.

Reports carry the day on which they became public. Other rows are known from the day on which the last of
their dated sources was published; a source without a date is a reference or an assumption, not news, and does
not decide. Places, routes, statuses, procedure and parameters are kept: they describe the world and what was
learned from other journeys. Sources that were published later go with the rows that rest on them, so that a
scenario as known on a date, and its hash, is the same whatever is published afterwards.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from posada.model.errors import InvalidValueError
from posada.model.scenario import Scenario
from posada.model.statements import Source
from posada.model.tables import TABLES

DATED_TABLES = ("itinerary", "sites", "vehicles", "supplies", "stances", "signals")
"""Tables whose rows are news: what somebody announced, offered or did."""

_OF_GROUPS = ("destinations", "itinerary", "reports")


@dataclass(frozen=True, slots=True)
class Vintage:
    """A scenario as known on a date, and how many rows of each table were left out; sources are not counted."""

    scenario: Scenario
    left_out: dict[str, int]


def as_known(scenario: Scenario, as_of: dt.date) -> Vintage:
    """Return the scenario without what was published after a date; the same one when there is no such row.

    A group that departs later is left out with its rows when nobody had spoken of it by then.

    Raises
    ------
    InvalidValueError
        When no group was known on the date.
    """
    published = {row.id: row.date for row in scenario.sources}

    def is_known(row: Any) -> bool:
        dates = [date for source in row.source if (date := published[source]) is not None]
        return not dates or max(dates) <= as_of

    kept: dict[str, tuple[Any, ...]] = {name: scenario.table(name) for name in (*DATED_TABLES, *_OF_GROUPS, "groups")}
    for name in DATED_TABLES:
        kept[name] = tuple(row for row in kept[name] if is_known(row))
    kept["reports"] = tuple(row for row in kept["reports"] if row.published <= as_of)
    kept["groups"] = tuple(row for row in kept["groups"] if row.departs <= as_of or is_known(row))
    if not kept["groups"]:
        raise InvalidValueError(f"on {as_of} nobody had spoken of any group. Choose a later as-of date.")
    groups = {row.id for row in kept["groups"]}
    for name in _OF_GROUPS:
        kept[name] = tuple(row for row in kept[name] if row.group is None or row.group in groups)
    left_out = {name: len(scenario.table(name)) - len(rows) for name, rows in kept.items()}
    left_out = {name: count for name, count in left_out.items() if count}
    kept["sources"] = _sources(scenario, kept, as_of)
    same = not left_out and len(kept["sources"]) == len(scenario.sources)
    return Vintage(scenario if same else scenario.replace(**kept), left_out)


def _sources(scenario: Scenario, kept: dict[str, tuple[Any, ...]], as_of: dt.date) -> tuple[Source, ...]:
    """Return the sources without those of a later day on which nothing rests that is kept."""
    rows = [row for name in TABLES if name != "sources" for row in kept.get(name, scenario.table(name))]
    cited = {source for row in rows for source in getattr(row, "source", ())}
    return tuple(row for row in scenario.sources if row.date is None or row.date <= as_of or row.id in cited)
