"""The compiled decoder against the table-driven one, field by field, on messages of random bits."""

from __future__ import annotations

import math
import random

import pytest

from littoral.schema.ais import FLAG_FAST_LEFT, FLAG_FAST_RIGHT
from littoral.sense.ais.messages import decode_lines
from littoral.sense.ais.messages.message import DECODERS, LEAST_24B
from littoral.sense.ais.record import MIN_BITS, MIN_BITS_24B
from tests.sense.ais.helpers import armour, checked, decode, message

KNOT = 1852 / 3600
BITS = {1: 168, 2: 168, 3: 168, 4: 168, 5: 424, 9: 168, 11: 168, 12: 312, 14: 312, 18: 168,
        19: 312, 21: 360, 24: 168, 27: 96}  # fmt: skip
POSITIONS = (1, 2, 3, 4, 9, 11, 18, 19, 21, 27)
STATICS = (5, 19, 21, 24)


def lines_of(kind: int, count: int, seed: int) -> list[str]:
    """Sentences, one a message however long, of random bits; `@` and blanks made frequent."""
    rng = random.Random(seed)
    lines = []
    for _ in range(count):
        length = BITS[kind] - (rng.choice([0, 0, 6, 30]) if kind in (12, 14, 21) else 0)
        bits = list(message(length, {0: (6, kind)}))
        for at in range(6, length):
            bits[at] = rng.choice("01")
        for at in range(40, length - 6, 6):
            if rng.random() < 0.2:
                bits[at : at + 6] = rng.choice(["000000", "100000"])
        if kind == 24:
            bits[38] = "0"
        payload, fill = armour("".join(bits))
        lines.append("!" + checked(f"AIVDM,1,1,,A,{payload},{fill}"))
    return lines


def both(kind: int, table: str, count: int = 400):
    lines = lines_of(kind, count, kind)
    data = "\n".join(lines).encode()
    result = decode(data)
    read = list(decode_lines([data]))
    assert result.counts.messages == len(read) == count
    rows = getattr(result.observations, table).to_arrow().to_pylist()
    assert len(rows) == count
    return zip(rows, read, strict=True)


def close(ours, theirs) -> bool:
    if ours is None or theirs is None:
        return ours is theirs
    return math.isclose(ours, theirs, rel_tol=1e-6, abs_tol=1e-9)


def in_range(value, low, high):
    return value if value is not None and low <= value <= high else None


@pytest.mark.parametrize("kind", POSITIONS)
def test_positions(kind):
    for row, m in both(kind, "positions"):
        assert (row["msg_type"], row["mmsi"]) == (m["type"], m["mmsi"])
        lon, lat = in_range(m["lon"], -180, 180), in_range(m["lat"], -90, 90)
        if lon is None or lat is None:
            assert row["lon_deg"] is None
            assert row["lat_deg"] is None
        else:
            digits = 4 if kind == 27 else 7
            assert round(row["lon_deg"], digits) == lon
            assert round(row["lat_deg"], digits) == lat
        speed = m.get("speed")
        assert close(row["sog_mps"], None if speed is None else speed * KNOT)
        course = m.get("course")
        assert close(row["cog_deg"], None if course is None or course >= 360 else course)
        assert row["heading_deg"] == in_range(m.get("heading"), 0, 359)
        fast = {FLAG_FAST_LEFT: "fastleft", FLAG_FAST_RIGHT: "fastright"}
        flags = row["flags"] & (FLAG_FAST_LEFT | FLAG_FAST_RIGHT)
        assert fast.get(flags) == (m.get("turn") if isinstance(m.get("turn"), str) else None)
        turn = None if flags else m.get("turn")
        got = row["rot_degpm"]
        assert (got is None and turn is None) or math.isclose(got, turn, abs_tol=0.0051)
        assert row["alt_m"] == m.get("alt")
        status = m.get("status")
        assert row["nav_status"] == (None if status == 15 else status)
        assert row["accurate"] == m["accuracy"]
        second = m.get("second", 60)
        assert row["fix"] == (60 if second is None else second if second >= 60 else 0)


@pytest.mark.parametrize("kind", STATICS)
def test_statics(kind):
    for row, m in both(kind, "statics"):
        assert (row["msg_type"], row["mmsi"]) == (m["type"], m["mmsi"])
        assert row["imo"] == (m.get("imo") or None)
        name = m.get("shipname", m.get("name"))
        assert row["name"] == (name or None)
        assert row["call_sign"] == (m.get("callsign") or None)
        assert row["destination"] == (m.get("destination") or None)
        assert row["ship_type"] == (m.get("shiptype", m.get("aid_type")) or None)
        assert row["mothership_mmsi"] == (m.get("mothership_mmsi") or None)
        sizes = [m.get(f"to_{side}") for side in ("bow", "stern", "port", "starboard")]
        if not any(sizes):
            sizes = [None] * 4
        assert [row[f"to_{s}_m"] for s in ("bow", "stern", "port", "starboard")] == sizes
        assert close(row["draught_m"], m.get("draught") or None)
        eta = m.get("eta")
        if eta is not None and (not 1 <= int(eta[:2]) <= 12 or eta[3:5] == "00"):
            eta = None
        assert row["eta"] == eta


@pytest.mark.parametrize("kind", [12, 14])
def test_texts(kind):
    for row, m in both(kind, "texts"):
        assert (row["msg_type"], row["mmsi"]) == (m["type"], m["mmsi"])
        assert row["text"] == (m["text"] or None)
        assert row["to_mmsi"] == m.get("dest_mmsi")


def test_both_want_the_same_length():
    for kind, (_, least) in DECODERS.items():
        assert MIN_BITS[kind] == least, kind
    assert len(DECODERS) == 27
    assert MIN_BITS_24B == LEAST_24B


@pytest.mark.parametrize("kind", range(1, 28))
def test_the_shortest_message_is_taken_and_one_bit_less_is_not(kind):
    length = int(MIN_BITS[kind])
    for bits, messages in ((length, 1), (length - 1, 0)):
        payload, fill = armour(message(bits, {0: (6, kind)}))
        line = "!" + checked(f"AIVDM,1,1,,A,{payload},{fill}")
        result = decode(line)
        assert result.counts.messages == messages
        assert result.counts.rejected == ({} if messages else {"short_payload": 1})
        assert len(list(decode_lines([line.encode()]))) == messages
