"""What ``posada run --store`` says about the members that it keeps, and ``posada forecast --store`` about nights."""

from __future__ import annotations

from pathlib import Path

from posada.ops.blocks import Filled
from posada.ops.nights import Resumed
from posada.report.days import day_range, short_day
from posada.report.numbers import plain
from posada.report.phrases import Phrases


def filled_text(filled: Filled, store: Path | None, phrases: Phrases) -> str:
    """Return how many members were there, how many were run, and which blocks were damaged."""
    lines = [phrases.say("store.members", store=store, found=plain(filled.found), run=plain(filled.run))]
    if filled.damaged:
        lines.append(phrases.say("store.damaged", which="; ".join(str(members) for members in filled.damaged)))
    return "\n".join(lines)


def resumed_text(resumed: Resumed, store: Path | None, phrases: Phrases) -> str:
    """Return from which night a forecast went on, and which are kept."""
    language, began = phrases.language, phrases.say("store.first_day")
    if resumed.night is not None:
        began = phrases.say("store.night_of", day=short_day(resumed.night, language))
    kept = day_range(resumed.kept[0], resumed.kept[-1], language)
    return phrases.say("store.nights", store=store, began=began, kept=kept)
