r"""Learn from the bundled conflicts, judge that on those left out, and write the page about it: one command.

``python -m scripts.learn_conflicts`` calibrates on all bundled conflicts, writes what was learned into
``src/posada/data/conflicts``, forecasts each conflict with what the *others* taught, from its first day and from day 30
on, keeps the scores in ``data/conflicts``, and writes the made parts of ``docs/explanation/conflicts.md`` and the
picture of priors and what was kept of them. It takes about 20 minutes of processor time.

``--judge`` leaves out the calibration, ``--page`` forecasts as well; ``--check`` writes nothing and fails when page or
picture is not what the stored files say.
"""

from __future__ import annotations

import csv
import json
import re
import shutil
import sys
import tempfile
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

import numpy as np

from posada.forecast.conflict_numbers import LEARNED_NUMBERS, LearnedNumber
from posada.forecast.conflict_totals import TOTAL_NUMBERS
from posada.forecast.conflict_weights import KEPT_DRAWS, KEPT_TOTALS, best_draws, best_spread
from posada.io.bundled import bundled_flee
from posada.io.conflict_evidence import bundled_evidence, evidence_texts, read_evidence
from posada.io.stamp import STAMP_FILE
from posada.model.conflict_evidence import ConflictEvidence
from posada.ops.conflict_calibration import CalibrationRequest, calibrate_all
from posada.ops.conflict_validation import KNOWN_CAPACITY, KNOWN_SHARES, ConflictRequest, validate_conflicts
from scripts.made_page import markdown_table, write_or_compare

ROOT = Path(__file__).resolve().parents[1]
STORED = ROOT / "data" / "conflicts"
FLEE = ROOT / "data" / "validation" / "flee.csv"
PAGE = ROOT / "docs" / "explanation" / "conflicts.md"
PICTURE = ROOT / "docs" / "images" / "conflict-priors.svg"
COMMAND = "python -m scripts.learn_conflicts"
MADE = re.compile(r"(<!-- made: (?P<name>[a-z0-9 ]+) -->\n).*?(?=<!-- end -->)", flags=re.DOTALL)

FROM_DAYS = (0, 30)
DRAWS, MEMBERS, SEED = 240, 240, 1
TARGET_MEAN = 0.30
BANDS = ("50 %", "80 %", "95 %")

Row = Mapping[str, Any]


def learn() -> None:
    """Calibrate on all bundled conflicts, and keep what was learned where forecasts find it."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "learned"
        answer = calibrate_all(CalibrationRequest(bundled_flee(), draws=DRAWS, seed=SEED, out=out))
        home = bundled_evidence()
        home.mkdir(parents=True, exist_ok=True)
        for name in (*evidence_texts(answer.learned), STAMP_FILE):
            shutil.copyfile(out / name, home / name)


def judge() -> None:
    """Forecast each conflict with what the others taught, and keep the scores."""
    for day in FROM_DAYS:
        with tempfile.TemporaryDirectory() as folder:
            out = Path(folder) / "scores"
            validate_conflicts(ConflictRequest(bundled_flee(), day, members=MEMBERS, seed=SEED, out=out))
            STORED.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(out / "conflicts.json", STORED / f"from_day_{day}.json")


def _stored(day: int) -> dict[str, Any]:
    whole: dict[str, Any] = json.loads((STORED / f"from_day_{day}.json").read_text(encoding="utf-8"))
    return whole


def _rows(day: int, *, totals_known: bool) -> list[Row]:
    whole = _stored(day)
    both = [*whole["scores"], *whole["over_all"]]
    return [row for row in both if row["totals_known"] == totals_known]


def _flee() -> dict[str, dict[str, float]]:
    """Return what Flee gave on each conflict, by settings."""
    made: dict[str, dict[str, float]] = {}
    with FLEE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["settings"] in ("modern125", "awareness2"):
                made.setdefault(row["scenario"], {})[row["settings"]] = float(row["difference"])
    return made


def _figure(value: float | None, digits: int = 3) -> str:
    return "–" if value is None else f"{value:.{digits}f}"


def _percent(value: float | None) -> str:
    return "–" if value is None else f"{value * 100:.0f} %"


def known_table(day: int) -> str:
    """Return the errors with totals known beside Flee's and naive ones."""
    flee = _flee()
    rows = []
    for row in _rows(day, totals_known=True):
        theirs = flee.get(row["scenario"], {})
        better = min(theirs.values()) if theirs else None
        if not row["scenario"]:
            better = float(np.mean([min(own.values()) for own in flee.values()]))
        naive = row["naive_differences"]
        own = (_figure(row["difference"]), _figure(better)) if day == 0 else (_figure(row["difference"]),)
        rows.append(
            (
                row["scenario"] or "mean",
                *own,
                *(_figure(naive.get(name)) for name in (KNOWN_SHARES, KNOWN_CAPACITY)),
                *(_percent(share) for share in row["coverage_shared"]),
                _percent(row["coverage"][1]),
                _figure(row["crps_relative"]),
            )
        )
    flee_column = ("Flee, better setting",) if day == 0 else ()
    header = ("conflict", "Posada", *flee_column, "last shares", "by capacity", *(f"in {band}" for band in BANDS))
    return markdown_table((*header, "in 80 %, ties inside", "CRPS / registered"), rows)


