"""Validations as text for a terminal: a block for each scenario, and a table over all of them."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from posada.cli.aligning import aligned
from posada.model.validation import BAND_WIDTHS, NEAR_PEAK, BaselineScores, CampScores, Scores, Validation
from posada.ops.validation import ValidationAnswer

_Mean = Callable[[Sequence[float]], float]
_NONE = "–"
_IN_TABLE = ("first shares", "shares of day 30", "evenly", "by capacity")
"""The naive forecasts that stand in the table over all scenarios."""


def validation_text(answer: ValidationAnswer) -> str:
    """Return what ``posada validate`` prints."""
    blocks = [_block(found) for found in answer.validations]
    if len(blocks) > 1:
        blocks.append(over_all(answer.validations))
    if answer.request.out is None:
        blocks.append("Nothing was written; --out DIR writes the scores as CSV, Parquet and JSON.")
    else:
        names = ", ".join(path.name for path in answer.files)
        blocks.append(f"Written to {answer.request.out}: {names}")
    return "\n\n".join(blocks)


def _block(found: Validation) -> str:
    with_settings = f", settings {found.settings}" if found.settings else ""
    days = f"{found.first_day} to {found.last_day}"
    time = f"{found.seconds:,.1f} s of simulation on {found.workers} threads"
    return "\n".join(
        [
            f"{found.scenario}{with_settings}: {days}, {found.members} members, seed {found.seed}",
            f"scenario {found.scenario_hash[:8]}; {time}, {found.seconds_per_member:.2f} s per member",
            *_what_is_compared(found),
            "",
            *_measures(found.scores, found.members),
            "",
            *_camps(found.scores.camps),
            "",
            *_baselines(found.scores.baselines),
        ]
    )


def _what_is_compared(found: Validation) -> list[str]:
    scores = found.scores
    size = f"{scores.camp_count} camps, {scores.days} days, {found.counts} counts"
    lines = [f"{size}; between counts registrations are interpolated."]
    if found.totals_known:
        lines.append(
            "The totals are known input: people set out as registrations rise. Only their distribution over camps is "
            "tested."
        )
    else:
        lines.append("The totals are simulated: both how many people there are and where they are is tested.")
    if scores.days_without:
        lines.append(f"Without anybody registered: {scores.days_without} of {scores.days} days. They are left out.")
    if scores.camp_days_without:
        few = f"{scores.camp_days_without:,} of {scores.camp_days:,} camp-days"
        lines.append(
            f"Nobody is registered on {few}; they are left out of bands and CRPS. "
            f"There the simulation has {_percent(scores.misplaced_share, 2)} of its people."
        )
    if scores.camps_without:
        lines.append(f"Camps in which nobody is ever registered: {', '.join(scores.camps_without)}.")
    if scores.camps_hidden:
        lines.append(f"{scores.camps_hidden} camps marked sensitive are in all sums and not listed.")
    if scores.capacities_at_peak:
        lines.append(
            f"The capacity of {scores.capacities_at_peak} of {scores.camp_count} camps is within "
            f"{_percent(NEAR_PEAK)} of the most people ever registered there: the scenario knows a part of the answer."
        )
    return lines


def _measures(scores: Scores, members: int) -> list[str]:
    spread = f" ({scores.difference_low:.3f}–{scores.difference_high:.3f} over members)" if members > 1 else ""
    flee = ""
    if scores.days_without:
        flee = f" As Flee computes it, days without data as 0: {_figure(scores.flee_difference)}."
    rows = [
        ("averaged relative difference, rescaled", f"{_figure(scores.difference)}{spread}.{flee}"),
        ("averaged relative difference, normal", f"{_figure(scores.difference_normal)}"),
    ]
    for width, share, expected in zip(BAND_WIDTHS, scores.coverage, scores.coverage_expected, strict=True):
        perfect = f"; {_percent(expected)} if {members} members were perfect" if members > 1 else ""
        rows.append((f"in the {_percent(width)} band", f"{_percent(share)} of camp-days{perfect}"))
    rows += [
        ("CRPS", f"{_people(scores.crps)} people per camp-day, {_figure(scores.crps_relative)} of those registered"),
        ("weighted interval score", f"{_people(scores.interval_score)} people per camp-day"),
    ]
    width = max(len(name) for name, _ in rows)
    return [f"  {name:{width}}  {value}" for name, value in rows]


def _camps(camps: Sequence[CampScores]) -> list[str]:
    header = ("Camp", "Days", "Registered", "Simulated", "CRPS", *(f"In {_percent(width)}" for width in BAND_WIDTHS))
    rows = [
        (
            camp.name,
            str(camp.days),
            *(_people(value) for value in (camp.registered, camp.simulated, camp.crps)),
            *(_percent(share) for share in camp.coverage),
        )
        for camp in camps
    ]
    return aligned([header, *rows])


def _baselines(baselines: Sequence[BaselineScores]) -> list[str]:
    header = ("Naive forecast", "Days", "ARD", "Ratio", "CRPS", "Ratio", "What it is")
    rows = [
        (
            naive.name + ("*" if naive.knows_later else ""),
            str(naive.days),
            _figure(naive.difference),
            _ratio(naive.difference_ratio),
            _people(naive.error),
            _ratio(naive.crps_ratio),
            naive.meaning,
        )
        for naive in baselines
    ]
    return [
        *aligned([header, *rows]),
        "Ratio: the simulation's score over that of the naive forecast on the same days; below 1 it is better.",
        "* knows registrations of the day before, which the simulation does not.",
    ]


def over_all(validations: Sequence[Validation]) -> str:
    """Return the table over all scenarios, and the means over them."""
    header = (
        "Scenario",
        "Days",
        "Camps",
        "ARD",
        "normal",
        *(f"In {_percent(width)}" for width in BAND_WIDTHS),
        "CRPS/reg.",
        *(f"/ {name}" for name in _IN_TABLE),
        "s/member",
    )
    columns: list[tuple[Callable[[Validation], float], Callable[[float], str], _Mean]] = [
        (lambda found: found.scores.difference, _figure, _mean),
        (lambda found: found.scores.difference_normal, _figure, _mean),
        *((lambda found, at=at: found.scores.coverage[at], _percent, _mean) for at in range(len(BAND_WIDTHS))),
        (lambda found: found.scores.crps_relative, _figure, _mean),
        *((lambda found, name=name: _crps_ratio(found, name), _ratio, _mean_ratio) for name in _IN_TABLE),
        (lambda found: found.seconds_per_member, _ratio, _mean),
    ]
    rows = [
        (
            found.scenario,
            str(found.scores.days),
            str(found.scores.camp_count),
            *(show(value(found)) for value, show, _ in columns),
        )
        for found in validations
    ]
    means = [show(mean([value(found) for found in validations])) for value, show, mean in columns]
    names = ", ".join(f"'{name}'" for name in _IN_TABLE)
    return "\n".join(
        [
            *aligned([header, *rows, ("mean", "", "", *means)]),
            "ARD: averaged relative difference, rescaled. CRPS/reg.: CRPS over the mean registered.",
            f"Columns with /: CRPS over that of the naive forecasts {names}; below 1 the simulation is better.",
            "Their mean is the geometric one.",
        ]
    )


def _crps_ratio(found: Validation, name: str) -> float:
    return next(naive.crps_ratio for naive in found.scores.baselines if naive.name == name)


def _mean(values: Sequence[float]) -> float:
    """Return the mean of what is defined, of nothing nothing."""
    defined = [value for value in values if not math.isnan(value)]
    return sum(defined) / len(defined) if defined else math.nan


def _mean_ratio(values: Sequence[float]) -> float:
    """Return the geometric mean of what is defined: twice as good and half as good are as good, in the mean."""
    defined = [value for value in values if not math.isnan(value)]
    if not defined or min(defined) <= 0:  # a fair CRPS may be 0 or below
        return math.nan
    return math.exp(sum(map(math.log, defined)) / len(defined))


def _figure(value: float) -> str:
    return _NONE if math.isnan(value) else f"{value:.3f}"


def _ratio(value: float) -> str:
    return _NONE if math.isnan(value) else f"{value:.2f}"


def _people(value: float) -> str:
    return _NONE if math.isnan(value) else f"{value:,.0f}"


def _percent(share: float, digits: int = 0) -> str:
    return _NONE if math.isnan(share) else f"{share * 100:.{digits}f}%"
