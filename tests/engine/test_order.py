"""The order of the day is a list: pinned, printable, and the same whether its kernels are compiled or not."""

from __future__ import annotations

import ast
import dataclasses
import importlib.util
import inspect

import numpy as np
import pytest

from posada.cli.progress import KERNELS
from posada.engine.compiling import cache_folder, is_compiled, kernel
from posada.engine.luck import Luck
from posada.engine.order import ORDER_OF_DAY, describe_order, kernel_of_days
from posada.engine.simulate import simulate_ensemble
from posada.engine.state import Books, Chunk
from posada.engine.world import World
from tests.engine.test_draws import BY_MEMBER, assert_same
from tests.engine.worlds import busy, line

ORDER = "posada.engine.simulate.ORDER_OF_DAY"


def test_the_order_of_the_day_is_this():
    """Changing it changes results; then this list, the changelog and the explanation page change with it."""
    assert [step.name for step in ORDER_OF_DAY] == [
        "signals",
        "entering and joining",
        "decision",
        "boarding",
        "walking and riding",
        "arriving",
        "lodging",
        "procedure",
        "leaving the group",
        "account",
    ]


@pytest.mark.parametrize("step", ORDER_OF_DAY, ids=lambda step: step.name)
def test_a_step_names_what_it_uses_and_takes_it_in_that_order(step):
    known = {*World._fields, *Chunk._fields, "luck", "books"}
    assert set(step.uses.split()) <= known
    parameters = list(inspect.signature(step.run).parameters)
    assert parameters == ["clock", *step.uses.split()]


def test_the_pieces_have_names_of_their_own():
    names = [*World._fields, *Chunk._fields, "luck", "books"]
    assert len(names) == len(set(names))
    assert not set(Luck._fields) & {""}
    assert "imbalance" in Books._fields


def test_the_order_can_be_printed():
    lines = describe_order().splitlines()
    assert len(lines) == len(ORDER_OF_DAY)
    for number, (text, step) in enumerate(zip(lines, ORDER_OF_DAY, strict=True), start=1):
        assert text == f"{number:2d}. {step.name}: {step.says}"


def test_a_step_that_is_left_out_is_missed(monkeypatch, play):
    """A run really goes through the list: without walking and riding nobody gets anywhere."""
    still = tuple(step for step in ORDER_OF_DAY if step.name != "walking and riding")
    monkeypatch.setattr(ORDER, still)
    run = play(line(25, 25, days=4))
    assert (run.main_place == 0).all()


def test_the_days_are_compiled_as_the_list_says():
    """The calls of the compiled days, read from their source, are the kernels of the list with what each one uses."""
    (days,) = ast.parse(inspect.getsource(kernel_of_days(ORDER_OF_DAY).py_func)).body[0].body
    assert ast.unparse(days.iter) == "range(days)"
    now, *steps = days.body
    assert ast.unparse(now) == "now = Clock(clock.day + ahead, clock.seed, clock.first, clock.page + ahead)"
    calls = [(line.value.func.id, [ast.unparse(given) for given in line.value.args]) for line in steps]
    assert calls == [
        (step.run.__name__, ["now", *(_where(piece) for piece in step.uses.split())]) for step in ORDER_OF_DAY
    ]


def _where(piece: str) -> str:
    """Return a piece as the compiled days find it: in the world, in the chunk, or by itself."""
    return f"{'world.' * (piece in World._fields)}{'chunk.' * (piece in Chunk._fields)}{piece}"


def test_a_day_is_the_same_compiled_and_as_plain_python(monkeypatch):
    """All steps as Python, but for single draws. Whole numbers must agree, decimals to 1e-12."""
    world = busy()
    compiled = simulate_ensemble(world, members=3, seed=5)
    monkeypatch.setattr(ORDER, tuple(dataclasses.replace(step, says="plain") for step in ORDER_OF_DAY))
    interpreted = simulate_ensemble(world, members=3, seed=5)
    assert_same(compiled, interpreted, [n for n in BY_MEMBER if n != "arrival_hour"])
    np.testing.assert_allclose(compiled.arrival_hour, interpreted.arrival_hour, rtol=1e-12)


def test_a_fault_in_a_step_ends_the_run(monkeypatch):
    """Every chunk gives its memory back, so that none waits for ever; the first fault is raised."""

    def fails(*_):
        raise RuntimeError("a fault in a step")

    monkeypatch.setattr("posada.engine.simulate.CHUNK_MEMBERS", 2)
    monkeypatch.setattr(ORDER, (dataclasses.replace(ORDER_OF_DAY[0], run=fails),))
    with pytest.raises(RuntimeError, match="a fault in a step"):
        simulate_ensemble(line(25, days=2), members=20, workers=2)


def test_compiled_kernels_are_kept_for_the_next_run(monkeypatch, tmp_path):
    simulate_ensemble(line(25, days=2), members=1)
    assert is_compiled()
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    cache_folder.cache_clear()
    try:
        assert cache_folder().is_relative_to(tmp_path)
        assert not is_compiled()
    finally:
        monkeypatch.undo()
        cache_folder.cache_clear()


def test_the_same_sources_in_another_folder_are_not_compiled_again(monkeypatch, tmp_path):
    """As when they are installed anew; a changed file is compiled, also where the function is at its old place."""

    def hits(name, text):
        file = tmp_path / name / "made_up_kernels.py"
        file.parent.mkdir()
        file.write_text(text, encoding="utf-8")
        spec = importlib.util.spec_from_file_location("made_up_kernels", file)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        compiled = kernel(module.double)
        return compiled(2), sum(compiled.stats.cache_hits.values())

    text = "FACTOR = 2\n\n\ndef double(number):\n    return FACTOR * number\n"
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    cache_folder.cache_clear()
    try:
        assert hits("one", text) == (4, 0)
        assert hits("two", text) == (4, 1)
        assert hits("three", text.replace("FACTOR = 2", "FACTOR = 3")) == (6, 0)
    finally:
        monkeypatch.undo()
        cache_folder.cache_clear()


def test_what_is_looked_for_to_announce_the_first_run_is_what_is_compiled(play):
    play(line(25, 25, days=4))
    assert is_compiled(KERNELS["simulate"])
