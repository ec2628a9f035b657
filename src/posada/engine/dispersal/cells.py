"""Which cells of a row hold people: one bit each of a mask. A cell is a class of the memory of recent travel."""

from __future__ import annotations

import numpy as np

from posada.engine.compiling import inner_kernel

MOST_CELLS = 64
"""Bits of a mask."""

_ONE = np.uint64(1)
_DE_BRUIJN = np.uint64(0x03F79D71B4CB0A89)
_TOP = np.uint64(58)


def _positions() -> np.ndarray:
    """Return the number of the bit for each of the 64 values that the sequence of de Bruijn gives."""
    table = np.zeros(64, np.int64)
    for bit in range(64):
        table[(int(_DE_BRUIJN) * 2**bit % 2**64) >> 58] = bit
    return table


_POSITION = _positions()


@inner_kernel
def bit_of(cell: int) -> int:
    """Return the mask of one cell."""
    return _ONE << np.uint64(cell)  # type: ignore[return-value]  # 64 bits where it is compiled


@inner_kernel
def lowest(mask: int) -> int:
    """Return the first cell of a mask that is not empty."""
    return int(_POSITION[((mask & (~mask + _ONE)) * _DE_BRUIJN) >> _TOP])


@inner_kernel
def without_lowest(mask: int) -> int:
    """Return a mask without its first cell."""
    return mask & (mask - _ONE)  # type: ignore[return-value]  # 64 bits where it is compiled
