"""Pages with parts that are made from stored figures: written anew, or compared with what is there."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path


def markdown_table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table of a page."""
    lines = [header, ["---"] * len(header), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def write_or_compare(page: Path, fresh: str, command: str, *, check: bool) -> int:
    """Write a page, or say whether it is what would be written; return an exit status."""
    if not check:
        page.write_text(fresh, encoding="utf-8", newline="\n")
        return 0
    stale = page.read_text(encoding="utf-8") != fresh
    if stale:
        print(f"stale: {page.name}; run {command}", file=sys.stderr)
    return int(stale)
