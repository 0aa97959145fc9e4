"""Rule `distress`: somebody calls for help by AIS, or tests the means to."""

from __future__ import annotations

from littoral.detect.distress.detector import Distress

DETECTOR = Distress()
PLURAL = "distress_calls"
