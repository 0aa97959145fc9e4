"""What commands print: errors for people, progress on a terminal, JSON for scripts."""

from __future__ import annotations

import os
import sys
import time
from typing import Any

import orjson

from littoral.link.words import why


def error(message: str) -> None:
    print(f"littoral: {message}", file=sys.stderr)


def reason(problem: Exception) -> str:
    """What went wrong, for people: a KeyError's own text would stand in quotes, the system's errors
    begin with numbers."""
    if isinstance(problem, KeyError):
        return str(problem.args[0])
    if isinstance(problem, OSError) and problem.filename is not None:
        return f"{os.fsdecode(problem.filename)}: {why(problem)}"
    if isinstance(problem, OSError) and problem.strerror is not None:
        return problem.strerror
    return str(problem)


def json_line(value: Any) -> None:
    sys.stdout.write(orjson.dumps(value, option=orjson.OPT_SERIALIZE_NUMPY).decode() + "\n")
    sys.stdout.flush()


class Progress:
    """One line on standard error that is written over; silent when that is no terminal."""

    def __init__(self, what: str) -> None:
        self.what = what
        self._shown = sys.stderr.isatty()
        self._started = time.monotonic()
        self._last = 0.0

    def update(self, share: float, lines: int) -> None:
        now = time.monotonic()
        if not self._shown or now - self._last < 0.2:
            return
        self._last = now
        rate = lines / max(1e-9, now - self._started)
        bar = "#" * round(24 * share)
        sys.stderr.write(f"\r{self.what} [{bar:<24}] {share:4.0%}  {lines:,} lines  {rate:,.0f}/s ")
        sys.stderr.flush()

    def done(self) -> None:
        if self._shown and self._last:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
