"""CoT out of a stream: events of pytak (another's library), documents by hand from the base schema
of Cursor on Target, the cut, and what is no position."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from xml.etree.ElementTree import fromstring

import pytak
import pytest

from littoral.sense.cot import Ignored, Ping, Point, Rejected, Stream
from littoral.sense.cot.stream import MOST_BYTES, PONG

# As ATAK sends its own place (self-report, every few seconds), shortened.
SELF = (
    '<event version="2.0" uid="ANDROID-352" type="a-f-G-U-C" time="2026-11-30T03:00:00.250Z"'
    ' start="2026-11-30T03:00:00.250Z" stale="2026-11-30T03:06:15.250Z" how="m-g">'
    '<point lat="20.0512" lon="110.3021" hae="9.1" ce="4.5" le="9999999.0"/><detail>'
    '<takv os="34" version="5.2" device="X" platform="ATAK-CIV"/>'
    '<contact callsign="滨海 7" endpoint="*:-1:stcp"/><__group role="Team Member" name="Cyan"/>'
    '<track course="359.96" speed="1.5"/></detail></event>'
).encode()
CHAT = (
    '<event version="2.0" uid="GeoChat.ANDROID-352.All.1" type="b-t-f" time="2026-11-30T03:00:01Z"'
    ' start="2026-11-30T03:00:01Z" stale="2026-12-01T03:00:01Z" how="h-g-i-g-o"><point lat="20.05"'
    ' lon="110.3" hae="9" ce="9999999" le="9999999"/><detail><remarks>晚上去哪</remarks></detail>'
    "</event>"
).encode()
PINGED = (
    b'<event version="2.0" uid="p" type="t-x-c-t" time="2026-11-30T03:00:02Z" how="m-g"'
    b' start="2026-11-30T03:00:02Z" stale="2026-11-30T03:00:12Z"><point lat="0" lon="0" hae="0"'
    b' ce="9999999" le="9999999"/><detail/></event>'
)
AT_US = 1_796_007_600_250_000  # 2026-11-30T03:00:00.250Z


def test_what_a_device_says_of_itself() -> None:
    (point,) = Stream().feed(b'<?xml version="1.0" encoding="UTF-8"?>\n' + SELF)
    assert point == Point(
        "ANDROID-352", "滨海 7", "a-f-G-U-C", 110.3021, 20.0512, AT_US, 4.5, 359.96, 1.5
    )
    at = datetime(2026, 11, 30, 3, 0, 0, 250_000, tzinfo=UTC)
    assert round(at.timestamp() * 1e6) == AT_US


def test_an_event_of_pytak() -> None:
    made = pytak.gen_cot(lat=19.5, lon=-110.25, ce=12, uid="tracker 1", cot_type="a-f-S", stale=60)
    before_us = round(datetime.now(UTC).timestamp() * 1e6)
    (point,) = Stream().feed(made)
    assert isinstance(point, Point)
    assert (point.uid, point.lat_deg, point.lon_deg, point.error_m) == (
        "tracker 1", 19.5, -110.25, 12.0,
    )  # fmt: skip
    assert abs(point.t_us - before_us) < 10_000_000
    assert (point.cog_deg, point.sog_mps) == (None, None)


@pytest.mark.parametrize("seed", range(20))
def test_the_cut_does_not_matter(seed: int) -> None:
    text = b"\n".join([SELF, CHAT, PINGED, b"<event>", SELF, b"<event uid='x'></event>"])
    whole = Stream().feed(text)
    assert [type(e) for e in whole] == [Point, Ignored, Ping, Rejected, Ignored]
    chance, stream, found = random.Random(seed), Stream(), []
    at = 0
    while at < len(text):
        step = 1 if seed == 0 else chance.randrange(1, 400)
        found += stream.feed(text[at : at + step])
        at += step
    assert found == whole


def test_chat_is_dropped_unread() -> None:
    assert Stream().feed(CHAT) == [Ignored()]


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ('lat="20.0512"', 'lat="91"', "point/lat"),
        ('lat="20.0512"', 'lat="nan"', "point/lat"),
        ('lon="110.3021"', "", "point/lon"),
        ('lon="110.3021"', 'lon="x"', "point/lon"),
        ('lat="20.0512" lon="110.3021"', 'lat="0.0" lon="0.0"', "no position"),
        ('ce="4.5"', 'ce="-1"', "point/ce"),
        ('speed="1.5"', 'speed="inf"', "track/speed"),
        ('course="359.96"', 'course="400"', "track/course"),
        ('uid="ANDROID-352"', 'uid=" "', "uid"),
        ('uid="ANDROID-352"', f'uid="{"x" * 101}"', "uid"),
        (' time="2026-11-30T03:00:00.250Z"', "", "time"),
        (' time="2026-11-30T03:00:00.250Z"', ' time="2026-13-30T03:00:00Z"', "time"),
        (' time="2026-11-30T03:00:00.250Z"', ' time="2026-11-30T03:00:00"', "time"),
        ("<point ", "<Point ", "point: is missing"),
        ("<detail>", "", "no XML"),
    ],
)
def test_what_is_wrong_is_named(old: str, new: str, reason: str) -> None:
    text = SELF.decode()
    assert old in text
    (rejected, after) = Stream().feed(text.replace(old, new, 1).encode() + SELF)
    assert isinstance(rejected, Rejected)
    assert reason in rejected.reason
    assert isinstance(after, Point)


def test_bombs_and_endless_events() -> None:
    bomb = SELF.replace(b"ANDROID-352", b"&a;")
    assert isinstance(Stream().feed(b'<!DOCTYPE e [<!ENTITY a "b">]>' + bomb)[0], Rejected)
    stream = Stream()
    assert stream.feed(b"<event " + b"x" * MOST_BYTES) == [Rejected("size")]
    assert isinstance(stream.feed(SELF)[0], Point)


def test_the_answer_to_a_ping_is_one_event_that_clients_know() -> None:
    """ATAK and node-tak take `t-x-c-t-r` for the answer, from whomever."""
    ours = fromstring(PONG % {b"now": b"2026-11-30T03:00:00Z", b"stale": b"2026-11-30T03:00:20Z"})
    assert (ours.tag, ours.get("type"), ours.get("uid")) == ("event", "t-x-c-t-r", "takPong")