def forecast_table(day: int) -> str:
    """Return the errors without totals beside those of naive forecasts."""
    names = ("last value", "last pace", "last ratio")
    rows = [
        (
            row["scenario"] or "mean, and all",
            _figure(row["difference"]),
            _figure(row["difference_normal"]),
            _figure(row["total_error"]),
            *(_percent(share) for share in row["coverage_shared"]),
            *(_skill(row, name) for name in names),
        )
        for row in _rows(day, totals_known=False)
    ]
    header = ("conflict", "ARD", "not rescaled", "error of the total", *(f"in {band}" for band in BANDS))
    text = markdown_table((*header, *(f"/ {name}" for name in names)), rows)
    left = _stored(day)["not_forecast"]
    return text + "".join(f"\n`{name}` has no forecast. {why}\n" for name, why in left.items())


def _skill(row: Row, name: str) -> str:
    skill = row["skills"].get(name)
    if skill is None or skill["ratio"] is None:
        return "–"
    text = f"{skill['ratio']:.2f}"
    return text if row["scenario"] or skill["low"] is None else f"{text} ({skill['low']:.2f}–{skill['high']:.2f})"


def verdict() -> str:
    """Return what was asked and what was measured, from the first day on with totals known."""
    rows = _rows(0, totals_known=True)
    single, mean = [row for row in rows if row["scenario"]], rows[-1]
    flee = _flee()
    better = sum(row["difference"] < min(flee[row["scenario"]].values()) for row in single)
    held = [row["coverage_shared"][1] for row in single]
    in_mean = _percent(mean["coverage_shared"][1])
    inside = sum(0.6 <= share <= 0.95 for share in held)
    measured = (
        f"{in_mean} in the mean; {inside} of {len(single)} conflicts, {_percent(min(held))} to {_percent(max(held))}"
    )
    table = [
        ("below Flee's with the better of its two best common settings", "5 of 6", f"{better} of {len(single)}"),
        ("mean averaged relative difference", f"at most {TARGET_MEAN:.2f}", _figure(mean["difference"])),
        ("camp-days in the 80 % band", "60–95 %", measured),
    ]
    return markdown_table(("what", "asked", "measured"), table)


def numbers_table(name: str) -> str:
    """Return the numbers with their priors and what was kept of them."""
    learned = read_evidence(bundled_evidence())
    evidence, table, keep = {
        "movement": (learned.movement, LEARNED_NUMBERS, KEPT_DRAWS),
        "totals": (learned.totals, TOTAL_NUMBERS, KEPT_TOTALS),
    }[name]
    kept = best_draws(evidence, range(len(evidence.conflicts)), keep)
    rows = []
    for at, number in enumerate(table):
        low, middle, high = np.quantile(evidence.values[kept, at], [0.1, 0.5, 0.9])
        rows.append(
            (
                f"`{number.name}`",
                f"{number.low:g} to {number.high:g}" + (", by ratio" if number.by_ratio else ""),
                f"{middle:.3g} ({low:.3g} to {high:.3g})",
                f"{_share_left(evidence, kept, at, number):.2f}",
                number.unit,
                number.meaning,
            )
        )
    return markdown_table(("number", "prior", "kept: middle (80 %)", "width left", "unit", "what it is"), rows)


def _share_left(evidence: ConflictEvidence, kept: Any, at: int, number: LearnedNumber) -> float:
    """Return the width of the kept 80 % over that of the prior: 1 where nothing was learned."""
    low, high = np.quantile(number.share(evidence.values[kept, at]), [0.1, 0.9])
    return float(high - low) / 0.8


def left_out_table() -> str:
    """Return for each conflict the errors of all sets of numbers, of the best, and of those kept by the others."""
    learned = read_evidence(bundled_evidence())
    evidence = learned.movement
    rows = []
    for at, conflict in enumerate(evidence.conflicts):
        others = evidence.others(conflict.id, conflict.start)
        own = evidence.errors[:, at]
        spread = best_spread(learned, others)
        kept = own[best_draws(evidence, others, KEPT_DRAWS)].mean()
        figures = (own.mean(), kept, own.min())
        rows.append(
            (conflict.id, *(_figure(float(value)) for value in figures), *(f"{value:g}" for value in spread.values()))
        )
    means = np.mean([[float(cell) for cell in row[1:4]] for row in rows], axis=0)
    rows.append(("mean", *(_figure(float(value)) for value in means), "", ""))
    header = ("conflict", "prior", "kept by the others", "best for itself", "spread of arrivals", "spread of counts")
    return markdown_table(header, rows)


