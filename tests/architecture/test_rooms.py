"""The rooms: each is declared, says what it is for, and names the rooms that it may import."""

from __future__ import annotations

import ast
import re

import pytest

from tests.architecture.source_tree import PACKAGE, files_under, may_import, parse, rooms_in_layers, shown

ROOMS = [room for layer in rooms_in_layers() for room in layer]


def test_every_package_folder_is_a_room_of_the_contract():
    """import-linter cannot see a folder without ``__init__.py``, so it is looked for here."""
    with_code = {path.relative_to(PACKAGE).parts[0] for path in files_under("src/posada", suffix=".py")}
    assert with_code - {"__init__.py"} == set(ROOMS)


def test_the_bundled_scenarios_hold_data_only():
    """``posada/scenarios`` is a folder of data, not a room: nothing in it can be imported."""
    assert [shown(path) for path in files_under("src/posada/scenarios", suffix=".py")] == []


@pytest.mark.parametrize("room", ROOMS)
def test_room_says_what_it_is_for(room):
    """The docstring has 5 to 15 lines, asks its question and names its nouns; the file holds nothing else."""
    tree = parse(PACKAGE / room / "__init__.py")
    docstring = ast.get_docstring(tree)
    assert docstring is not None
    assert 5 <= len(docstring.splitlines()) <= 15
    assert "The question this room answers:" in docstring
    assert "Nouns:" in docstring
    assert len(tree.body) == 1, "a room's __init__.py imports nothing, so that one module can be loaded alone"


@pytest.mark.parametrize("room", ROOMS)
def test_may_import_line_equals_the_contract(room):
    docstring = ast.get_docstring(parse(PACKAGE / room / "__init__.py"))
    stated = re.search(r"^May import: (.*)\.$", docstring, flags=re.MULTILINE)
    assert stated is not None
    assert stated[1] == (", ".join(may_import(room)) or "nothing")


def test_the_contract_reader_knows_both_kinds_of_contract():
    """``plan`` stands above ``engine`` in the layers, and a second contract bars it from there."""
    assert may_import("plan") == ["model"]
    assert may_import("forecast") == ["engine", "model"]
    assert may_import("model") == []
