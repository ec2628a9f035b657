"""The tests themselves: each can fail, and enters by the front door."""

from __future__ import annotations

import ast

import pytest

from tests.architecture.source_tree import FunctionNode, files_under, functions, shown

TESTS = [path for path in files_under("tests", suffix=".py") if path.name.startswith("test_")]
CHECKING_CALLS = {"raises", "warns", "deprecated_call"}


def _can_fail(node: FunctionNode) -> bool:
    """Tell whether a test asserts, expects an error, or calls something that says it asserts."""
    for inner in ast.walk(node):
        if isinstance(inner, ast.Assert):
            return True
        if isinstance(inner, ast.Call):
            called = inner.func.attr if isinstance(inner.func, ast.Attribute) else getattr(inner.func, "id", "")
            if called in CHECKING_CALLS or called.startswith("assert_"):
                return True
    return False


def _lost_comparisons(node: FunctionNode) -> list[int]:
    """Return the lines where a comparison is computed and thrown away: a forgotten ``assert``."""
    return [
        inner.lineno
        for inner in ast.walk(node)
        if isinstance(inner, ast.Expr) and isinstance(inner.value, ast.Compare | ast.BoolOp)
    ]


def _test_functions() -> list[tuple[str, FunctionNode]]:
    return [
        (f"{shown(path)}:{name}", node)
        for path in TESTS
        for name, node in functions(path)
        if name.rpartition(".")[2].startswith("test_")
    ]


def test_every_test_can_fail():
    assert [name for name, node in _test_functions() if not _can_fail(node)] == []


def test_no_assert_was_forgotten():
    assert [(name, lines) for name, node in _test_functions() if (lines := _lost_comparisons(node))] == []


def test_test_names_are_unique_within_a_file():
    """Of two tests with one name in one file, the first never runs."""
    seen: list[str] = [name for name, _ in _test_functions()]
    assert sorted(seen) == sorted(set(seen))


@pytest.mark.parametrize(
    ("code", "can_fail"),
    [
        ("def test_a():\n    assert 1", True),
        ("def test_a():\n    with pytest.raises(ValueError):\n        f()", True),
        ("def test_a():\n    np.testing.assert_allclose(a, b)", True),
        ("def test_a():\n    f()\n    a == b", False),
    ],
)
def test_the_check_of_tests_sees_what_it_should(code, can_fail):
    node = ast.parse(code).body[0]
    assert _can_fail(node) is can_fail
    assert len(_lost_comparisons(node)) == (0 if can_fail else 1)