def provenance() -> str:
    """Return with what the figures were made."""
    lines = []
    for what, stamp in (
        ("learned", json.loads((bundled_evidence() / STAMP_FILE).read_text(encoding="utf-8"))),
        *((f"from day {day}", _stored(day)["posada"]) for day in FROM_DAYS),
    ):
        with_ = stamp["computed_with"]
        unit = "draws" if what == "learned" else "members"
        lines.append(
            f"- {what}: {stamp['members']} {unit}, seed {stamp['seed']}, {stamp['made_at'][:10]}, posada "
            f"{stamp['version']}, Python {with_['python']}, numba {with_['numba']}, numpy {with_['numpy']}\n"
        )
    return "".join(lines)


def picture() -> str:
    """Return the picture: for each number the prior as a line, and what was kept, by all and without each, as ticks."""
    learned = read_evidence(bundled_evidence())
    row_height, left, width, top = 26, 190, 420, 46
    groups = ((learned.movement, LEARNED_NUMBERS, KEPT_DRAWS), (learned.totals, TOTAL_NUMBERS, KEPT_TOTALS))
    count = sum(len(table) for _, table, _ in groups)
    height = top + row_height * count + 30
    title = "Numbers of conflicts: prior and what was kept"
    about = (
        "For each number a line over the prior, from its lowest to its highest value. Ticks above it are the sets "
        "kept by all six conflicts, ticks below it those kept when one is left out, darker where they agree."
    )
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="priors-title priors-desc" '
        f'viewBox="0 0 {left + width + 90} {height}" font-family="Helvetica,Arial,sans-serif">'
        f'<title id="priors-title">{escape(title)}</title><desc id="priors-desc">{escape(about)}</desc>'
        f'<rect x="0" y="0" width="{left + width + 90}" height="{height}" fill="#ffffff"/>'
        f'<text x="12" y="20" font-size="13" font-weight="bold" fill="#222222">{escape(title)}</text>'
        '<text x="12" y="36" font-size="10" fill="#555555">above the line: kept by all six; below: by five</text>'
    )
    parts = [head]
    y = top + 12
    for evidence, table, keep in groups:
        for at, number in enumerate(table):
            parts.append(_picture_row(evidence, at, number, keep, left=left, width=width, y=y))
            y += row_height
    return "\n".join([*parts, "</svg>\n"])


def _picture_row(
    evidence: ConflictEvidence, at: int, number: LearnedNumber, keep: int, *, left: int, width: int, y: int
) -> str:
    everybody = list(range(len(evidence.conflicts)))
    line = (
        f'<line x1="{left}" y1="{y}" x2="{left + width}" y2="{y}" stroke="#999999" stroke-width="1"/>'
        f'<text x="{left - 62}" y="{y + 4}" font-size="10" text-anchor="end" fill="#222222">{number.name}</text>'
        f'<text x="{left - 8}" y="{y + 4}" font-size="9" text-anchor="end" fill="#555555">{number.low:g}</text>'
        f'<text x="{left + width + 8}" y="{y + 4}" font-size="9" fill="#555555">{number.high:g}</text>'
    )
    lines = [line]
    groups = [(everybody, -9, "#0b5fa5", 0.8)]
    groups += [([at_ for at_ in everybody if at_ != out], 3, "#b5541c", 0.3) for out in everybody]
    for among, dy, colour, opacity in groups:
        kept = evidence.values[best_draws(evidence, among, keep), at]
        ticks = "".join(f"M{left + width * share:.1f} {y + dy}v6" for share in number.share(kept).tolist())
        lines.append(f'<path d="{ticks}" stroke="{colour}" stroke-width="2" stroke-opacity="{opacity}"/>')
    return "".join(lines)


def page(text: str) -> str:
    """Return the page with its made parts written anew."""

    def made(found: re.Match[str]) -> str:
        name, _, which = found["name"].partition(" ")
        parts: dict[str, Any] = {
            "provenance": provenance,
            "verdict": verdict,
            "left": left_out_table,
        }
        days = {"known": known_table, "forecast": forecast_table}
        content = days[name](int(which)) if name in days else None
        if name == "numbers":
            content = numbers_table(which)
        return f"{found[1]}\n{content if content is not None else parts[name]()}\n"

    return MADE.sub(made, text)


def main(arguments: Sequence[str]) -> int:
    """Learn, judge and write the page; or say whether page and picture are what the stored files say."""
    check = "--check" in arguments
    if not {"--judge", "--page", "--check"} & set(arguments):
        learn()
    if not {"--page", "--check"} & set(arguments):
        judge()
    fresh = page(PAGE.read_text(encoding="utf-8"))
    if not check:
        PICTURE.write_text(picture(), encoding="utf-8", newline="\n")
    stale = write_or_compare(PAGE, fresh, f"{COMMAND} --page", check=check)
    return stale or write_or_compare(PICTURE, picture(), f"{COMMAND} --page", check=check)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
