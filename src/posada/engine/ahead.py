"""People of a group who are reported ahead of its main body: they are put there, and tell where it makes for.

The engine lets forerunners go by chance; that some of them are in a certain town on a certain night is nothing that
members would get to by chance. So as many people as are reported leave the main body and are in that town, as
forerunners, who then go on by themselves.

Where they are seen says where the group makes for: nobody goes 2,000 km ahead to a border city at which the others are
not to arrive. Destinations to which the way by the places in which they were seen is a detour become less likely,
as for the way of the group itself (:data:`~posada.engine.wider.DETOUR_KM`), save for those who go elsewhere
(:data:`~posada.engine.alone.GO_ELSEWHERE`).
"""

from __future__ import annotations

import numpy as np

from posada.engine.alone import GO_ELSEWHERE
from posada.engine.state import AHEAD, FREE
from posada.engine.wider import DETOUR_KM, Ensemble, Map, bring, cut_to_people, detours_km
from posada.engine.world import PARTS_PER_GROUP, Floats, Ints

MOST_AHEAD = 0.9
"""Share of a main body that may have gone ahead of it."""


def chances_by_those_ahead(land: Map, group: int, places: Ints) -> Floats:
    """Return by what the chance of each destination is multiplied when people ahead were seen in places, ``(goals,)``.

    Parameters
    ----------
    places : ints
        Positions of the places. The largest detour of them counts: people ahead go one way.
    """
    detour = detours_km(land, group, places).max(axis=0, initial=0.0)
    chances: Floats = GO_ELSEWHERE + (1.0 - GO_ELSEWHERE) * np.exp(-detour / DETOUR_KM)
    return chances


def put_ahead(group: int, place: int, people: Ints, ensemble: Ensemble, land: Map) -> None:
    """Let people of a group be in a place tonight, in the state and in the books.

    Who went ahead already and has still further to go than from that place comes there; more people leave the main
    body, of all statuses and need classes in proportion, :data:`MOST_AHEAD` of it at most. Where the main body is there
    itself, or there is none, nothing happens.

    Parameters
    ----------
    people : (members,) ints
        How many of the group are there at least.
    """
    parts, main = ensemble.state.parts, group * PARTS_PER_GROUP
    there = (parts.kind[:, main] != FREE) & ~((parts.place[:, main] == place) & (parts.heading[:, main] < 0))
    slots = np.arange(main + 1, main + PARTS_PER_GROUP)
    ahead = parts.kind[:, slots] == AHEAD
    present = ahead & (parts.place[:, slots] == place) & (parts.heading[:, slots] < 0)
    goal = ensemble.luck.destination[:, group, None]
    comes = ahead & (land.way_to[goal, parts.place[:, slots]] > land.way_to[goal, place])
    free = parts.kind[:, slots] == FREE
    # One that is there already takes them in, else one that has not come as far does, else a new one is made.
    rank = np.where(present, 3, np.where(comes, 2, np.where(free, 1, 0)))
    slot = slots[rank.argmax(axis=1)]
    rows = np.flatnonzero(there & (rank.max(axis=1) > 0) & (people > 0))
    slot = slot[rows]
    here = parts.people[rows, slot].sum(axis=(1, 2), dtype=np.int64)
    ensemble.books.arrived[rows, ensemble.page, place] += np.where(present[rows, slot - slots[0]], 0, here)
    bring(rows, slot, place, ensemble)
    body = parts.people[rows, main].sum(axis=(1, 2), dtype=np.int64)
    more = np.minimum(np.maximum(people[rows] - here, 0), (body * MOST_AHEAD).astype(np.int64))
    _leave(rows, slot, place, more, ensemble, group=group)
    parts.kind[rows, slot] = np.where(here + more > 0, AHEAD, FREE)


def _leave(rows: Ints, slot: Ints, place: int, more: Ints, ensemble: Ensemble, *, group: int) -> None:
    """Let people leave the main body for a part that is in a place."""
    parts, books, page = ensemble.state.parts, ensemble.books, ensemble.page
    main = group * PARTS_PER_GROUP
    body = parts.people[rows, main]
    upto = np.cumsum(body.reshape(rows.size, body.shape[1] * body.shape[2]), axis=1, dtype=np.int64)
    # Whole numbers: nobody is lost, and of no status or class do more leave than there are.
    gone = np.diff(upto * more[:, None] // np.maximum(upto[:, -1:], 1), axis=1, prepend=0).reshape(body.shape)
    parts.people[rows, main] -= gone.astype(np.int32)
    parts.people[rows, slot] += gone.astype(np.int32)
    on_road = parts.heading[rows, main] >= 0
    books.under_way[rows, page] -= np.where(on_road, more, 0)
    books.people[rows, page, parts.place[rows, main]] -= np.where(on_road, 0, more)
    books.people[rows, page, place] += more
    books.arrived[rows, page, place] += more
    books.main_people[rows, page, group] -= more
    cut_to_people(rows, ensemble)
