"""Checks that fall due in a shift, and how they stand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from littoral.respond.duty.regulation import Check
from littoral.respond.duty.shifts import Shift
from littoral.respond.duty.wall import day_of, instant_us

LATER, OPEN, LATE, DONE, MISSED = "later", "open", "late", "done", "missed"


@dataclass(frozen=True, slots=True)
class Slot:
    """To be done from `begin_us` on and by `due_us`; at `end_us` the next of its kind begins, or
    the shift is over."""

    check: Check
    begin_us: int
    due_us: int
    end_us: int


def slots(shift: Shift) -> tuple[Slot, ...]:
    """Of one shift, by the time at which they begin. One that begins in a shift is that shift's."""
    found: list[Slot] = []
    for check in shift.regulation.checks:
        begins = _every(check, shift) if check.every_us else _at(check, shift)
        ends = [*begins[1:], shift.end_us]
        found += [
            Slot(check, begin_us, begin_us + check.within_us, end_us)
            for begin_us, end_us in zip(begins, ends, strict=True)
        ]
    return tuple(sorted(found, key=lambda s: (s.begin_us, s.check.id)))


def state(slot: Slot, done: Iterable[tuple[str, int]], now_us: int) -> str:
    """`done`: check and time of those that were done."""
    if any(c == slot.check.id and slot.begin_us <= at_us < slot.end_us for c, at_us in done):
        return DONE
    if now_us < slot.begin_us:
        return LATER
    if now_us >= slot.end_us:
        return MISSED
    return LATE if now_us >= slot.due_us else OPEN


def _every(check: Check, shift: Shift) -> Sequence[int]:
    return range(shift.begin_us, shift.end_us, check.every_us)


def _at(check: Check, shift: Shift) -> Sequence[int]:
    zone = shift.regulation.zone
    day, last = day_of(shift.begin_us, zone), day_of(shift.end_us, zone)
    found: set[int] = set()
    while day <= last:
        found |= {instant_us(day, at, zone) for at in check.at}
        day += timedelta(days=1)
    return sorted(at_us for at_us in found if shift.begin_us <= at_us < shift.end_us)
