"""The layers of the ziggurat under the normal curve, for exact normal numbers at the price of a look into a table.

G. Marsaglia and W. W. Tsang, "The ziggurat method for generating random variables", J. Stat. Softw. 5 (2000),
doi:10.18637/jss.v005.i08, with the layer and the number in it from other bits, as J. A. Doornik (2005) has it. A number
is anywhere in its layer, ``u * END[layer]`` with ``u`` between -1 and 1; where it is not below ``END[layer + 1]``, it
counts only under the curve, and of the lowest layer it is in the tail.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

LAYERS, TAIL, _AREA = 256, 3.6541528853610088, 0.00492867323399


def _layers() -> NDArray[np.float64]:
    """Return where the layers end, and how high they are, ``(2, layers + 1)``."""
    end = np.zeros(LAYERS + 1)
    end[0], end[1] = _AREA / math.exp(-0.5 * TAIL**2), TAIL
    for i in range(2, LAYERS):
        end[i] = math.sqrt(-2.0 * math.log(_AREA / end[i - 1] + math.exp(-0.5 * end[i - 1] ** 2)))
    return np.array([end, np.exp(-0.5 * end**2)])


END, HEIGHT = _layers()
