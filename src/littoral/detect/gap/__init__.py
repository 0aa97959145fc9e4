"""Rule `gap`: a vessel has fallen silent where it should be heard."""

from __future__ import annotations

from littoral.detect.gap.detector import Gap

DETECTOR = Gap()
