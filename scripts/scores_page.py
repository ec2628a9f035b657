"""Write the tables of ``docs/explanation/scores.md`` from the stored scores of the other journeys.

``python -m scripts.score_journeys --keep`` makes the scores, stores them in ``data/journeys/scores.json`` and writes
the page anew; ``python -m scripts.scores_page`` writes the page from what is stored, and with ``--check`` fails when
the page is not that.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from scripts.made_page import markdown_table, write_or_compare

ROOT = Path(__file__).resolve().parents[1]
STORED = ROOT / "data" / "journeys" / "scores.json"
PAGE = ROOT / "docs" / "explanation" / "scores.md"
MADE = re.compile(r"(<!-- made: (?P<name>[a-z]+) -->\n).*?(?=<!-- end -->)", flags=re.DOTALL)
OF_EACH = ("people_tonight", "arrived_by", "all of people")

Row = Mapping[str, Any]


def _number(value: float | None, unit: str) -> str:
    if value is None:
        return "–"
    return f"{value:.1f} days" if unit == "days" else f"{value:,.0f}"


def _percent(value: float | None) -> str:
    return "–" if value is None else f"{value * 100:.0f} %"


def _best(row: Row) -> tuple[str, Row] | None:
    """Return the naive forecast with the least error, and the skill beside it."""
    found = [(name, skill) for name, skill in row["skills"].items() if skill["rows"]]
    return min(found, key=lambda pair: pair[1]["naive"]) if found else None


def _ratio(skill: Row) -> str:
    if skill["ratio"] is None:
        return "–"
    interval = "" if skill["low"] is None else f" ({skill['low']:.2f} to {skill['high']:.2f})"
    return f"{skill['ratio']:.2f}{interval}"


def _by_unit(skill: Row) -> str:
    return "–" if skill["by_unit"] is None else f"{skill['by_unit']:.2f}"


def overall(stored: Row) -> str:
    """Return a table for each horizon: the scores of each target over all journeys."""
    parts = []
    for horizon, targets in stored["horizons"].items():
        rows = []
        for row in targets:
            best = _best(row)
            if not row["rows"] or best is None:
                continue
            name, skill = best
            rows.append(
                (
                    f"`{row['target']}`" if row["target"] != "all of people" else "**all of people**",
                    str(row["rows"]),
                    str(row["units"]),
                    _number(row["score"], row["unit"]),
                    f"{_number(skill['naive'], row['unit'])} ({name})",
                    _ratio(skill),
                    _by_unit(skill),
                    _percent(row["coverage"][1]),
                    _percent(row["coverage_shared"][1]),
                )
            )
        header = ("target", "rows", "journeys", "score", "best naive", "ratio", "by journey", "in 80 %", "ties shared")
        parts.append(f"**Up to {horizon} days after the date**\n\n{markdown_table(header, rows)}")
    return "\n".join(parts)


def of_each(stored: Row) -> str:
    """Return the table of journeys, up to the longest horizon."""
    rows = []
    for journey, targets in stored["journeys"].items():
        for row in targets:
            best = _best(row)
            if row["target"] not in OF_EACH or not row["rows"] or best is None:
                continue
            name, skill = best
            rows.append(
                (
                    f"`{journey}`",
                    row["target"],
                    str(row["rows"]),
                    _number(row["score"], row["unit"]),
                    f"{_number(skill['naive'], row['unit'])} ({name})",
                    "–" if skill["ratio"] is None else f"{skill['ratio']:.2f}",
                    _percent(row["coverage_shared"][1]),
                )
            )
    return markdown_table(("journey", "target", "rows", "score", "best naive", "ratio", "in 80 %, ties shared"), rows)


def provenance(stored: Row) -> str:
    """Return with what the scores were made."""
    made = stored["made"]
    return (
        f"Forecasts: {made['forecaster']}; {made['members']} members, seed {made['seed']}, posada {made['version']}.\n"
    )


def page(text: str) -> str:
    """Return the page with its made parts written anew."""
    stored = json.loads(STORED.read_text(encoding="utf-8"))
    parts = {"provenance": provenance, "overall": overall, "journeys": of_each}
    return MADE.sub(lambda found: f"{found[1]}\n{parts[found['name']](stored)}\n", text)


def main(arguments: Sequence[str]) -> int:
    """Write the page, or say whether it is what is stored."""
    fresh = page(PAGE.read_text(encoding="utf-8"))
    return write_or_compare(PAGE, fresh, "python -m scripts.scores_page", check="--check" in arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
