"""Rule `receiver`: a receiver, or the whole feed, has fallen silent."""

from __future__ import annotations

from littoral.detect.receiver.detector import Receiver

DETECTOR = Receiver()
PLURAL = "receiver_outages"
