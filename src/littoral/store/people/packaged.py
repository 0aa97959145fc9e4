"""Units that come with Littoral: Hainan's cities and counties, and agencies to begin with."""

from __future__ import annotations

import csv
from datetime import UTC, datetime, timedelta, timezone
from importlib.resources import files

from littoral.store.people.organisations import Unit

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
HAINAN_UTC_OFFSET_MIN = 480  # the day of a validity begins at midnight in China
PROVINCE = "460000"


def day_us(day: str, utc_offset_min: int = HAINAN_UTC_OFFSET_MIN) -> int:
    """`2015-01-01`, midnight by that clock, as microseconds UTC. Raises ValueError."""
    zone = timezone(timedelta(minutes=utc_offset_min))
    when = datetime.strptime(day, "%Y-%m-%d").replace(tzinfo=zone)
    return (when - EPOCH) // timedelta(microseconds=1)


def day_of(us: int) -> str:
    """The day in China on which it falls."""
    return (EPOCH + timedelta(microseconds=us, minutes=HAINAN_UTC_OFFSET_MIN)).strftime("%Y-%m-%d")


def hainan_units() -> list[Unit]:
    """All versions, the province first; data/SOURCE.md says whence."""
    text = (files(__package__) / "data" / "hainan_units.csv").read_text(encoding="utf-8")
    return [
        Unit(
            row["code"],
            row["tier"],
            row["parent"] or None,
            row["name_zh"],
            row["name_en"],
            day_us(row["valid_from"]),
            day_us(row["valid_to"]) if row["valid_to"] else None,
        )
        for row in csv.DictReader(text.splitlines())
    ]
