"""Rule `landing`: a craft comes in from the sea and stops, vanishes or turns at an empty shore."""

from __future__ import annotations

from littoral.detect.landing.detector import Landing

DETECTOR = Landing()
