"""Instants of a watch's wall clock. A watch changes at 08:00 by the clock on its wall, on the days
on which that clock is put forward or back too."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SECOND_US = 1_000_000
DAY_US = 86_400 * SECOND_US


def instant_us(day: date, at: time, zone: ZoneInfo) -> int:
    """UTC microseconds of the first moment at which the clock shows `at` of that day or later.

    Of a time that comes twice it is the first, of one that is skipped the moment of the leap. So
    a later time of the wall never comes to an earlier instant, which is what leaves no gap between
    shifts and doubles none (`datetime` alone turns the order round within a leap).
    """
    wall = datetime.combine(day, at)
    late_us = _us(wall.replace(tzinfo=zone, fold=0))
    if _wall(late_us, zone) == wall:
        return late_us
    # Skipped: fold 0 counts by the offset before the leap, fold 1 by that after it.
    before, after = _us(wall.replace(tzinfo=zone, fold=1)) // SECOND_US, late_us // SECOND_US
    offset = _offset(after, zone)
    while after - before > 1:
        middle = (before + after) // 2
        if _offset(middle, zone) == offset:
            after = middle
        else:
            before = middle
    return after * SECOND_US


def day_of(at_us: int, zone: ZoneInfo) -> date:
    """The day that the clock shows then."""
    return _wall(at_us, zone).date()


def _us(moment: datetime) -> int:
    return (moment - EPOCH) // timedelta(microseconds=1)


def _wall(at_us: int, zone: ZoneInfo) -> datetime:
    return (EPOCH + timedelta(microseconds=at_us)).astimezone(zone).replace(tzinfo=None, fold=0)


def _offset(at_s: int, zone: ZoneInfo) -> timedelta | None:
    return (EPOCH + timedelta(seconds=at_s)).astimezone(zone).utcoffset()
