"""A column of a table with few different texts in many rows, which are not looked at row by row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class TextColumn:
    """Texts, and which of them each row has; to NumPy it is an array of objects.

    Attributes
    ----------
    texts : tuple of str
    which : (rows,) ints
    """

    texts: tuple[str, ...]
    which: NDArray[np.int64]

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NDArray[Any]:
        """Return the texts row by row, ``(rows,)``."""
        return np.array(self.texts, object)[self.which]
