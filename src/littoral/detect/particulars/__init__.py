"""Rule `particulars`: what a vessel says of itself has changed for good."""

from __future__ import annotations

from littoral.detect.particulars.detector import Particulars

DETECTOR = Particulars()
PLURAL = "changed_particulars"
