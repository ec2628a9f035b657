"""A comparison as the text that the command prints: the price of going alone, towns, the best next offers, rounds."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from posada.model.comparison import MEASURES, RANGE, Effect, Measure, Ratio, price, weighted_quantiles
from posada.model.plan import SolveStatus

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from posada.ops.comparing import CompareAnswer

_SHORT = {
    Measure.WITHOUT_PLACE: "without",
    Measure.OVERCROWDED: "crowded",
    Measure.ON_FOOT: "km on foot",
    Measure.SEATS: "seats",
    Measure.COST: "cost",
    Measure.LOAD: "load",
}
_WHAT = {"site": "one more site of {places} places in {town}", "bus": "one more bus of {seats} seats in {town}"}
_WIDTH = 19
_NO_BETTER = "in the time no better plan than what towns do alone, with every site open"
_WIDE_GAP = 1.0
"""Distance from the best possible, in percent, above which the price of going alone is said to be a lower bound."""


def compare_text(answer: CompareAnswer) -> str:
    """Return the text of a comparison; places marked sensitive are counted in sums, and not named."""
    demand, problem = answer.problem.demand, answer.problem
    assumed = sum(site.assumed for site in problem.sites)
    offers = (
        f"offers: {len(problem.sites)} sites, {assumed} of them assumed; {len(problem.fleets)} offers of vehicles that "
        "can be used"
    )
    parts = [
        f"{answer.scenario.settings.title}: alone and coordinated, {demand.dates[0]} to {demand.dates[-1]}",
        f"demand: {demand.origin}; {demand.scenarios} scenarios; scenario {answer.stamp.scenario_hash[:12]}",
        offers,
        "",
        *_how(answer),
        "",
        *_corridor(answer),
        *_towns(answer),
        *_offers(answer),
        *_refusals(answer),
        *_rounds(answer),
        f"written to {answer.request.out}" if answer.files else "Nothing was written; --out DIR writes the tables.",
    ]
    return "\n".join(parts)


def _how(answer: CompareAnswer) -> list[str]:
    """Return how each regime was found, and how towns stand."""
    alone, together = answer.regimes.alone, answer.regimes.coordinated
    rounds = f"{alone.rounds} round{'' if alone.rounds == 1 else 's'}"
    share = 100 * answer.request.compare.settled_share
    ended = "no town has vehicles to send people on"
    if alone.rounds:
        ended = f"no town saves {share:g} % of its person-nights by a change, asked in {rounds}"
    if alone.unsettled:
        ended = f"stopped after {rounds}; {len(alone.unsettled)} towns still changed in the last one"
    rough = "" if alone.proven else "; some trips of the near days were rounded"
    standing, people = answer.standing, answer.problem.demand.people.any(axis=(0, 3))
    pushing = int((standing.pushes & ~standing.refuses & people).any(axis=0).sum())
    refusing = int((standing.refuses & people).any(axis=0).sum())
    towns = int(people.any(axis=0).sum())
    gap = 100 * together.stages[0].gap_share
    status = together.status.value if together.status is not SolveStatus.RULE else _NO_BETTER
    more = " Going alone may cost more than is said here: give it a longer --time-limit." if gap > _WIDE_GAP else ""
    return [
        f"Alone: {ended}{rough}. Of {towns} towns with people, {pushing} push on and {refusing} refuse.",
        f"Coordinated: {status}; people without a place within {gap:.1f} % of the best possible.{more}",
    ]


def _corridor(answer: CompareAnswer) -> list[str]:
    """Return the table of the corridor: mean and 80 % range over the scenarios, and what alone costs against it."""
    weights, regimes = answer.problem.demand.weights, answer.regimes
    lines = [f"{'The corridor':41}{'alone':>34}{'coordinated':>34}   price of going alone (mean, 10–90 %)"]
    for measure in MEASURES:
        alone, together = regimes.alone_account.corridor(measure), regimes.coordinated_account.corridor(measure)
        cells = "".join(f"{_ranged(values, weights):>34}" for values in (alone, together))
        lines.append(f"  {measure.value:39}{cells}   {_price(price(alone, together, weights))}")
    return [*lines, ""]


def _ranged(values: NDArray[np.float64], weights: NDArray[np.float64]) -> str:
    low, _, high = weighted_quantiles(values, weights, RANGE)
    return f"{_number(float(weights @ values))} ({_number(low)}–{_number(high)})"


def _number(x: float) -> str:
    return f"{x + 0.0:,.0f}" if abs(x) >= 0.5 else "0"


def _price(paid: Ratio) -> str:
    if math.isnan(paid.of_means):
        return "none in either"
    ends = _times(paid.low) if paid.low == paid.high else f"{_times(paid.low)}–{_times(paid.high)}"
    none = f"; none in either with a chance of {100 * paid.none_share:.0f} %" if paid.none_share >= 0.005 else ""
    return f"{_times(paid.of_means)} ({ends}{none})"


def _times(ratio: float) -> str:
    return "only alone" if math.isinf(ratio) else f"{ratio:.2f}×"


def _towns(answer: CompareAnswer) -> list[str]:
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
    first = max([24, *(len(name) + 2 for name in names)])
    head = "".join(f"{_SHORT[measure]:>{_WIDTH}}" for measure in MEASURES)
    lines = [f"{'Towns (alone | coordinated)':{first + 2}}{head}"]
    for town, name in zip(shown, names, strict=True):
        pairs = (
            f"{_number(alone[row, town])} | {_number(together[row, town])}" if alone[row, town] or together[row, town]
            else "-"
            for row in range(len(MEASURES))
        )  # fmt: skip
        lines.append(f"  {name:{first}}" + "".join(f"{pair:>{_WIDTH}}" for pair in pairs))
    if len(there) > len(shown):
        lines.append(f"  {len(there) - len(shown)} places marked sensitive are not shown.")
    return [*lines, ""]


def _offers(answer: CompareAnswer) -> list[str]:
    ranking, options = answer.ranking, answer.request.compare
    shown = _named(answer, ranking.effects)
    if not ranking.effects:
        return ["No site or bus more would give anybody a place.", ""]
    lines = ["The best next offer (person-nights with a place more, mean and 10–90 %)"]
    for number, (row, town) in enumerate(shown, 1):
        what = _WHAT[row.what].format(places=options.site_places, seats=options.bus_seats, town=town)
        lines.append(f"  {number}. {what}: {_effect(row)}")
    lines += _left_out(len(ranking.effects) - len(shown))
    exact = ranking.bound <= ranking.effects[-1].mean or ranking.tried == ranking.candidates
    rest = f"{ranking.tried} of {ranking.candidates} offers were tried; no other can do more"
    if not exact:
        rest = (
            f"{ranking.tried} of {ranking.candidates} offers were tried; of the others none does more than "
            f"{_number(ranking.bound)}"
        )
    return [*lines, f"  {rest}.", ""]


def _refusals(answer: CompareAnswer) -> list[str]:
    shown = _named(answer, answer.refusals)
    if not answer.refusals:
        return []
    lines = ["If one town refused in the coordinated corridor (person-nights without a place more)"]
    lines += [f"  {town}: {_effect(row)}" for row, town in shown]
    return [*lines, *_left_out(len(answer.refusals) - len(shown)), ""]


def _named(answer: CompareAnswer, rows: tuple[Effect, ...]) -> list[tuple[Effect, str]]:
    places = {place.id: place for place in answer.scenario.places}
    return [(row, places[row.place_id].name) for row in rows if not places[row.place_id].sensitive]


def _left_out(rows: int) -> list[str]:
    return [f"  {rows} rows about places marked sensitive are not shown."] if rows else []


def _effect(row: Effect) -> str:
    return f"{_number(row.mean)} ({_number(row.low)}–{_number(row.high)})"


def _rounds(answer: CompareAnswer) -> list[str]:
    rounds = answer.rounds
    if not rounds:
        return ["The demand comes from a table, so no forecast follows from the plan.", ""]
    lines = ["Forecast and plan in turn (coordinated)"]
    for row in rounds:
        moved = "" if row.round == 0 else f"people moved by {100 * row.moved_share:.1f} % of person-nights; "
        lines.append(
            f"  round {row.round}: {moved}{_number(row.without_place)} person-nights without a place; "
            f"{row.new_trips:g} trips of the near days added"
        )
    if rounds[-1].new_trips == 0:
        lines.append("  A fixed point: the plan adds nothing to the forecast that follows from it.")
    else:
        lines.append("  The rounds were used up: the plan still adds trips.")
    return [*lines, ""]
