"""Steps of contacts for tests."""

from __future__ import annotations

from typing import Any

from littoral.respond.contact.flow import Contact, Report, Step, after
from littoral.respond.contact.words import END, REPORT

NOW_US = 1_795_521_600_000_000
MINUTE_US = 60_000_000


def report(key: str = "a", at_min: float = 0, words: str = "", **said: Any) -> Step:
    """`at_min`: minutes after NOW_US, at which it is entered."""
    plain = {"lon_deg": 110.0, "lat_deg": 20.0, "what": "vessel", "source": "vhf",
             **dict.fromkeys(("channel", "station", "name", "call_sign"), "")}  # fmt: skip
    at_us = NOW_US + round(at_min * MINUTE_US)
    return Step(key, "a", REPORT, at_us, "li", "460000/police", {**plain, **said}, words)


def end(key: str = "e", at_min: float = 0, words: str = "", **said: Any) -> Step:
    at_us = NOW_US + round(at_min * MINUTE_US)
    return Step(key, "a", END, at_us, "wang", "460000/police", said, words)


def made(*steps: Step) -> Contact:
    contact: Contact | None = None
    for step in steps:
        contact = after(contact, step)
    assert contact is not None
    return contact


def one(**said: Any) -> Report:
    return made(report(**said)).last
