"""How much of a silence the receivers' outages explain."""

from __future__ import annotations

import numpy as np

from littoral.schema.batch import Outage

OPEN_US = 2**62


def spans_of(outages: tuple[Outage, ...]) -> dict[int, list[tuple[int, int]]]:
    """By receiver: when it was out, planned or found, as disjoint spans in order."""
    by_station: dict[int, list[tuple[int, int]]] = {}
    for o in sorted(outages, key=lambda o: (o.station, o.start_us)):
        spans = by_station.setdefault(o.station, [])
        end_us = OPEN_US if o.end_us is None else o.end_us
        if spans and o.start_us <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(spans[-1][1], end_us))
        else:
            spans.append((o.start_us, end_us))
    return by_station


def all_out(stations: list[int], spans: dict[int, list[tuple[int, int]]]) -> list[tuple[int, int]]:
    """When every one of `stations` was out at once; empty when there are none."""
    if not stations:
        return []
    together = spans.get(stations[0], [])
    for k in stations[1:]:
        together = [
            (max(a, c), min(b, d))
            for a, b in together
            for c, d in spans.get(k, [])
            if max(a, c) < min(b, d)
        ]
    return together


def explained_us(
    mask: np.ndarray,
    main: np.ndarray,
    last_us: np.ndarray,
    now_us: np.ndarray,
    outages: tuple[Outage, ...],
    receivers: int,
) -> np.ndarray:
    """(n,) microseconds of the silence `last_us..now_us` in which all receivers of `mask` (bit i:
    receiver i) were out, or the receiver `main` was (-1: none), whichever is more. Where no
    receiver is known (mask 0), all of the run's must be.

    The main one alone explains it, since others hear a vessel now and then far beyond their reach:
    they would be in the mask, and are not heard to fail."""
    out = np.zeros(len(mask), np.int64)
    if not outages:
        return out
    spans = spans_of(outages)

    def passed_us(rows: np.ndarray, stations: list[int]) -> np.ndarray:
        together = np.zeros(int(rows.sum()), np.int64)
        for a, b in all_out(stations, spans):
            overlap = np.minimum(now_us[rows], b) - np.maximum(last_us[rows], a)
            together += np.maximum(overlap, 0)
        return together

    for m in np.unique(mask).tolist():
        stations = [k for k in range(64) if m >> k & 1] if m else list(range(receivers))
        rows = mask == m
        out[rows] = passed_us(rows, stations)
    for k in np.intersect1d(main, list(spans)).tolist():
        rows = main == k
        out[rows] = np.maximum(out[rows], passed_us(rows, [k]))
    return out
