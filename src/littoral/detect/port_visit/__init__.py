"""Rule `port_visit`: a vessel calls at a port or lies at an anchorage."""

from __future__ import annotations

from littoral.detect.port_visit.detector import PortVisit

DETECTOR = PortVisit()
