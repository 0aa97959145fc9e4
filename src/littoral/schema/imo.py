"""IMO numbers: which are possible (compiled)."""

from __future__ import annotations

from numba import njit

# 1234567 satisfies the check digit and is what people type who have no number.
PLACEHOLDER = 1_234_567


@njit(cache=True, nogil=True)
def imo_state(imo: int) -> int:
    """1 a possible IMO number, 0 not one, -1 nothing to judge.

    IMO Res. A.1117(30): seven digits, the last is the last digit of the sum of the first six times
    7, 6, 5, 4, 3, 2 (IMO 9074729: 63+0+35+16+21+4 = 139). ITU-R M.1371-5 table 52: 0 not available,
    1..999999 not used, 10000000 and above an official flag state number (not judged).
    """
    if imo <= 0 or imo >= 10_000_000:
        return -1
    if imo < 1_000_000 or imo == PLACEHOLDER:
        return 0
    total = 0
    rest = imo // 10
    for weight in range(2, 8):
        total += weight * (rest % 10)
        rest //= 10
    return 1 if total % 10 == imo % 10 else 0
