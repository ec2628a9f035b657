"""Where results go, looked at before anything is computed."""

from __future__ import annotations

from pathlib import Path

from posada.io.atomic import check_file_target
from posada.model.errors import InvalidValueError
from posada.ops.request import Request


def check_targets(request: Request) -> None:
    """Raise, before anything is computed, when the table of Flee cannot be written, or was asked for in part.

    Raises
    ------
    InvalidValueError
        When options do not fit each other, or nothing can be made there.
    OutputExistsError
        When something stands there that may not be replaced.
    """
    target, member = request.flee_out, request.flee_member
    if target is None:
        for name, given in (("--flee-member", member is not None), ("--overwrite", request.overwrite)):
            if given:
                raise InvalidValueError(f"{name} is about the file of --flee-out FILE, which was not given.")
        return
    if member is not None and not 0 <= member < request.members:
        raise InvalidValueError(f"--flee-member is {member}. Name one from 0 to {request.members - 1}.")
    if request.out is not None and request.out.resolve().is_relative_to(target.resolve()):
        raise InvalidValueError(f"--flee-out '{target}' and --out '{request.out}' are in each other's way.")
    check_file_target(target, overwrite=request.overwrite)


def check_places(store: Path | None, out: Path | None) -> None:
    """Raise when members and results would be written into each other.

    Raises
    ------
    InvalidValueError
        When one of the folders is the other, or in it.
    """
    if store is None or out is None:
        return
    kept, written = store.resolve(), out.resolve()
    if kept.is_relative_to(written) or written.is_relative_to(kept):
        raise InvalidValueError(f"--store '{store}' and --out '{out}' are in each other's way. Name two folders.")
