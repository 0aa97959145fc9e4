"""Encounter: two vessels close together for long and slow (GFW, Skylight, coastal)."""

from littoral.detect.encounter.detector import Encounter

DETECTOR = Encounter()

__all__ = ["DETECTOR"]
