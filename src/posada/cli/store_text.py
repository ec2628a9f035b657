"""What ``posada run --store`` says about the members that it keeps."""

from __future__ import annotations

from pathlib import Path

from posada.ops.blocks import Filled
from posada.report.numbers import plain


def filled_text(filled: Filled, store: Path | None) -> str:
    """Return how many members were there, how many were run, and which blocks were damaged."""
    line = f"Members in {store}: {plain(filled.found)} were there, {plain(filled.run)} were run."
    if filled.damaged:
        which = "; ".join(str(members) for members in filled.damaged)
        line += f"\nDamaged blocks were taken out: members {which}."
    return line
