"""Rule `meetings`: one vessel meets several in turn, each for minutes."""

from __future__ import annotations

from littoral.detect.meetings.detector import Meetings

PLURAL = "meetings_in_turn"
DETECTOR = Meetings()
