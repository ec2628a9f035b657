"""No writable state at module or class level, and no random numbers from a global generator."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from tests.architecture.source_tree import files_under, parse, shown

SOURCES = files_under("src/posada", "scripts", "bench", suffix=".py")

TABLES = {"dict", "array", "arange", "empty", "full", "ones", "zeros"}
GROWING = {"list", "set", "defaultdict", "deque", "Counter", "OrderedDict", "bytearray"}
WRITERS = {
    "append",
    "extend",
    "insert",
    "add",
    "update",
    "setdefault",
    "pop",
    "popitem",
    "clear",
    "remove",
    "discard",
}
GENERATORS_WITH_A_SEED = {"Generator", "Philox", "SeedSequence", "BitGenerator"}


def _called(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def _assigned(body: list[ast.stmt]) -> Iterator[tuple[str, ast.expr]]:
    """Yield the names bound in a module or class body with what they are bound to."""
    for statement in body:
        if isinstance(statement, ast.ClassDef):
            yield from _assigned(statement.body)
        elif isinstance(statement, ast.Assign):
            for target in statement.targets:
                if isinstance(target, ast.Name):
                    yield target.id, statement.value
        elif isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name) and statement.value:
            yield statement.target.id, statement.value


def _is_growing(name: str, value: ast.expr) -> bool:
    """Tell whether a value can be written to.

    A dict or an array in capitals is taken for a constant table: it is checked for writes instead.
    """
    if name == "__all__":
        return False
    called = _called(value) if isinstance(value, ast.Call) else ""
    if isinstance(value, ast.Dict | ast.DictComp) or called in TABLES:
        return not name.strip("_").isupper()
    return isinstance(value, ast.List | ast.Set | ast.ListComp | ast.SetComp) or called in GROWING


def _writes(tree: ast.Module) -> Iterator[str]:
    """Yield every write to a name in capitals: the tables that only look constant."""
    for node in ast.walk(tree):
        target = None
        if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store | ast.Del):
            target = node.value
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in WRITERS:
            target = node.func.value
        name = target.attr if isinstance(target, ast.Attribute) else getattr(target, "id", "")
        if len(name) > 2 and name.strip("_").isupper():
            yield f"line {node.lineno}: {name}"


def _global_randomness(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import) and any(alias.name in {"random", "secrets"} for alias in node.names):
            yield f"line {node.lineno}: import random"
        elif isinstance(node, ast.ImportFrom) and node.module in {"random", "secrets", "numpy.random"}:
            names = {alias.name for alias in node.names}
            if node.module != "numpy.random" or not names <= GENERATORS_WITH_A_SEED:
                yield f"line {node.lineno}: from {node.module}"
        elif (
            isinstance(node, ast.Attribute)
            and isinstance(node.value, ast.Attribute)
            and node.value.attr == "random"
            and node.attr not in GENERATORS_WITH_A_SEED
        ):
            yield f"line {node.lineno}: random.{node.attr}"


@pytest.mark.parametrize("path", SOURCES, ids=shown)
def test_no_writable_state(path):
    tree = parse(path)
    assert [name for name, value in _assigned(tree.body) if _is_growing(name, value)] == []
    assert list(_writes(tree)) == []
    assert [node.names for node in ast.walk(tree) if isinstance(node, ast.Global)] == []


@pytest.mark.parametrize("path", SOURCES, ids=shown)
def test_no_global_randomness(path):
    """Every draw is keyed by seed, member, decision, day and place or group; seed 0 is a seed."""
    assert list(_global_randomness(parse(path))) == []


def test_tests_draw_only_with_a_stated_seed():
    without_seed = [
        f"{shown(path)}:{node.lineno}"
        for path in files_under("tests", suffix=".py")
        for node in ast.walk(parse(path))
        if isinstance(node, ast.Call) and _called(node) == "default_rng" and not (node.args or node.keywords)
    ]
    assert without_seed == []


@pytest.mark.parametrize(
    ("code", "faults"),
    [
        ("seen = {}", 1),
        ("KNOWN = {'a': 1}", 0),
        ("class A:\n    rows = []", 1),
        ("names = ('a', 'b')", 0),
        ("import numpy as np\ngrid = np.zeros(3)", 1),
        ("import numpy as np\nORDER = np.array([2, 1])", 0),
        ("NAMES = ['a']", 1),
    ],
)
def test_the_state_check_sees_what_it_should(code, faults):
    assert len([name for name, value in _assigned(ast.parse(code).body) if _is_growing(name, value)]) == faults


@pytest.mark.parametrize(
    ("code", "faults"),
    [
        ("KNOWN['a'] = 1", 1),
        ("KNOWN.update(a=1)", 1),
        ("tables.KNOWN['a'] = 1", 1),
        ("rows['a'] = 1\nrows.append(2)", 0),
        ("x = KNOWN['a']", 0),
    ],
)
def test_the_write_check_sees_what_it_should(code, faults):
    assert len(list(_writes(ast.parse(code)))) == faults


@pytest.mark.parametrize(
    ("code", "faults"),
    [
        ("import random", 1),
        ("from numpy.random import rand", 1),
        ("np.random.binomial(3, 0.5)", 1),
        ("np.random.Generator(np.random.Philox(key=7))", 0),
        ("from numpy.random import Philox", 0),
    ],
)
def test_the_randomness_check_sees_what_it_should(code, faults):
    assert len(list(_global_randomness(ast.parse(code)))) == faults
