"""The one place that says how kernels are compiled, and where the compiled code is kept."""

from __future__ import annotations

import gc
import hashlib
import os
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, cast

import numba
from numba.extending import register_jitable

Function = TypeVar("Function", bound=Callable[..., object])

_COMMON: dict[str, Any] = {"nogil": True, "error_model": "numpy", "no_cfunc_wrapper": True}


@cache
def source_digest() -> str:
    """Return the SHA-256 of all sources of the engine: with another one, results may be others."""
    digest = hashlib.sha256()
    for source in sorted(Path(__file__).parent.rglob("*.py")):
        digest.update(source.read_bytes())
    return digest.hexdigest()


@cache
def cache_folder() -> Path:
    """Return the folder of compiled kernels, named after the sources that they were made from.

    Numba notices a change in the file of a kernel, but not in another file that the kernel calls, and fails on
    what an older version left. A folder for each state of the sources has neither fault. ``NUMBA_CACHE_DIR``,
    when set, is the parent; else the user's cache folder; else, where that cannot be written, a temporary one.
    """
    home = os.environ.get("NUMBA_CACHE_DIR") or os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    for parent in (Path(home), Path(tempfile.gettempdir())):
        folder = parent / "posada" / source_digest()[:16]
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

    References to arrays are not counted, which costs more than most of what is done with them; so such a function
    cannot make arrays.
    """
    return _compiled(function, _nrt=False)


def small_kernel(function: Function) -> Function:
    """Compile a function as :func:`kernel` does, and copy it into every kernel that calls it, as its call is dear."""
    return _compiled(function, _nrt=False, forceinline=True)


def array_kernel(function: Function) -> Function:
    """Compile a function as :func:`kernel` does that makes arrays; it should leave the work to others."""
    return _compiled(function, _nrt=True)  # said, because what is not said is as the caller has it


def inner_kernel(function: Function) -> Function:
    """Let kernels call a function, and copy it into every one that does.

    For whatever takes records of arrays: they are handed over field by field, a hundred words and more. Called from
    Python it runs as Python, and it is not kept on disk: see :func:`step_kernel`.
    """
    return _callable_by_kernels(function, _nrt=False, forceinline=True)


def step_kernel(function: Function) -> Function:
    """Let a kernel call a function that does much; called from Python it runs as Python.

    What Python would need to call the compiled function, the taking apart of all its records, is as much to compile
    as many of the functions themselves. It is needed once, for the kernel around the steps, which holds them all.
    """
    return _callable_by_kernels(function, _nrt=False)


def array_step_kernel(function: Function) -> Function:
    """Do as :func:`step_kernel` for a function that makes arrays; it should leave the work to others."""
    return _callable_by_kernels(function, _nrt=True)


def compiled_for(function: Function, arguments: tuple[Any, ...]) -> Function:
    """Return a function of which, if it was never compiled, what arguments of these types need is compiled first.

    A call finds by itself what runs for its arguments, thirty times as fast as naming the types of all records does. A
    function that is not compiled is returned as it is.
    """
    if getattr(function, "overloads", True):
        return function
    collects = gc.isenabled()
    gc.disable()  # the compiler makes millions of objects, and each search among them for garbage finds next to none
    try:
        cast(Any, function).compile(tuple(map(numba.typeof, arguments)))
    finally:
        if collects:
            gc.enable()
    return function


def _callable_by_kernels(function: Function, **options: bool) -> Function:
    jitable: Any = register_jitable
    return cast(Function, jitable(no_cpython_wrapper=True, **_COMMON, **options)(function))


def _compiled(function: Function, **options: bool) -> Function:
    config: Any = numba.config  # its attributes are made at run time
    njit: Any = numba.njit
    # A version of Numba without the second setting keeps what it compiles by the place of its source as well.
    ours = {"CACHE_DIR": str(cache_folder()), "CACHE_LOCATOR_CLASSES": f"{__name__}.{KeptByName.__name__}"}
    before = {name: getattr(config, name) for name in ours if hasattr(config, name)}
    for name in before:
        setattr(config, name, ours[name])
    try:
        compiled = njit(cache=True, **_COMMON, **options)(function)
    finally:
        for name, value in before.items():
            setattr(config, name, value)
    return cast(Function, compiled)


class KeptByName:
    """Where Numba keeps a compiled function: in a folder named after its module, as long as its file is the same.

    Not by the place and the age of the file, as Numba does: then the same sources would be compiled again for each
    environment in which they are installed. Its methods are those that Numba asks for.
    """

    def __init__(self, function: Callable[..., object], file: str) -> None:
        self._function = function
        self._file = file

    @classmethod
    def from_function(cls, function: Callable[..., object], file: str) -> KeptByName | None:
        """Return the place of a function; none for what has no file."""
        return cls(function, file) if Path(file).is_file() else None

    def ensure_cache_path(self) -> None:
        """Make the folder."""
        Path(self.get_cache_path()).mkdir(parents=True, exist_ok=True)

    def get_cache_path(self) -> str:
        """Return the folder."""
        return str(cache_folder() / self._function.__module__)

    def get_source_stamp(self) -> str:
        """Return what must be the same for the compiled function to be used: with another one it is compiled anew."""
        return hashlib.sha256(Path(self._file).read_bytes()).hexdigest()

    def get_disambiguator(self) -> str:
        """Return what keeps functions of one name in a file apart."""
        return str(self._function.__code__.co_firstlineno)
