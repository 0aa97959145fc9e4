"""The words of contacts."""

from __future__ import annotations

VESSEL, SMALL_CRAFT, IN_WATER = "vessel", "small_craft", "in_water"
AIRCRAFT, UNKNOWN = "aircraft", "unknown"
WHAT = (VESSEL, SMALL_CRAFT, IN_WATER, AIRCRAFT, UNKNOWN)

# How it came to the watch.
SOURCES = ("vhf", "lookout", "telephone", "radar", "other")

REPORT, END = "report", "end"

# Why a contact ended: for `identified` with an MMSI, for `other` with words.
IN_PORT, IDENTIFIED, MISTAKEN, OTHER = "in_port", "identified", "mistaken", "other"
ENDS = (IN_PORT, IDENTIFIED, MISTAKEN, OTHER)

# As of some time: in the live picture, no longer there by itself, or ended by somebody.
LIVE, OVER, ENDED = "live", "over", "ended"
