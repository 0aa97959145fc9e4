"""Drift: a merchant vessel that wind and stream carry, adrift or on a dragging anchor."""

from __future__ import annotations

from littoral.detect.drift.detector import Drift

DETECTOR = Drift()

__all__ = ["DETECTOR"]
