"""Place along Hilbert's curve: what is near on the map is near in the order, so that rows sorted by
it lie in blocks with small boxes (D. Hilbert, Math. Ann. 38, 1891)."""

from __future__ import annotations

import numpy as np
from numba import njit

CELL_DEG = 0.01  # some 1.1 km
_BITS = 16  # 65,536 cells each way: 655 degrees


@njit(cache=True, nogil=True)
def hilbert_order(lon_deg: np.ndarray, lat_deg: np.ndarray) -> np.ndarray:
    """Number of the cell of each place along the curve, (n,) int64. Both coordinates are finite."""
    out = np.empty(len(lon_deg), np.int64)
    for i in range(len(lon_deg)):
        x = int((lon_deg[i] + 180.0) / CELL_DEG)
        y = int((lat_deg[i] + 90.0) / CELL_DEG)
        at = 0
        side = 1 << (_BITS - 1)
        while side > 0:
            right = 1 if x & side else 0
            up = 1 if y & side else 0
            at += side * side * ((3 * right) ^ up)
            if up == 0:
                if right == 1:
                    x = side - 1 - (x & (side - 1))
                    y = side - 1 - (y & (side - 1))
                x, y = y, x
            side >>= 1
        out[i] = at
    return out
