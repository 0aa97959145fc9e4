"""Deviation: a ship off the lanes of its kind, at an unusual pace, or not going where it says."""

from littoral.detect.deviation.detector import Deviation

DETECTOR = Deviation()

__all__ = ["DETECTOR"]
