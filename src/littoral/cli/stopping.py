"""Ending a service that is asked to: SIGTERM, as systemd, Docker and `kill` send it."""

from __future__ import annotations

import signal
import sys
from types import FrameType


def end_on_sigterm() -> None:
    """Let SIGTERM end the process through its `finally` clauses, with exit code 0.

    Without this Python dies where it stands, and uvicorn, which stops its own server first, sends
    itself the signal again: the stores would not be closed nor a last checkpoint written.
    """
    signal.signal(signal.SIGTERM, _end)


def _end(_number: int, _frame: FrameType | None) -> None:
    sys.exit(0)
