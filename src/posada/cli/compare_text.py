"""A comparison as the text that the command prints: the price of going alone, towns, the best next offers, rounds."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from posada.model.comparison import MEASURES, RANGE, Effect, Measure, Ratio, price, weighted_quantiles
from posada.report.days import full_day
from posada.report.numbers import plain
from posada.report.phrases import Phrases

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from posada.ops.comparing import CompareAnswer

_WHAT = {"site": "compare.site", "bus": "compare.bus"}
_WIDTH = 19
_WIDE_GAP = 1.0
"""Distance from the best possible, in percent, above which the price of going alone is said to be a lower bound."""


def compare_text(answer: CompareAnswer, phrases: Phrases) -> str:
    """Return the text of a comparison; places marked sensitive are counted in sums, and not named."""
    demand, problem = answer.problem.demand, answer.problem
    assumed = sum(site.assumed for site in problem.sites)
    title = answer.scenario.settings.title
    first, last = (full_day(day, phrases.language) for day in (demand.dates[0], demand.dates[-1]))
    written = phrases.say("compare.written", out=answer.request.out)
    parts = [
        phrases.say("compare.title", title=title, first=first, last=last),
        _demand(answer, phrases),
        phrases.say("compare.offers", sites=len(problem.sites), assumed=assumed, fleets=len(problem.fleets)),
        "",
        *_how(answer, phrases),
        "",
        *_corridor(answer, phrases),
        *_towns(answer, phrases),
        *_offers(answer, phrases),
        *_refusals(answer, phrases),
        *_rounds(answer, phrases),
        written if answer.files else phrases.say("compare.not_written"),
    ]
    return "\n".join(parts)


def _demand(answer: CompareAnswer, phrases: Phrases) -> str:
    """Return where the people come from: a table, or the forecast."""
    demand, asked = answer.problem.demand, answer.request.plan
    known = {"scenarios": demand.scenarios, "hash": answer.stamp.scenario_hash[:12]}
    if asked.demand is not None:
        return phrases.say("compare.from_table", table=demand.origin, **known)
    return phrases.say("compare.from_forecast", members=plain(asked.members), seed=asked.seed, **known)


def _how(answer: CompareAnswer, phrases: Phrases) -> list[str]:
    """Return how each regime was found, and how towns stand."""
    alone, together = answer.regimes.alone, answer.regimes.coordinated
    rough = "" if alone.proven else phrases.say("compare.rounded")
    if alone.unsettled:
        ended = phrases.say("compare.unsettled", rounds=alone.rounds, towns=len(alone.unsettled), rough=rough)
    elif alone.rounds:
        share = f"{100 * answer.request.compare.settled_share:g}"
        ended = phrases.say("compare.settled", share=share, rounds=alone.rounds, rough=rough)
    else:
        ended = phrases.say("compare.no_vehicles", rough=rough)
    standing, people = answer.standing, answer.problem.demand.people.any(axis=(0, 3))
    pushing = int((standing.pushes & ~standing.refuses & people).any(axis=0).sum())
    refusing = int((standing.refuses & people).any(axis=0).sum())
    towns = int(people.any(axis=0).sum())
    gap = 100 * together.stages[0].gap_share
    status = phrases.word("compare_status", together.status.name.lower(), otherwise=together.status.value)
    more = f" {phrases.say('compare.wide_gap')}" if gap > _WIDE_GAP else ""
    return [
        f"{ended} {phrases.say('compare.stances', towns=towns, pushing=pushing, refusing=refusing)}",
        phrases.say("compare.coordinated", status=status, gap=f"{gap:.1f}") + more,
    ]


def _corridor(answer: CompareAnswer, phrases: Phrases) -> list[str]:
    """Return the table of the corridor: mean and 80 % range over the scenarios, and what alone costs against it."""
    weights, regimes = answer.problem.demand.weights, answer.regimes
    head = "".join(f"{phrases.say(key):>34}" for key in ("compare.alone", "compare.together"))
    lines = [f"{phrases.say('compare.corridor'):41}{head}   {phrases.say('compare.price')}"]
    for measure in MEASURES:
        alone, together = regimes.alone_account.corridor(measure), regimes.coordinated_account.corridor(measure)
        cells = "".join(f"{_ranged(values, weights):>34}" for values in (alone, together))
        name = phrases.word("compare_measure", measure.name.lower())
        lines.append(f"  {name:39}{cells}   {_price(price(alone, together, weights), phrases)}")
    return [*lines, ""]


def _ranged(values: NDArray[np.float64], weights: NDArray[np.float64]) -> str:
    low, _, high = weighted_quantiles(values, weights, RANGE)
    return f"{_number(float(weights @ values))} ({_number(low)}–{_number(high)})"


def _number(x: float) -> str:
    return f"{x + 0.0:,.0f}" if abs(x) >= 0.5 else "0"


def _price(paid: Ratio, phrases: Phrases) -> str:
    if math.isnan(paid.of_means):
        return phrases.say("compare.no_price")
    low, high = _times(paid.low, phrases), _times(paid.high, phrases)
    ends = low if paid.low == paid.high else f"{low}–{high}"
    none = ""
    if paid.none_share >= 0.005:
        none = phrases.say("compare.no_price_chance", chance=f"{100 * paid.none_share:.0f}")
    return f"{_times(paid.of_means, phrases)} ({ends}{none})"


def _times(ratio: float, phrases: Phrases) -> str:
    return phrases.say("compare.only_alone") if math.isinf(ratio) else f"{ratio:.2f}×"


def _towns(answer: CompareAnswer, phrases: Phrases) -> list[str]:
    """Return a row for each town with people: means in both regimes, most people without a place alone first."""
    regimes, demand = answer.regimes, answer.problem.demand
    alone, together = (
        (demand.weights[None, :, None] * account.towns).sum(axis=1)
        for account in (regimes.alone_account, regimes.coordinated_account)
    )
    hidden = answer.scenario.hidden_places
    load, without = MEASURES.index(Measure.LOAD), MEASURES.index(Measure.WITHOUT_PLACE)
    there = [town for town in range(len(demand.place_ids)) if max(alone[load, town], together[load, town]) >= 0.5]
    shown = [town for town in there if demand.place_ids[town] not in hidden]
    shown.sort(key=lambda town: (-round(alone[without, town]), -alone[load, town], demand.place_ids[town]))
    names = [place.name for place in (answer.scenario.place(demand.place_ids[town]) for town in shown)]
    title = phrases.say("compare.towns")
    first = max([24, len(title) - 2, *(len(name) + 2 for name in names)])
    head = "".join(f"{phrases.word('compare_column', measure.name.lower()):>{_WIDTH}}" for measure in MEASURES)
    lines = [f"{title:{first + 2}}{head}"]
    for town, name in zip(shown, names, strict=True):
        pairs = (
            f"{_number(alone[row, town])} | {_number(together[row, town])}" if alone[row, town] or together[row, town]
            else "-"
            for row in range(len(MEASURES))
        )  # fmt: skip
        lines.append(f"  {name:{first}}" + "".join(f"{pair:>{_WIDTH}}" for pair in pairs))
    if len(there) > len(shown):
        lines.append(f"  {phrases.say('compare.hidden_towns', n=len(there) - len(shown))}")
    return [*lines, ""]


def _offers(answer: CompareAnswer, phrases: Phrases) -> list[str]:
    ranking, options = answer.ranking, answer.request.compare
    shown = _named(answer, ranking.effects)
    if not ranking.effects:
        return [phrases.say("compare.nothing_helps"), ""]
    lines = [phrases.say("compare.best_offer")]
    for number, (row, town) in enumerate(shown, 1):
        size = {"places": options.site_places, "seats": options.bus_seats}
        lines.append(f"  {number}. {phrases.say(_WHAT[row.what], town=town, **size)}: {_effect(row)}")
    lines += _left_out(len(ranking.effects) - len(shown), phrases)
    known = {"tried": ranking.tried, "candidates": ranking.candidates}
    if ranking.bound <= ranking.effects[-1].mean or ranking.tried == ranking.candidates:
        rest = phrases.say("compare.tried_all", **known)
    else:
        rest = phrases.say("compare.tried_some", bound=_number(ranking.bound), **known)
    return [*lines, f"  {rest}", ""]


def _refusals(answer: CompareAnswer, phrases: Phrases) -> list[str]:
    shown = _named(answer, answer.refusals)
    if not answer.refusals:
        return []
    lines = [phrases.say("compare.refusals")]
    lines += [f"  {town}: {_effect(row)}" for row, town in shown]
    return [*lines, *_left_out(len(answer.refusals) - len(shown), phrases), ""]


def _named(answer: CompareAnswer, rows: tuple[Effect, ...]) -> list[tuple[Effect, str]]:
    places = {place.id: place for place in answer.scenario.places}
    return [(row, places[row.place_id].name) for row in rows if not places[row.place_id].sensitive]


def _left_out(rows: int, phrases: Phrases) -> list[str]:
    return [f"  {phrases.say('compare.hidden_rows', n=rows)}"] if rows else []


def _effect(row: Effect) -> str:
    return f"{_number(row.mean)} ({_number(row.low)}–{_number(row.high)})"


def _rounds(answer: CompareAnswer, phrases: Phrases) -> list[str]:
    rounds = answer.rounds
    if not rounds:
        return [phrases.say("compare.no_rounds"), ""]
    lines = [phrases.say("compare.rounds")]
    for row in rounds:
        moved = "" if row.round == 0 else phrases.say("compare.moved", share=f"{100 * row.moved_share:.1f}") + " "
        values = {"without": _number(row.without_place), "trips": f"{row.new_trips:g}"}
        lines.append(f"  {phrases.say('compare.round', round=row.round, moved=moved, **values)}")
    ended = "compare.fixed_point" if rounds[-1].new_trips == 0 else "compare.rounds_used_up"
    return [*lines, f"  {phrases.say(ended)}", ""]
