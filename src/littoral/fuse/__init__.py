"""Observations become tracks: one track for each real vessel, told apart by dead reckoning."""

from __future__ import annotations

from littoral.fuse.keep import step
from littoral.fuse.settings import DEFAULT, FuseSettings
from littoral.fuse.state import FuseState, start

__all__ = ["DEFAULT", "FuseSettings", "FuseState", "start", "step"]
