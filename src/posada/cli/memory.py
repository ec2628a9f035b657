"""Keeping a run small: what the engine frees goes back to the system at once."""

from __future__ import annotations

import ctypes
import sys

_MMAP_THRESHOLD = -3  # M_MMAP_THRESHOLD of <malloc.h>
_BYTES = 1 << 20


def return_freed_memory() -> None:
    """Fix the size from which the C library asks the system for memory, and gives it back when it is freed.

    The GNU library raises that size by itself, and then keeps the engine's freed arrays in the arenas of its
    threads. Fixed at one megabyte, the peak of a run of caravan-2018 with briefs falls from 505 to 467 MB.
    Elsewhere nothing is changed.
    """
    if sys.platform != "linux":
        return
    try:
        ctypes.CDLL(None).mallopt(_MMAP_THRESHOLD, _BYTES)
    except (AttributeError, OSError):
        return
