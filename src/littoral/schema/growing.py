"""Columns of a state that get room for more rows."""

from __future__ import annotations

from typing import Any

import numpy as np


def grown(array: np.ndarray, rows: int, fill: Any = 0) -> np.ndarray:
    """`array` with room for `rows` rows, at least as many as it has; the new ones are `fill`."""
    out = np.full((rows, *array.shape[1:]), fill, array.dtype)
    out[: len(array)] = array
    return out
