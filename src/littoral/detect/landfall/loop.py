"""One pass over the fixes of a batch: who was fast when last heard (compiled)."""

from __future__ import annotations

import numpy as np
from numba import njit

from littoral.detect._shore.craft import GROUPS, NOT_JUDGED
from littoral.schema.ais import CLASS_B

NEVER_US = 2**62
FADE = 0.1  # weight of the newest in the running mean interval


@njit(cache=True, nogil=True)
def note(
    track: np.ndarray, t_us: np.ndarray, kind: np.ndarray, sog: np.ndarray,
    ship_type: np.ndarray, fast_mps: np.ndarray, silent_us: int, own_means: float,
    last_us: np.ndarray, mean_s: np.ndarray, due_us: np.ndarray,
) -> None:  # fmt: skip
    """Each fix puts off its track's due time, or takes it away. `ship_type` (tracks,) of the
    fleet, `fast_mps` (4,) by group; the rest (tracks,): time of the last fix, running mean of its
    intervals in seconds, when its silence is due."""
    slowest = fast_mps.min()
    for i in range(len(track)):
        k = track[i]
        if k < 0 or kind[i] > CLASS_B:
            continue
        t = t_us[i]
        if last_us[k] != 0:
            dt = (t - last_us[k]) * 1e-6
            mean_s[k] += (FADE if mean_s[k] > 0.0 else 1.0) * (dt - mean_s[k])
        last_us[k] = t
        if not sog[i] >= slowest:
            due_us[k] = NEVER_US
            continue
        group = GROUPS[min(255, max(-1, ship_type[k])) + 1]
        if group == NOT_JUDGED or not sog[i] >= fast_mps[group]:
            due_us[k] = NEVER_US
        else:
            due_us[k] = t + max(silent_us, int(own_means * mean_s[k] * 1e6))
