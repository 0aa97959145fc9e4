"""Rule `watch_list`: a vessel that people look out for."""

from __future__ import annotations

from littoral.detect.watch_list.detector import WatchList

PLURAL = "watched_vessels"
DETECTOR = WatchList()
