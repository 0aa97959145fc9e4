"""Collision: two vessels will pass too close (CPA/TCPA, hulls and errors counted in)."""

from littoral.detect.collision.detector import Collision

DETECTOR = Collision()

__all__ = ["DETECTOR"]
