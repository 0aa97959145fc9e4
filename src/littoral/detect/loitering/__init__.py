"""Loitering: a vessel waits, slow, for hours where nobody waits (coastal, GFW)."""

from __future__ import annotations

from littoral.detect.loitering.detector import Loitering

DETECTOR = Loitering()

__all__ = ["DETECTOR"]
