"""Roll-calls: who is in danger is asked again and again, and silence goes up the tiers.

It is asked `every_us` after it began or was last answered; `within_us` later silence is late, and
after each further such time it has gone up one more tier. A call for help is up at the top at once.
All is worked out from the times; nothing here waits."""

from __future__ import annotations

from dataclasses import dataclass, replace

MINUTE_US = 60_000_000
MOST_US = 24 * 60 * MINUTE_US


@dataclass(frozen=True, slots=True)
class RollCall:
    """`answered_us`: when they last answered, by their clock and never after ours; 0: not yet."""

    every_us: int
    within_us: int
    begun_us: int
    answered_us: int = 0
    help: bool = False

    def __post_init__(self) -> None:
        for name in ("every_us", "within_us"):
            if not MINUTE_US <= getattr(self, name) <= MOST_US:
                raise ValueError(f"{name}: from a minute to a day")


@dataclass(frozen=True, slots=True)
class Asked:
    """`ask_us`: when the next answer is asked for, or has been; `late_us`: when silence is late.
    `rung`: how many tiers up it has gone; 0: in time."""

    ask_us: int
    late_us: int
    is_asking: bool
    rung: int


def answered(call: RollCall, at_us: int, help: bool) -> RollCall:
    """An answer that comes late does not take back a newer one; a call for help stays until it is
    answered anew that all is well."""
    newest = max(call.answered_us, at_us)
    is_newest = at_us >= call.answered_us
    return replace(call, answered_us=newest, help=help if is_newest else call.help or help)


def asked(call: RollCall, now_us: int, tiers_above: int) -> Asked:
    ask_us = max(call.begun_us, call.answered_us) + call.every_us
    late_us = ask_us + call.within_us
    if call.help:
        return Asked(ask_us, late_us, True, tiers_above)
    over_us = now_us - late_us
    rung = 0 if over_us < 0 else min(tiers_above, 1 + over_us // call.within_us)
    return Asked(ask_us, late_us, now_us >= ask_us, rung)
