"""Rule `position`: a reported position that cannot be."""

from __future__ import annotations

from littoral.detect.position.detector import Position

PLURAL = "impossible_positions"
DETECTOR = Position()
