"""When something was done, where it was noted by a clock that may be wrong."""

from __future__ import annotations

from dataclasses import dataclass

# Less than this is the time that the request was on its way.
TOLERANCE_US = 5_000_000
# From here on the user is told that the phone's clock is wrong.
WRONG_US = 120_000_000
# Whatever is said to be older is taken as if it were of that age.
LONGEST_US = 3_653 * 86_400_000_000


@dataclass(frozen=True, slots=True)
class Corrected:
    """`ahead_us`: how much the device's clock was ahead of the server's when it sent; negative:
    behind."""

    at_us: int
    ahead_us: int

    @property
    def is_wrong(self) -> bool:
        return abs(self.ahead_us) >= WRONG_US


def corrected(made_us: int, clock_us: int, received_us: int) -> Corrected:
    """`made_us` and `clock_us` by the device's clock, when the record was made and when it was
    sent; `received_us` by the server's. What was done is never in the future, nor more than ten
    years back: a clock that says so knows nothing."""
    ahead_us = clock_us - received_us
    off_us = ahead_us if abs(ahead_us) > TOLERANCE_US else 0
    at_us = min(max(made_us - off_us, received_us - LONGEST_US), received_us)
    return Corrected(at_us, ahead_us)
