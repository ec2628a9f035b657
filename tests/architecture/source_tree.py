"""What the architecture tests look at: files, syntax trees and the contract of the rooms."""

from __future__ import annotations

import ast
import subprocess
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "posada"

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def project_files() -> tuple[Path, ...]:
    """Return every file of the project: those git knows or would add, or all when git cannot tell."""
    listing = subprocess.run(
        ["git", "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        capture_output=True,
        check=False,
    )
    if listing.returncode == 0:
        names = listing.stdout.decode().split("\0")
        found = [ROOT / name for name in names if name and (ROOT / name).is_file()]
    else:
        left_out = {"build", "dist", "out"}
        found = [
            path
            for path in ROOT.rglob("*")
            if path.is_file()
            and not any(part.startswith(".") or part in left_out for part in path.relative_to(ROOT).parts[:-1])
            and "__pycache__" not in path.parts
        ]
    return tuple(sorted(found))


def files_under(*folders: str, suffix: str = "") -> list[Path]:
    """Return the project's files under some folders of the repository, by suffix."""
    roots = [ROOT / folder for folder in folders]
    return [
        path
        for path in project_files()
        if path.name.endswith(suffix) and any(path.is_relative_to(root) for root in roots)
    ]


def read_text(path: Path) -> str | None:
    """Return the text of a file, or None when it is not text."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return None


@cache
def parse(path: Path) -> ast.Module:
    """Return the syntax tree of a module."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def shown(path: Path) -> str:
    """Return a path as people of the project write it."""
    return path.relative_to(ROOT).as_posix()


def functions(path: Path) -> Iterator[tuple[str, FunctionNode]]:
    """Yield every function of a module with its qualified name, nested ones too."""

    def walk(node: ast.AST, inside: str) -> Iterator[tuple[str, FunctionNode]]:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, FunctionNode):
                yield f"{inside}{child.name}", child
                yield from walk(child, f"{inside}{child.name}.")
            elif isinstance(child, ast.ClassDef):
                yield from walk(child, f"{inside}{child.name}.")
            else:
                yield from walk(child, inside)

    yield from walk(parse(path), "")


@cache
def pyproject() -> dict[str, Any]:
    """Return pyproject.toml."""
    with (ROOT / "pyproject.toml").open("rb") as file:
        return tomllib.load(file)


def rooms_in_layers() -> list[list[str]]:
    """Return the rooms from the top layer to the bottom one, as the import contract has them."""
    contracts = pyproject()["tool"]["importlinter"]["contracts"]
    layers = next(contract for contract in contracts if contract["type"] == "layers")["layers"]
    return [[room.strip() for room in layer.split("|")] for layer in layers]


def may_import(room: str) -> list[str]:
    """Return the rooms that a room may import by the contracts, from the top one to the bottom one."""
    layers = rooms_in_layers()
    level = next(number for number, layer in enumerate(layers) if room in layer)
    below = [other for layer in layers[level + 1 :] for other in layer]
    barred = {
        forbidden.removeprefix("posada.")
        for contract in pyproject()["tool"]["importlinter"]["contracts"]
        if contract["type"] == "forbidden" and f"posada.{room}" in contract["source_modules"]
        for forbidden in contract["forbidden_modules"]
    }
    return [other for other in below if other not in barred]
