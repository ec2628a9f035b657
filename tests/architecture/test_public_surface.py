"""The public surface: sorted, complete, loadable, lazy, and no name that hides a room."""

from __future__ import annotations

import ast
import inspect
import subprocess
import sys

import pytest

import posada
from tests.architecture.source_tree import PACKAGE, ROOT, parse, rooms_in_layers

ROOMS = {room for layer in rooms_in_layers() for room in layer}
SIGNATURES = ROOT / "tests" / "architecture" / "public_signatures.txt"


def _typed_imports() -> dict[str, str]:
    """Return the names that the type checker is told about, with the module each comes from."""
    tree = parse(PACKAGE / "__init__.py")
    block = next(node for node in tree.body if isinstance(node, ast.If))
    return {alias.name: line.module for line in block.body for alias in line.names}


def test_all_is_sorted():
    assert list(posada.__all__) == sorted(posada.__all__)


def test_all_is_what_is_visible():
    assert set(dir(posada)) == set(posada.__all__)


def test_type_checker_and_loader_agree():
    """A name is loaded from the very module that the type checker is told about."""
    typed = _typed_imports()
    assert set(typed) | {"__version__"} == set(posada.__all__)
    for name, module in typed.items():
        value = getattr(posada, name)
        assert value.__module__ == module, name


def test_no_public_name_hides_a_room():
    """``posada.plan`` as a function would break ``import posada.plan.needs``."""
    assert set(posada.__all__) & ROOMS == set()


def test_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="simulat0r"):
        _ = posada.simulat0r


def test_importing_posada_loads_no_heavy_library():
    heavy = ("numpy", "numba", "scipy", "pyarrow", "typer")
    code = f"import sys, posada; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def _signatures() -> str:
    lines = []
    for name in posada.__all__:
        value = getattr(posada, name)
        if callable(value):
            lines.append(f"{name}{inspect.signature(value)}")
    return "\n".join(lines) + "\n"


def test_signatures_are_those_that_were_agreed():
    """A changed signature is a decision: say so in the changelog, then run ``make golden-update``."""
    assert _signatures() == SIGNATURES.read_text(encoding="utf-8")


if __name__ == "__main__":  # `make golden-update`
    SIGNATURES.write_text(_signatures(), encoding="utf-8")
