"""What the server writes to standard error: one line a record, in UTC, that nobody can forge.

A name, a header or an answer of another server may hold line breaks and control characters. They
are written as `\\n`, `\\x1b`, so that what somebody sent never begins a line of its own and never
talks to a terminal. Lines of a traceback begin with ` | `.
"""

from __future__ import annotations

import logging
import sys
from datetime import UTC, datetime
from typing import TextIO

LONGEST = 4_000  # characters of one record's message


class OneLine(logging.Formatter):
    """`2026-11-25T01:02:03.456Z WARNING littoral.api.signin.oidc: message`."""

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        message = plain(record.getMessage())[:LONGEST]
        written = f"{at.removesuffix('+00:00')}Z {record.levelname} {record.name}: {message}"
        if record.exc_info:
            trace = self.formatException(record.exc_info)
            written += "".join(f"\n | {plain(line)}" for line in trace.split("\n"))
        return written


class Stderr(logging.StreamHandler[TextIO]):
    """Standard error as it is now, not as it was when the handler was made."""

    def __init__(self) -> None:
        super().__init__(sys.stderr)
        self.setFormatter(OneLine())

    def emit(self, record: logging.LogRecord) -> None:
        self.stream = sys.stderr
        super().emit(record)


def plain(text: str) -> str:
    """Without line breaks, control characters and what else does not print, as escapes."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def to_stderr() -> None:
    """Everything that is logged goes there, unless the program that runs us has set up its own."""
    root = logging.getLogger()
    if not root.handlers:
        root.addHandler(Stderr())
        root.setLevel(logging.WARNING)
