"""Reference pages are made from the code and are fresh; nothing that a user can meet is undocumented."""

from __future__ import annotations

import re

import pytest

from posada.model.fields import fields_of
from posada.model.findings import FINDING_KINDS
from posada.model.rates import RATES
from posada.model.tables import TABLES
from scripts.make_reference import FOLDER, PAGES, page
from tests.architecture.source_tree import ROOT, files_under, functions, read_text

CONVENTIONS = ROOT / "docs" / "conventions.md"


@pytest.mark.parametrize("name", PAGES)
def test_page_is_fresh(name):
    """Run ``python scripts/make_reference.py`` when this fails."""
    assert (FOLDER / f"{name}.md").read_text(encoding="utf-8") == page(name)


def test_reference_holds_made_pages_only():
    """The benchmarks are made as well, by ``python -m bench --write``, and cannot be fresh on every machine.

    Ranks of the filter are made by ``python -m scripts.filter_page`` and held to what is stored by a test of their own.
    """
    assert {path.stem for path in FOLDER.glob("*.md")} == {*PAGES, "benchmarks", "benchmarks-flee", "filter-check"}


@pytest.mark.parametrize("finding", FINDING_KINDS)
def test_every_finding_is_documented_and_triggered_by_a_test(finding):
    assert f"| `{finding}` |" in (FOLDER / "findings.md").read_text(encoding="utf-8")
    triggered = [path for path in files_under("tests", suffix=".py") if f'"{finding}"' in (read_text(path) or "")]
    assert triggered != []


@pytest.mark.parametrize("table", TABLES)
def test_every_column_is_documented(table):
    text = (FOLDER / "tables.md").read_text(encoding="utf-8")
    section = text.partition(f"\n## {table}.csv\n")[2].partition("\n## ")[0]
    documented = set(re.findall(r"^\| `([^`]+)` \|", section, flags=re.MULTILINE))
    assert documented == {field.header for field in fields_of(TABLES[table])}


def test_every_field_has_unit_and_meaning():
    """A meaning is a sentence; a number has a unit, or '-' when it is without dimension."""
    fields = [(table, field) for table, record in TABLES.items() for field in fields_of(record)]
    assert len(fields) > 50
    assert [(table, field.name) for table, field in fields if not field.unit] == []
    assert [(table, field.name) for table, field in fields if not field.meaning.endswith(".")] == []


def test_every_parameter_is_documented():
    text = (FOLDER / "parameters.md").read_text(encoding="utf-8")
    assert [name for name in RATES if f"| `{name}` |" not in text] == []


def _sections() -> list[tuple[str, str]]:
    text = CONVENTIONS.read_text(encoding="utf-8")
    return re.findall(r"^## §(\d+) [^\n]+\n(.*?)(?=^## |\Z)", text, flags=re.MULTILINE | re.DOTALL)


def test_conventions_are_numbered_without_gaps():
    assert [number for number, _ in _sections()] == [str(n + 1) for n in range(len(_sections()))]


@pytest.mark.parametrize(("number", "text"), _sections(), ids=lambda value: value[:3].strip())
def test_convention_is_proved_by_tests_that_exist(number, text):
    """Each section names test files, or single tests as ``file::test``."""
    named = re.findall(r"`(tests/[^`]+\.py)(?:::(\w+))?`", text.rpartition("Proved by:")[2])
    assert named, f"§{number} names no test"
    for file, test in named:
        path = ROOT / file
        assert path.exists(), file
        assert not test or test in {name for name, _ in functions(path)}, f"{file}::{test}"
