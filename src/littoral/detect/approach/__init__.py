"""Rule `approach`: small craft heads for a stretch of coast without port, fast or by night."""

from __future__ import annotations

from littoral.detect.approach.detector import Approach

DETECTOR = Approach()
