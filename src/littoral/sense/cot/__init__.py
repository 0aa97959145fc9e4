"""Cursor on Target, as TAK devices send it: positions out of a stream of XML events."""

from __future__ import annotations

from littoral.sense.cot.stream import Ignored, Ping, Point, Rejected, Stream

__all__ = ["Ignored", "Ping", "Point", "Rejected", "Stream"]
