"""Lower bounds of a share."""

from __future__ import annotations

from scipy.stats import beta


def lower_bound(hits: int, of: int, sure: float = 0.95) -> float | None:
    """One-sided lower bound by Clopper and Pearson; None of nothing."""
    if of == 0:
        return None
    return 0.0 if hits == 0 else float(beta.ppf(1.0 - sure, hits, of - hits + 1))
