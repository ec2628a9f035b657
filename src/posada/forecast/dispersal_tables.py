"""Forecasts of dispersed people as long tables: quantiles in hub columns, registrations, and the members behind them.

Every value is of people. Target ``registered`` is the people in a camp, in the camps of a country (location
``country:NAME``) or in all camps (location ``_all``); targets ``under_way``, ``elsewhere`` and ``displaced`` stand at
``_all``. No place can be called so. Camps marked sensitive are in no table and in no sum.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from posada.forecast.tables import Columns, quantile_block, same_text
from posada.model.dispersal_outlook import DailyPeople, DispersalOutlook
from posada.model.dispersal_run import DispersalRun
from posada.model.outlook import LEVELS

ALL, COUNTRY = "_all", "country:"
REGISTERED, UNDER_WAY, ELSEWHERE, DISPLACED = "registered", "under_way", "elsewhere", "displaced"
DISPERSAL_MEMBER_COLUMNS = ("member", "date", "location", "target", "people")
OBSERVED_COLUMNS = ("target_end_date", "location", "target", "observation")

_CELLS_AT_A_TIME = 2_000_000


def _series(outlook: DispersalOutlook) -> Iterator[tuple[str, str, DailyPeople]]:
    """Yield location, target and numbers of everything that is in the forecast."""
    for camp in outlook.shown:
        yield camp.place.id, REGISTERED, camp.daily
    for country, daily in outlook.countries.items():
        yield f"{COUNTRY}{country}", REGISTERED, daily
    yield ALL, REGISTERED, outlook.in_camps
    yield ALL, UNDER_WAY, outlook.under_way
    yield ALL, ELSEWHERE, outlook.elsewhere
    yield ALL, DISPLACED, outlook.displaced


def dispersal_forecast_table(outlook: DispersalOutlook) -> Iterator[Columns]:
    """Yield the quantiles of an outlook as a long table in hub columns, a camp or a sum at a time."""
    days = np.array(outlook.dates, "datetime64[D]")
    for location, target, daily in _series(outlook):
        yield quantile_block(location, target, daily.people, days)


def forecast_rows(outlook: DispersalOutlook) -> int:
    """Return how many rows the table of the forecast has."""
    return sum(1 for _ in _series(outlook)) * len(outlook.dates) * len(LEVELS)


def observed_table(outlook: DispersalOutlook) -> Iterator[Columns]:
    """Yield the people registered on each day, interpolated between counts, under the names of the forecast."""
    days = np.array(outlook.dates, "datetime64[D]")
    for location, target, daily in _series(outlook):
        if daily.registered is not None:
            yield {
                "target_end_date": days,
                "location": same_text(location, days.size),
                "target": same_text(target, days.size),
                "observation": daily.registered,
            }


def dispersal_members_table(run: DispersalRun, outlook: DispersalOutlook) -> Iterator[Columns]:
    """Yield the people of each member in each camp of an outlook, under way, and ever displaced, some at a time.

    Rows of zeros are left out: a run of a long conflict has as many of them as of others.
    """
    days = np.array(run.dates, "datetime64[D]")
    camps = [run.place_index(camp.place.id) for camp in outlook.shown]
    series = [(run.place_ids[camp], REGISTERED, run.people[:, :, camp]) for camp in camps]
    series += [(ALL, UNDER_WAY, run.under_way), (ALL, DISPLACED, run.entered)]
    step = max(_CELLS_AT_A_TIME // days.size, 1)
    for location, target, counts in series:
        for begin in range(0, run.members, step):
            member, day = np.nonzero(counts[begin : begin + step])
            yield {
                "member": (member + begin + run.first_member).astype(np.int32),
                "date": days[day],
                "location": same_text(location, member.size),
                "target": same_text(target, member.size),
                "people": counts[member + begin, day].astype(np.int64) * run.people_per_simulated,
            }
