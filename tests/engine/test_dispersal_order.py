"""The order of the day of dispersed people: a list that says what the kernels do, in their order."""

from __future__ import annotations

import ast
import inspect

from posada.engine.dispersal import simulate
from posada.engine.dispersal_order import ORDER_OF_DISPERSED_DAY, describe_dispersal_order

_NO_STEPS = {"range", "Now", "people_of"}  # what a day is made of, and whose people: nothing happens in them


def calls_of(function: str) -> list[str]:
    """Return the names that a function of the module calls by themselves, in the order of its text."""
    tree = ast.parse(inspect.getsource(simulate))
    body = next(node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == function)
    calls = [node for node in ast.walk(body) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)]
    named = sorted((call.lineno, call.col_offset, call.func.id) for call in calls)
    return [name for _, _, name in named if name not in _NO_STEPS]


def test_the_list_is_what_runs():
    """A change of either shows here; then the list, the changelog and the explanation page change with it."""
    listed = [kernel for step in ORDER_OF_DISPERSED_DAY for kernel in step.kernels]
    assert listed == calls_of("_run_block")


def test_the_order_of_the_day_is_this():
    assert [step.name for step in ORDER_OF_DISPERSED_DAY] == [
        "setting out",
        "closures",
        "leaving",
        "travelling and arriving",
        "account",
    ]


def test_the_order_can_be_printed():
    lines = describe_dispersal_order().splitlines()
    assert len(lines) == len(ORDER_OF_DISPERSED_DAY)
    for number, (text, step) in enumerate(zip(lines, ORDER_OF_DISPERSED_DAY, strict=True), start=1):
        assert text == f"{number:2d}. {step.name}: {step.says}"
