"""Check the fragments in ``changelog.d/`` and, at a release, collect them into ``CHANGELOG.md``.

A fragment is one file per change, ``ISSUE.KIND.md``, holding a sentence or two for the reader of the release
notes. One file per change means that two changes never meet in the same line.

::

    python scripts/changelog.py check
    python scripts/changelog.py release 0.2.0
"""

from __future__ import annotations

import datetime as dt
import re
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

KINDS = {
    "results-change": "Results change",
    "added": "Added",
    "changed": "Changed",
    "fixed": "Fixed",
    "removed": "Removed",
}
"""Kinds of change in the order of the release notes. Those that move numbers come first."""

_NAME = re.compile(r"(?P<issue>\d+)\.(?P<kind>[a-z-]+)(\.\d+)?\.md")


class FragmentError(ValueError):
    """A fragment has a name or a text that cannot go into the release notes."""


@dataclass(frozen=True, slots=True)
class Fragment:
    """One change, as the reader of the release notes will see it."""

    issue: int
    kind: str
    text: str


def read_fragment(path: Path) -> Fragment:
    """Read one fragment.

    Raises
    ------
    FragmentError
        When the name is not ``ISSUE.KIND.md`` (or ``ISSUE.KIND.2.md``), or the text is not a sentence.
    """
    name = _NAME.fullmatch(path.name)
    if name is None or name["kind"] not in KINDS:
        kinds = ", ".join(KINDS)
        raise FragmentError(f"{path.name}: name it ISSUE.KIND.md, for example 12.fixed.md; kinds: {kinds}")
    text = " ".join(path.read_text(encoding="utf-8").split())
    if not text.endswith("."):
        raise FragmentError(f"{path.name}: write at least one sentence, ending with a full stop")
    return Fragment(int(name["issue"]), name["kind"], text)


def fragments(folder: Path) -> list[Fragment]:
    """Read all fragments of a folder, in the order of the release notes."""
    found = [read_fragment(path) for path in folder.iterdir() if path.name != "README.md"]
    order = list(KINDS)
    return sorted(found, key=lambda fragment: (order.index(fragment.kind), fragment.issue, fragment.text))


def collect(folder: Path, version: str, day: str) -> str:
    """Return the section of the changelog that the fragments make."""
    parts = [f"## {version} ({day})\n"]
    kind = ""
    for fragment in fragments(folder):
        if fragment.kind != kind:
            kind = fragment.kind
            parts.append(f"\n### {KINDS[kind]}\n\n")
        parts.append(f"- {fragment.text} (#{fragment.issue})\n")
    return "".join(parts)


def release(version: str) -> None:
    """Put the collected section at the top of ``CHANGELOG.md`` and remove the fragments."""
    folder, changelog = ROOT / "changelog.d", ROOT / "CHANGELOG.md"
    section = collect(folder, version, dt.datetime.now(dt.UTC).date().isoformat())
    head, separator, rest = changelog.read_text(encoding="utf-8").partition("\n## ")
    changelog.write_text(f"{head.rstrip()}\n\n{section}{separator}{rest}", encoding="utf-8")
    for path in folder.iterdir():
        if path.name != "README.md":
            path.unlink()


def main(arguments: list[str]) -> int:
    """Run one of the two chores; return the exit status."""
    try:
        if arguments == ["check"]:
            print(f"{len(fragments(ROOT / 'changelog.d'))} changelog fragments")
        elif len(arguments) == 2 and arguments[0] == "release":
            release(arguments[1])
        else:
            print(__doc__, file=sys.stderr)
            return 2
    except FragmentError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
