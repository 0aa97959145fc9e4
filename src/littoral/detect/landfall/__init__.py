"""Rule `landfall`: where and when a fast craft gone silent can come ashore."""

from __future__ import annotations

from littoral.detect.landfall.detector import Landfall

DETECTOR = Landfall()
