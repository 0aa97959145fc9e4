"""Planned outages of receivers, and when one explains more silence than before.

While a planned outage *holds alerts*, the silence of its receiver, and of vessels that it alone
hears, is explained and not annunciated: the watch is blinder for as long. One that is only noted
changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Plan:
    """Event time in microseconds."""

    start_us: int
    end_us: int
    holds_alerts: bool


REASONS = {
    "explains": {
        "zh": "停用期间的静默不再报警",
        "en": "silence in this time is explained and raises no alert",
    },
    "longer": {"zh": "不报警的时间延长", "en": "silence is explained for a longer time"},
}


def blinder(before: Plan | None, after: Plan | None) -> tuple[str, ...]:
    """Names of what is seen less, from `REASONS`; `before` None: new, `after` None: taken back."""
    if after is None or not after.holds_alerts:
        return ()
    if before is None or not before.holds_alerts:
        return ("explains",)
    if after.start_us < before.start_us or after.end_us > before.end_us:
        return ("longer",)
    return ()
