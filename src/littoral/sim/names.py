"""Numbers and names that ships go by, made up but of the right form."""

from __future__ import annotations

import numpy as np


def imo_numbers(first: int, count: int) -> np.ndarray:
    """`count` IMO numbers with valid check digits (IMO A.1117(30)): six digits, then the last digit
    of the sum of the digits times 7 to 2. `first` (seven digits) says where to begin. int32."""
    six = first // 10 + np.arange(count)
    total = np.zeros(count, np.int64)
    rest = six.copy()
    for weight in range(2, 8):
        total += weight * (rest % 10)
        rest //= 10
    return (six * 10 + total % 10).astype(np.int32)
