"""A comparison as tables: towns, corridor, offers and refusals, rounds. Places marked sensitive are in none of them.

Sums over the corridor count everybody, also those in places that are not named. A ratio that is not a number
(``nan``) means none in either regime; ``inf`` means only alone.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from posada.io.results import Columns, write_results
from posada.io.stamp import written_at
from posada.model.comparison import MEASURES, RANGE, Account, Regime, price, weighted_quantiles
from posada.model.outlook import Stamp

if TYPE_CHECKING:
    from posada.ops.comparing import CompareAnswer

_QUANTILES = ("q10", "q50", "q90")


def write_comparison(answer: CompareAnswer, directory: Path, made_at: dt.datetime | None = None) -> list[Path]:
    """Write the tables of a comparison into a folder with a stamp, and return the paths, the stamp's first.

    Raises
    ------
    OutputExistsError
        When the folder is there and was not made by Posada; nothing is written then.
    """
    stamp, settings = answer.stamp, answer.scenario.settings
    return write_results(
        directory,
        Stamp(
            version=stamp.version,
            scenario_id=stamp.scenario_id,
            scenario_title=settings.title,
            scenario_hash=stamp.scenario_hash,
            seed=stamp.seed,
            members=answer.request.plan.members,
            as_of=stamp.as_of,
            made_at=written_at(made_at),
        ),
        tables={name: [part] for name, part in comparison_tables(answer).items() if next(iter(part.values())).size},
        features={},
        details={
            "demand": stamp.demand,
            "options": asdict(answer.request.plan.options) | asdict(answer.request.compare),
            "places_left_out_as_sensitive": len(answer.scenario.hidden_places),
            "alone": {
                "rounds": answer.regimes.alone.rounds,
                "unsettled_towns": len(answer.regimes.alone.unsettled),
                "proven": answer.regimes.alone.proven,
            },
            "coordinated": answer.regimes.coordinated.status.value,
        },
    )


def comparison_tables(answer: CompareAnswer) -> dict[str, Columns]:
    """Return the tables by name: ``towns``, ``corridor``, ``offers``, ``rounds``."""
    offers = [_effect("one_more", row) for row in answer.ranking.effects]
    offers += [_effect("one_less", row) for row in answer.refusals]
    hidden = answer.scenario.hidden_places
    return {
        "towns": _columns(("place", "regime", "measure", "mean", *_QUANTILES), _towns(answer, hidden)),
        "corridor": _columns(("measure", "regime", "mean", *_QUANTILES, "none_share"), _corridor(answer)),
        "offers": _columns(
            ("kind", "offer", "place", "mean", *_QUANTILES), [row for row in offers if row[2] not in hidden]
        ),
        "rounds": _columns(
            ("round", "moved_share", "person_nights", "new_trips", "without_place"),
            [tuple(asdict(row).values()) for row in answer.rounds],
        ),
    }


def _accounts(answer: CompareAnswer) -> tuple[tuple[Regime, Account], ...]:
    regimes = answer.regimes
    return (Regime.ALONE, regimes.alone_account), (Regime.COORDINATED, regimes.coordinated_account)


def _towns(answer: CompareAnswer, hidden: frozenset[str]) -> Iterable[Sequence[Any]]:
    demand = answer.problem.demand
    for town, place in enumerate(demand.place_ids):
        if place in hidden or not demand.people[:, :, town].any():
            continue
        for regime, account in _accounts(answer):
            for index, measure in enumerate(MEASURES):
                values = account.towns[index, :, town]
                found = weighted_quantiles(values, demand.weights, RANGE)
                yield place, regime.value, measure.name.lower(), float(demand.weights @ values), *found


def _corridor(answer: CompareAnswer) -> Iterable[Sequence[Any]]:
    """Yield the sums of each regime, and the price of going alone as if it were a third one."""
    weights = answer.problem.demand.weights
    (_, alone), (_, together) = _accounts(answer)
    for measure in MEASURES:
        name = measure.name.lower()
        for regime, account in _accounts(answer):
            values = account.corridor(measure)
            found = weighted_quantiles(values, weights, RANGE)
            yield name, regime.value, float(weights @ values), *found, float(weights[values == 0].sum())
        paid = price(alone.corridor(measure), together.corridor(measure), weights)
        yield name, "price_of_going_alone", paid.of_means, paid.low, paid.likely, paid.high, paid.none_share


def _effect(kind: str, row: Any) -> tuple[Any, ...]:
    return kind, row.what, row.place_id, row.mean, row.low, row.likely, row.high


def _columns(names: Sequence[str], rows: Iterable[Sequence[Any]]) -> Columns:
    listed = list(rows)
    return {
        name: np.array([row[at] for row in listed], object if _is_text(listed, at) else None)
        for at, name in enumerate(names)
    }


def _is_text(rows: Sequence[Sequence[Any]], at: int) -> bool:
    return bool(rows) and isinstance(rows[0][at], str)
