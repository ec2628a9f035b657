"""The one place that says how kernels are compiled, and where the compiled code is kept."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, cast

import numba

Function = TypeVar("Function", bound=Callable[..., object])


@cache
def cache_folder() -> Path:
    """Return the folder of compiled kernels, named after the sources that they were made from.

    Numba notices a change in the file of a kernel, but not in another file that the kernel calls, and fails on
    what an older version left. A folder for each state of the sources has neither fault. ``NUMBA_CACHE_DIR``,
    when set, is the parent; else the user's cache folder; else, where that cannot be written, a temporary one.
    """
    digest = hashlib.sha256()
    for source in sorted(Path(__file__).parent.rglob("*.py")):
        digest.update(source.read_bytes())
    home = os.environ.get("NUMBA_CACHE_DIR") or os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    for parent in (Path(home), Path(tempfile.gettempdir())):
        folder = parent / "posada" / digest.hexdigest()[:16]
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError:
            continue
        if os.access(folder, os.W_OK):
            return folder
    return Path(tempfile.mkdtemp(prefix="posada-"))


def is_compiled(kernels: str = "") -> bool:
    """Say whether kernels have been compiled on this machine before, so that a run starts at once.

    Parameters
    ----------
    kernels : str
        How the names ``module.function`` of those in question begin; of any when empty.
    """
    return any(cache_folder().rglob(f"{kernels}*.nbi"))


def kernel(function: Function) -> Function:
    """Compile a function on arrays: cached on disk, releasing the interpreter lock, IEEE division.

    Members are spread over threads by :mod:`posada.engine.simulate`, not inside a kernel: that compiles
    several times faster than Numba's own parallel loops and makes the result independent of the number
    of threads by construction.
    """
    config: Any = numba.config  # its attributes are made at run time
    before = config.CACHE_DIR
    config.CACHE_DIR = str(cache_folder())
    try:
        compiled = numba.njit(cache=True, nogil=True, error_model="numpy")(function)
    finally:
        config.CACHE_DIR = before
    return cast(Function, compiled)


def lean_kernel(function: Function) -> Function:
    """Compile a function that makes and returns no array, as :func:`kernel`, to be taken into whoever calls it.

    References to arrays are not counted, and no call is left: a call with dozens of arrays in named tuples costs
    more than what most of these functions do.
    """
    config: Any = numba.config
    before = config.CACHE_DIR
    config.CACHE_DIR = str(cache_folder())
    try:
        compiled = numba.njit(cache=True, nogil=True, error_model="numpy", _nrt=False, forceinline=True)(function)
    finally:
        config.CACHE_DIR = before
    return cast(Function, compiled)
