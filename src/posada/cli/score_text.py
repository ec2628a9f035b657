"""Scores of a forecast file as text for a terminal."""

from __future__ import annotations

import math
from collections.abc import Sequence

from posada.cli.aligning import aligned
from posada.forecast.file_scores import BEFORE, BEYOND, KNOWN, NOT_FORECAST
from posada.forecast.score_table import ALL_PEOPLE
from posada.model.file_scores import Skill, TargetScores
from posada.model.validation import BAND_WIDTHS
from posada.ops.scoring import ScoreAnswer

_NONE = "–"


def score_text(answer: ScoreAnswer) -> str:
    """Return what ``posada score`` prints."""
    blocks = [
        "\n".join(
            [
                f"{answer.request.forecast} as of {answer.origin}, scenario {answer.forecast_hash[:8] or 'not named'}",
                *_left_out(answer.scores),
            ]
        ),
        scores_table(answer.scores),
    ]
    skills = skills_table(answer.scores)
    blocks.append(skills or "No naive forecast to compare with; --scenario or --baseline gives some.")
    if answer.request.out is None:
        blocks.append("Nothing was written; --out DIR writes the scores as CSV, Parquet and JSON.")
    else:
        blocks.append(f"Written to {answer.request.out}: {', '.join(path.name for path in answer.files)}")
    return "\n\n".join(blocks)


def _left_out(scores: Sequence[TargetScores]) -> list[str]:
    """Say how many rows of truth are not scored, and why."""
    reasons: dict[str, int] = {}
    for found in scores:
        if found.target != ALL_PEOPLE:
            for reason, count in found.left_out.items():
                reasons[reason] = reasons.get(reason, 0) + count
    said = {
        KNOWN: "were public on that date",
        BEFORE: "are of days before it",
        NOT_FORECAST: "have no forecast",
        BEYOND: "are of days beyond the horizon",
    }
    return [f"{count} rows of the truth {said[reason]}; they are not scored." for reason, count in reasons.items()]


def scores_table(scores: Sequence[TargetScores]) -> str:
    """Return the scores of each target."""
    header = (
        "Target",
        "Rows",
        "Observed",
        "Score",
        "CRPS",
        "Error",
        *(f"In {w:.0%}" for w in BAND_WIDTHS),
        "Shared",
        "ARD",
    )
    rows = [
        (
            found.target,
            str(found.rows),
            _number(found, found.observed),
            _number(found, found.score),
            _number(found, found.crps),
            _number(found, found.error) + (f" ({found.undecided} not expected)" if found.undecided else ""),
            *(_NONE if math.isnan(share) else f"{share:.0%}" for share in found.coverage),
            "/".join(_NONE if math.isnan(share) else f"{share:.0%}" for share in found.coverage_shared),
            _NONE if math.isnan(found.relative_difference) else f"{found.relative_difference:.2f}",
        )
        for found in scores
        if found.rows
    ]
    return "\n".join(
        [
            *aligned([header, *rows]),
            "Score: mean weighted interval score in people; of arrivals the CRPS of the day, in days.",
            "Error: of the median.",
            "Shared: the same bands, ties such as nobody shared out, without rows that were sure and right.",
            "ARD: averaged relative difference over the places with a figure, not rescaled.",
        ]
    )


def skills_table(scores: Sequence[TargetScores]) -> str:
    """Return the ratio of each score to that of each naive forecast; empty when there are none."""
    names = list(dict.fromkeys(name for found in scores for name in found.skills))
    if not names:
        return ""
    rows = [
        (found.target, str(found.units), *(_skill(found.skills.get(name)) for name in names))
        for found in scores
        if found.rows
    ]
    return "\n".join(
        [
            *aligned([("Score over that of", "Units", *names), *rows]),
            "Below 1 the forecast is better. In brackets: 95% bootstrap interval over independent units.",
        ]
    )


def _skill(skill: Skill | None) -> str:
    if skill is None or not skill.rows or math.isnan(skill.ratio):
        return _NONE
    interval = "" if math.isnan(skill.low) else f" ({skill.low:.2f} to {skill.high:.2f})"
    return f"{skill.ratio:.2f}{interval}"


def _number(found: TargetScores, value: float) -> str:
    if math.isnan(value):
        return _NONE
    return f"{value:.1f} d" if found.unit == "days" else f"{value:,.0f}"
