"""What was learned from past journeys, and how it did on those left out, as text for a terminal."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from posada.cli.aligning import aligned
from posada.forecast.journey_tables import made_from
from posada.forecast.journeys_left_out import LeftOutScore, left_out_skills, share_held, told_by_others
from posada.model.file_scores import Skill
from posada.model.past_journeys import HANDLED
from posada.ops.journey_calibration import JourneyCalibrationAnswer, band_of

_NONE = "–"


def journeys_text(answer: JourneyCalibrationAnswer) -> str:
    """Return what ``posada calibrate`` prints of journeys."""
    request = answer.request
    without = f", without {', '.join(request.without)}" if request.without else ""
    told = sum(bool(one.readings) for one in answer.lessons.rates)
    out = request.out
    blocks = [
        f"{made_from(answer.readings)}{without}; for a journey that is {HANDLED[request.handled]}.",
        _learned_table(answer),
        f"{len(answer.lessons.rates) - told} other parameters have no reading and keep their default.",
        _left_out_table(answer.left_out),
        "Nothing was written; --out DIR writes what was learned, and a scenario that goes by it."
        if out is None
        else f"Written to {out}: {', '.join(dict.fromkeys(path.relative_to(out).parts[0] for path in answer.files))}",
    ]
    return "\n\n".join(blocks)


def _learned_table(answer: JourneyCalibrationAnswer) -> str:
    header = ("Parameter", "Unit", "Default", "Learned", "Median", "80 % of journeys", "From")
    rows = []
    for one in answer.lessons.rates:
        if one.readings:
            middle, low, high = (f"{value:.3g}" for value in band_of(one))
            rows.append(
                (
                    one.rate.name,
                    one.rate.unit,
                    _law(one.rate.distribution, one.rate.values),
                    _law(one.law, one.values),
                    middle,
                    f"{low} to {high}",
                    made_from(one.readings),
                )
            )
    note = "Median: what is common to journeys. 80 %: how far they differ, and so where a new one is expected."
    return "\n".join([*aligned([header, *rows]), note])


def _law(name: str, values: Sequence[float]) -> str:
    return f"{name} {';'.join(f'{value:g}' for value in values)}"


def _left_out_table(scores: Sequence[LeftOutScore]) -> str:
    """Return for each number how well others told a left-out journey, beside what is known without learning."""
    header = ("Left out", "Journeys", "Readings", "/ default", "/ others as they are", "In 80 %")
    by_rate = told_by_others(scores)
    told = [row for rows in by_rate.values() for row in rows]
    alone = len({row.rate for row in scores} - set(by_rate))
    lines = [
        (name, *_counts(rows), *(_ratio(skill.ratio) for skill in left_out_skills(rows)), _held(rows))
        for name, rows in by_rate.items()
    ]
    lines.append(("all", *_counts(told), *(_with_interval(skill) for skill in left_out_skills(told)), _held(told)))
    return "\n".join(
        [
            "Each journey in turn left out, and predicted by what the others teach:",
            *aligned([header, *lines]),
            "Columns with /: CRPS over that of the catalogue's default, or of the others' readings as they are.",
            "Below 1 what was learned is better. All: each number with the same weight; 95 % interval over journeys.",
            f"Told of by one journey only, so that no other can speak of it, and not in the table: {alone}.",
        ]
    )


def _counts(rows: Sequence[LeftOutScore]) -> tuple[str, str]:
    return str(len({row.journey for row in rows})), str(len(rows))


def _ratio(ratio: float) -> str:
    return _NONE if np.isnan(ratio) else f"{ratio:.2f}"


def _with_interval(skill: Skill) -> str:
    return _ratio(skill.ratio) if np.isnan(skill.low) else f"{skill.ratio:.2f} ({skill.low:.2f}–{skill.high:.2f})"


def _held(rows: Sequence[LeftOutScore]) -> str:
    return f"{share_held(rows):.0%}"
