"""Second and third opinions: aiscat (float32, so to its precision) and pyais.

Both are asked for the raw meaning of the same lines; where they keep a reserved code as a number,
ours is null, which other tests show from the standard.
"""

from __future__ import annotations

import random

import aiscat
import numpy as np
import pytest
from pyais.queue import NMEAQueue

from tests.sense.ais.helpers import decode, message, sentences, tag

KNOT = 1852 / 3600
MESSAGES = 3000
RESERVED = {"speed": {1023, 102.3}, "course": {360.0}, "heading": {511}}


@pytest.fixture(scope="module")
def clean() -> bytes:
    """Messages of all compiled types with plausible fields, two sentences where they need them."""
    rng = random.Random(3)
    lines = []
    for i in range(MESSAGES):
        kind = rng.choice([1, 2, 3, 4, 5, 9, 11, 18, 19, 21, 24, 27])
        mmsi = rng.randrange(201_000_000, 775_999_999)
        sog = rng.choice([1023, *range(0, 1022)])
        cog = rng.choice([3600, *range(0, 3600, 7)])
        heading = rng.choice([511, *range(0, 360, 3)])
        lon, lat = rng.randrange(-108_000_000, 108_000_000), rng.randrange(-54_000_000, 54_000_000)
        fields = {0: (6, kind), 8: (30, mmsi)}
        texts: dict[int, str] = {}
        name = "".join(rng.choice("ABCDEFGHIJ KLMNOP0123456789") for _ in range(19)) + "Z"
        if kind <= 3:
            fields |= {50: (10, sog), 61: (28, lon), 89: (27, lat), 116: (12, cog),
                       128: (9, heading)}  # fmt: skip
        elif kind in (4, 11):
            fields |= {79: (28, lon), 107: (27, lat), 38: (14, 2026), 52: (4, 1), 56: (5, 1)}
        elif kind == 9:
            fields |= {50: (10, sog % 900), 61: (28, lon), 89: (27, lat), 116: (12, cog)}
        elif kind in (18, 19):
            fields |= {46: (10, sog), 57: (28, lon), 85: (27, lat), 112: (12, cog),
                       124: (9, heading)}  # fmt: skip
        elif kind == 21:
            fields |= {164: (28, lon), 192: (27, lat), 38: (5, 30)}
            texts = {43: name}
        elif kind == 27:
            fields |= {44: (18, lon // 1000), 62: (17, lat // 1000), 79: (6, sog % 63),
                       85: (9, cog % 360)}  # fmt: skip
        elif kind == 5:
            fields |= {40: (30, 9_134_270), 232: (8, 70)}
            texts = {70: "CALL" + str(100 + i % 900), 112: name, 302: "HAIKOU"}
        bits = {5: 424, 19: 312, 21: 272, 24: 160, 27: 96}.get(kind, 168)
        body = message(bits, fields, texts)
        head = tag(f"s:st{i % 3},c:{1_767_225_600 + i // 50}")
        parts = sentences(body, sequence=str(i % 10), channel="AB"[i % 2])
        lines.extend(head + part for part in parts)
    return "\n".join([*lines, ""]).encode()


@pytest.fixture(scope="module")
def ours(clean):
    result = decode(clean)
    assert result.counts.rejected == {}
    return result


def test_aiscat_agrees(clean, ours):
    """Every message in the same order; positions to 1e-5 degree, the step of float32 at 110."""
    theirs = list(aiscat.iter_decode([clean]))
    assert len(theirs) == ours.counts.messages == MESSAGES
    compare(ours, theirs, place=1.5e-5)


def test_pyais_agrees(clean, ours):
    queue = NMEAQueue()
    theirs = []
    for line in clean.splitlines():
        queue.put_line(line)
        while (sentence := queue.get_or_none()) is not None:
            theirs.append(sentence.decode().asdict())
    for m in theirs:
        m["type"] = m["msg_type"]
    assert len(theirs) == ours.counts.messages
    compare(ours, theirs, place=1e-6)


def compare(ours, theirs, place: float) -> None:
    positions = ours.observations.positions
    moving = [m for m in theirs if m["type"] in (1, 2, 3, 4, 9, 11, 18, 19, 21, 27)]
    assert len(moving) == len(positions) > 2000
    assert [m["mmsi"] for m in moving] == positions.mmsi.tolist()
    assert [m["type"] for m in moving] == positions.msg_type.tolist()
    for column, name in ((positions.lon_deg, "lon"), (positions.lat_deg, "lat")):
        want = np.array([m[name] for m in moving], float)
        coarse = positions.msg_type == 27
        limit = np.where(coarse, 2e-3, place)
        assert (np.abs(column - want) <= limit).all()
    for column, name, factor in (
        (positions.sog_mps, "speed", KNOT), (positions.cog_deg, "course", 1.0),
        (positions.heading_deg, "heading", 1.0),
    ):  # fmt: skip
        known = 0
        for got, m in zip(column, moving, strict=True):
            want = m.get(name)
            if want is None or want in RESERVED[name] or round(want, 1) in RESERVED[name]:
                continue
            if m["type"] == 27 and want in (63, 511):
                continue
            assert got == pytest.approx(want * factor, rel=1e-5, abs=1e-4), (name, m)
            known += 1
        assert known > 700


def test_names_agree(clean, ours):
    """Static reports of class A in two sentences, put together by each of the three."""
    statics = ours.observations.statics
    rows = [
        (int(m), n.decode(), c.decode())
        for m, n, c, t in zip(
            statics.mmsi, statics.name, statics.call_sign, statics.msg_type, strict=True
        )
        if t == 5
    ]
    theirs = [
        (m["mmsi"], m["shipname"].rstrip(" @"), m["callsign"].rstrip(" @"))
        for m in aiscat.iter_decode([clean])
        if m["type"] == 5
    ]
    assert len(rows) > 150
    assert rows == theirs
