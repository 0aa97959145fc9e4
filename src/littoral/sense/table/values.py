"""Values of one column to NumPy: numbers, texts, and words that stand for codes.

Each function takes text or numbers as Arrow has them and gives (values, wrong): what cannot be read
is wrong, what is not available is null. Formats of time are in `times`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from littoral.schema.columns import fit_utf8

# What tables write for "not available".
NULLS = (
    "", "null", "NULL", "Null", "none", "None", "nan", "NaN", "NAN", "n/a", "N/A", "na", "NA", "-",
    "\\N", "unknown", "Unknown", "UNKNOWN", "undefined", "Undefined", "Unknown value",
)  # fmt: skip
REMEMBERED = 200_000  # different values of a column kept; then it begins anew
_NULL_SET = frozenset(NULLS)
NUMBER = r"^\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?\s*$"
_DECIMAL_COMMA = r"^(\s*[+-]?\d*),(\d*\s*)$"


def is_text(array: pa.Array) -> bool:
    return pa.types.is_string(array.type) or pa.types.is_large_string(array.type)


def numbers(array: pa.Array, decimal_comma: bool = False) -> tuple[np.ndarray, np.ndarray]:
    """float64 (n,) with NaN for null, and bool (n,): there was something that is no number."""
    wrong = np.zeros(len(array), bool)
    if not is_text(array):
        return _floats(array.cast(pa.float64(), safe=False)), wrong
    if decimal_comma:
        array = pc.replace_substring_regex(array, _DECIMAL_COMMA, r"\1.\2")
    try:
        return _floats(array.cast(pa.float64())), wrong
    except pa.ArrowInvalid:
        fine = pc.fill_null(pc.match_substring_regex(array, NUMBER), True)
        wrong = ~fine.to_numpy(zero_copy_only=False)
        kept = pc.if_else(fine, pc.utf8_trim_whitespace(array), pa.scalar(None, array.type))
        return _floats(kept.cast(pa.float64())), wrong


def _floats(array: pa.Array) -> np.ndarray:
    """NaN for null and for infinity."""
    values = array.to_numpy(zero_copy_only=False).astype(np.float64, copy=False)
    if not np.isfinite(values).all():
        values = np.where(np.isfinite(values), values, np.nan)
    return values


class Reading:
    """How the values of one column are read, each different one once: `read` must be pure and
    gives None for null."""

    def __init__(self, read: Callable[[Any], Any], dtype: np.dtype, null: Any) -> None:
        self._read = read
        self._dtype = dtype
        self._null = null
        self._known: dict[Any, Any] = {}

    def __call__(self, array: pa.Array) -> np.ndarray:
        """(n,) of the values."""
        coded = array.dictionary_encode()
        if len(self._known) > REMEMBERED:
            self._known.clear()
        known, table = self._known, []
        for value in coded.dictionary.to_pylist():
            if value not in known:
                found = self._read(value)
                known[value] = self._null if found is None else found
            table.append(known[value])
        table.append(self._null)
        places = coded.indices.fill_null(len(table) - 1).to_numpy(zero_copy_only=False)
        return np.array(table, self._dtype)[places]


def text_reading(width: int) -> Reading:
    """UTF-8 in at most `width` bytes, blanks and the filler @ taken off the end."""

    def read(value: Any) -> bytes | None:
        text = str(value).strip().rstrip("@ ")
        return None if text in _NULL_SET else fit_utf8(text.replace("\0", ""), width)

    return Reading(read, np.dtype(f"S{width}"), b"")


def integers(array: pa.Array, low: int, high: int, dtype: np.dtype, null: int) -> np.ndarray:
    """Whole numbers from `low` to `high`; anything else is null."""
    values, _ = numbers(array)
    fine = (values >= low) & (values <= high) & (values == np.floor(values))
    return np.where(fine, values, null).astype(dtype)


def letters(value: Any) -> str:
    """Small letters and digits of a word, so that spelling variants are one."""
    return "".join(c for c in str(value).casefold() if c.isalnum())
