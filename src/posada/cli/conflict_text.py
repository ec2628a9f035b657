"""What was learned from conflicts, and how forecasts of them did, as text for a terminal."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

from posada.cli.aligning import aligned
from posada.forecast.conflict_numbers import LEARNED_NUMBERS, LearnedNumber
from posada.forecast.conflict_totals import TOTAL_NUMBERS
from posada.forecast.conflict_weights import KEPT_DRAWS, KEPT_TOTALS, best_draws, best_spread
from posada.model.conflict_evidence import ConflictEvidence
from posada.model.conflict_validation import ConflictScores
from posada.model.validation import BAND_WIDTHS
from posada.ops.conflict_calibration import CalibrationAnswer
from posada.ops.conflict_validation import ConflictAnswer

_NONE = "–"


def calibration_text(answer: CalibrationAnswer) -> str:
    """Return what ``posada calibrate`` prints."""
    learned = answer.learned
    ids = [row.id for row in learned.movement.conflicts]
    everybody = range(len(ids))
    spread = best_spread(learned, everybody)
    said = ", ".join(f"{name} {value:g}" for name, value in spread.items())
    blocks = [
        f"{learned.movement.draws} sets of numbers, each run on {', '.join(ids)}; seed {answer.request.seed}",
        _left_out_table(learned.movement),
        "The movement of people, kept sets against the prior:\n"
        + _numbers_table(learned.movement, LEARNED_NUMBERS, KEPT_DRAWS),
        "How totals go on, kept sets against the prior:\n" + _numbers_table(learned.totals, TOTAL_NUMBERS, KEPT_TOTALS),
        f"Spread of members: {said}.",
        _written(answer.request.out, answer.files, "what was learned"),
    ]
    return "\n\n".join(blocks)


def _left_out_table(evidence: ConflictEvidence) -> str:
    """Return for each conflict the errors of all sets, and of those that the other conflicts keep."""
    header = ("Conflict", "Best set", "All sets", "Kept by the others")
    rows = []
    for at, conflict in enumerate(evidence.conflicts):
        kept = best_draws(evidence, evidence.others(conflict.id, conflict.start), KEPT_DRAWS)
        own = evidence.errors[:, at]
        figures = (float(own.min()), float(own.mean()), float(own[kept].mean()))
        rows.append((conflict.id, *(_figure(value) for value in figures)))
    return "\n".join(
        [*aligned([header, *rows]), "Averaged relative difference of a run, rescaled, totals known; means over sets."]
    )


def _numbers_table(evidence: ConflictEvidence, table: Sequence[LearnedNumber], keep: int) -> str:
    kept = best_draws(evidence, range(len(evidence.conflicts)), keep)
    header = ("Number", "Prior", "Kept, 80 %", "Median", "Unit")
    rows = []
    for at, number in enumerate(table):
        values = sorted(evidence.values[kept, at].tolist())
        low, middle, high = (values[round(share * (len(values) - 1))] for share in (0.1, 0.5, 0.9))
        rows.append(
            (
                number.name,
                f"{number.low:g} to {number.high:g}",
                f"{low:.3g} to {high:.3g}",
                f"{middle:.3g}",
                number.unit,
            )
        )
    return "\n".join(aligned([header, *rows]))


def conflict_text(answer: ConflictAnswer) -> str:
    """Return what ``posada validate --from-day`` prints."""
    request = answer.request
    asked = f"Forecast from day {request.from_day} on, {request.members} members, seed {request.seed}"
    blocks = [f"{asked}; each conflict with what the others taught."]
    for totals_known in (True, False):
        rows = [row for row in (*answer.scores, *answer.over_all) if row.totals_known == totals_known]
        if rows:
            blocks.append(_scores_block(rows, totals_known=totals_known))
    blocks += [f"{name}: not forecast without totals. {why}" for name, why in answer.not_forecast.items()]
    blocks.append(_written(request.out, answer.files, "scores and forecast files"))
    return "\n\n".join(blocks)


def _scores_block(rows: Sequence[ConflictScores], *, totals_known: bool) -> str:
    title = (
        "Totals of all days and conflict known, as Flee has them:"
        if totals_known
        else "Nothing known that was published later; how many people there will be is forecast:"
    )
    names = list(dict.fromkeys(name for row in rows for name in row.skills))
    header = (
        "Conflict",
        "ARD",
        "normal",
        "Total",
        "CRPS/reg.",
        *(f"In {width:.0%}" for width in BAND_WIDTHS),
        *(f"/ {name}" for name in names),
    )
    table = [
        (
            row.scenario or "all",
            *(_figure(value) for value in (row.difference, row.difference_normal, row.total_error, row.crps_relative)),
            *(_NONE if math.isnan(share) else f"{share:.0%}" for share in row.coverage_shared),
            *(_skill(row, name) for name in names),
        )
        for row in rows
    ]
    lines = [title, *aligned([header, *table])]
    for name in dict.fromkeys(name for row in rows for name in row.naive_differences):
        figures = ", ".join(
            f"{row.scenario or 'all'} {_figure(row.naive_differences.get(name, math.nan))}" for row in rows
        )
        lines.append(f"ARD of '{name}': {figures}.")
    return "\n".join(
        [
            *lines,
            "ARD: averaged relative difference of the medians, rescaled to the total of the day; normal: not rescaled.",
            "Total: error of the median total. Bands: share of camp-days, ties shared out.",
            "Columns with /: interval score over that of the naive forecast; below 1 the forecast is better.",
            "The row 'all' has the 95 % interval of that over conflicts, and otherwise means over conflicts.",
        ]
    )


def _skill(row: ConflictScores, name: str) -> str:
    skill = row.skills.get(name)
    if skill is None or math.isnan(skill.ratio):
        return _NONE
    if row.scenario or math.isnan(skill.low):
        return f"{skill.ratio:.2f}"
    return f"{skill.ratio:.2f} ({skill.low:.2f}–{skill.high:.2f})"


def _figure(value: float) -> str:
    return _NONE if math.isnan(value) else f"{value:.3f}"


def _written(out: Path | None, files: Sequence[Path], what: str) -> str:
    if out is None:
        return f"Nothing was written; --out DIR writes {what}."
    return f"Written to {out}: {', '.join(path.name for path in files)}"
