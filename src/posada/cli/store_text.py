"""What ``posada run --store`` says about the members that it keeps, and ``posada forecast --store`` about nights."""

from __future__ import annotations

from pathlib import Path

from posada.ops.blocks import Filled
from posada.ops.nights import Resumed
from posada.report.days import day_range, short_day
from posada.report.numbers import plain


def filled_text(filled: Filled, store: Path | None) -> str:
    """Return how many members were there, how many were run, and which blocks were damaged."""
    line = f"Members in {store}: {plain(filled.found)} were there, {plain(filled.run)} were run."
    if filled.damaged:
        which = "; ".join(str(members) for members in filled.damaged)
        line += f"\nDamaged blocks were taken out: members {which}."
    return line


def resumed_text(resumed: Resumed, store: Path | None) -> str:
    """Return from which night a forecast went on, and which are kept."""
    began = "the first day" if resumed.night is None else f"the night of {short_day(resumed.night, 'en')}"
    return f"Nights in {store}: went on from {began}; {day_range(resumed.kept[0], resumed.kept[-1], 'en')} are kept."
