"""Chance without state: a draw is a hash of a seed and what the draw is for.

So a draw doesn't depend on how many were made before it, and a simulation cut anywhere gives the
same. The hash is the finaliser of SplitMix64 (Steele, Lea, Flood, "Fast splittable pseudorandom
number generators", 2014).
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)
def mix(z: int) -> int:
    """64 well mixed bits of 64 bits, as int64."""
    u = np.uint64(z) + np.uint64(0x9E3779B97F4A7C15)
    u = (u ^ (u >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    u = (u ^ (u >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return int(u ^ (u >> np.uint64(31)))


@njit(cache=True, nogil=True)
def mix3(seed: int, a: int, b: int) -> int:
    return mix(mix(mix(seed) ^ a) ^ b)


@njit(cache=True, nogil=True)
def unit(bits: int) -> float:
    """0 <= x < 1 of the upper 53 bits."""
    return float(np.uint64(bits) >> np.uint64(11)) * (1.0 / 9007199254740992.0)


@njit(cache=True, nogil=True)
def gauss_pair(bits: int) -> tuple[float, float]:
    """Two independent standard normal draws (Box-Muller)."""
    r = math.sqrt(-2.0 * math.log(1.0 - unit(bits)))
    a = 2.0 * math.pi * unit(mix(bits))
    return r * math.cos(a), r * math.sin(a)
