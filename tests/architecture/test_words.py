"""The words used about people: people, not water and not war (standards for words, English and Spanish)."""

from __future__ import annotations

import csv
import io
import re
import tomllib
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from posada.io.bundled import bundled_flee
from tests.architecture.source_tree import ROOT, project_files, shown

READ_SUFFIXES = {".py", ".md", ".html", ".jinja", ".j2", ".toml", ".csv", ".txt", ".css", ".svg"}
READ_FOLDERS = ("src", "docs", "scripts", "bench", "changelog.d")
READ_FILES = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "NOTICE")
# The titles and addresses of other people's publications are quoted as they are.
QUOTED_COLUMNS = {"title", "url"}
# Tables of others that are passed on as they are; what we say about them is read.
QUOTED_FILES = tuple(f"src/posada/data/flee/{name}/" for name in bundled_flee())


@cache
def _words() -> tuple[tuple[re.Pattern[str], str], ...]:
    with (ROOT / "tests" / "architecture" / "words.toml").open("rb") as file:
        table = tomllib.load(file)
    return tuple((re.compile(rf"\b(?:{'|'.join(word['patterns'])})\b"), word["instead"]) for word in table["word"])


@cache
def _names() -> re.Pattern[str]:
    with (ROOT / "tests" / "architecture" / "words.toml").open("rb") as file:
        names = tomllib.load(file)["allowed"]["names"]
    return re.compile(rf"(?<![A-Za-z0-9_])(?:{'|'.join(map(re.escape, names))})(?![A-Za-z0-9_])")


@cache
def _allowed() -> re.Pattern[str]:
    with (ROOT / "tests" / "architecture" / "words.toml").open("rb") as file:
        phrases = tomllib.load(file)["allowed"]["phrases"]
    longest_first = sorted(map(re.escape, phrases), key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(longest_first)})\b")


def _plain(text: str) -> str:
    """Return small letters without accents, and words apart that a programmer joined with ``_``."""
    split = unicodedata.normalize("NFD", text.casefold().replace("_", " "))
    return "".join(letter for letter in split if not unicodedata.combining(letter))


def _own_words(path: Path) -> str:
    """Return the text of a file without what it quotes."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".csv":
        rows = csv.DictReader(io.StringIO(text, newline=""))
        return "\n".join(
            " ".join(str(cell) for column, cell in row.items() if cell and column not in QUOTED_COLUMNS) for row in rows
        )
    return re.sub(r"https?://\S+", "", text)


def _faults(text: str) -> Iterator[str]:
    for number, line in enumerate(_plain(_names().sub("", text)).splitlines(), start=1):
        own = _allowed().sub("", line)
        for pattern, instead in _words():
            found = pattern.search(own)
            if found:
                yield f"line {number}: '{found[0]}'; write: {instead}"


def _read_files() -> list[Path]:
    return [
        path
        for path in project_files()
        if path.suffix in READ_SUFFIXES
        and not shown(path).startswith(QUOTED_FILES)
        and (shown(path).split("/")[0] in READ_FOLDERS or shown(path) in READ_FILES)
    ]


@pytest.mark.parametrize("path", _read_files(), ids=shown)
def test_words(path):
    assert list(_faults(_own_words(path))) == []


@pytest.mark.parametrize(
    "said",
    [
        "A wave of people reached the town.",
        "Towns were FLOODED.",
        "una oleada de personas",
        "personas ilegales",
        "la invasión",
        "los flujos migratorios",
        "def count_illegal_crossings():",
        "the flood level of the river",
        "flood_levels",
    ],
)
def test_the_lint_finds(said):
    assert list(_faults(said)) != []


@pytest.mark.parametrize(
    "said",
    [
        "A heat wave is expected on Tuesday.",
        "Hay ola de calor.",
        "min-cost flow over towns and days",
        "The microwave in the kitchen of the shelter",
        "Hola, lleguen temprano",
        "1,200 people arrive tomorrow.",
        "read from flood_level.csv with flood_rules",
    ],
)
def test_the_lint_lets_pass(said):
    """Each is near a word of the list and means something else."""
    assert list(_faults(said)) == []
