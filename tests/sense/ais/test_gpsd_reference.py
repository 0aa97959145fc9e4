"""gpsd's own samples against its committed reference output (tests/real/gpsd/SOURCE.md)."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from littoral.sense.ais.messages import decode_lines
from tests.sense.ais.helpers import decode

REAL = Path(__file__).parents[2] / "real" / "gpsd"

# Numbers that gpsd prints in quotes.
QUOTED = ("turn", "ne_lon", "ne_lat", "sw_lon", "sw_lat")


def message_of(m: dict) -> tuple:
    """What decides a field's meaning: the type, for binary messages the application too."""
    return (m["type"], m["dac"], m["fid"]) if m["type"] in (6, 8) else (m["type"], None, None)


def not_available() -> set[tuple]:
    """What gpsd prints where the sender said "not available": (message, field, value)."""
    listed = json.loads((REAL / "not_available.json").read_text())
    assert all(
        re.search("M.1371-5 Annex 8 section|Circ.(236|289), number", e["cites"]) for e in listed
    )
    return {
        ((e["type"], e.get("dac"), e.get("fid")), field, value)
        for e in listed
        for field, values in e["fields"].items()
        for value in values
    }


def expected(name: str, value):
    """gpsd's value as ours ought to be."""
    if name in QUOTED and isinstance(value, str) and not value.startswith("fast"):
        return float(value)
    return value


@pytest.fixture(scope="module")
def ours() -> list[dict]:
    return list(decode_lines([(REAL / "sample.aivdm").read_bytes()]))


@pytest.fixture(scope="module")
def theirs() -> list[dict]:
    return [json.loads(x) for x in (REAL / "sample.aivdm.js.chk").read_text().splitlines()]


def test_sample_field_for_field(ours, theirs):
    """Nulls and differences are those of the committed lists, no more and no less."""
    nulls = not_available()
    mine = [m for m in ours if m["type"] != 24]
    reference = [m for m in theirs if m["type"] != 24]
    assert len(mine) == len(reference) == 95
    found, seen, compared = [], set(), 0
    for got, want in zip(mine, reference, strict=True):
        assert want.pop("device") == "stdin"
        assert got.keys() == want.keys()
        for name, value in want.items():
            compared += 1
            if not isinstance(value, list) and (message_of(want), name, value) in nulls:
                seen.add((message_of(want), name, value))
                assert got[name] is None, (want, name)
            elif got[name] != expected(name, value):
                found.append((got["type"], got["mmsi"], name, got[name], value))
    assert compared > 1300
    assert seen == nulls
    allowed = [
        (d["type"], d["mmsi"], d["field"], d["ours"], d["gpsd"])
        for d in differences()
        if d["type"] != 24
    ]
    assert sorted(found, key=str) == sorted(allowed, key=str)


# Annex 8 of ITU-R M.1371-5 has a section for each message.
SECTION = {6: "3.4", 8: "3.6", 17: "3.15", 24: "3.22", 26: "3.24"}


def differences() -> list[dict]:
    return json.loads((REAL / "differences.json").read_text())


def test_each_difference_says_why_and_where_it_is_written():
    listed = differences()
    assert {d["type"] for d in listed} == set(SECTION)
    for d in listed:
        assert d["cites"].startswith(f"ITU-R M.1371-5 Annex 8 section {SECTION[d['type']]}"), d
        assert len(d["why"]) > 20


def test_sample_parts_of_message_24(ours, theirs):
    """Merged again as gpsd does, ours give gpsd's; the list says which parts each side has."""
    listed = [d for d in differences() if d["type"] == 24]
    assert [d["mmsi"] for d in listed] == list({m["mmsi"]: 0 for m in ours if m["type"] == 24})
    for d in listed:
        parts = [m for m in ours if m["type"] == 24 and m["mmsi"] == d["mmsi"]]
        assert [m["part"] for m in parts] == d["ours"]
        merged = [m for m in theirs if m["type"] == 24 and m["mmsi"] == d["mmsi"]]
        assert len(merged) == len(d["gpsd"])
        for want in merged:
            got: dict = {}
            for m in parts:
                got |= m
            got.pop("part")
            assert got == {k: v for k, v in want.items() if k != "device"}


def test_log_field_for_field():
    """The receiver's log: gpsd's reference is unscaled, so ours are brought back to codes."""
    want = [
        json.loads(line)
        for line in (REAL / "ais-nmea.log.chk").read_text().splitlines()
        if line.startswith('{"class":"AIS"')
    ]
    got = list(decode_lines([(REAL / "ais-nmea.log").read_bytes()]))
    assert len(got) == 171
    # gpsd repeats a message for each sentence of the same packet, and merges message 24.
    reference = {json.dumps(m, sort_keys=True) for m in want if m["type"] != 24}
    checked = 0
    for m in got:
        if m["type"] == 24:
            continue
        assert json.dumps(unscaled(m), sort_keys=True) in reference
        checked += 1
    assert checked == 162


NONE_CODES = {
    **dict.fromkeys(("imo", "draught", "to_bow", "to_stern", "to_port", "to_starboard"), 0),
    **dict.fromkeys(("shipname", "callsign", "destination", "name"), ""),
}


def unscaled(m: dict) -> dict:
    """Codes of the standard from our values."""
    m = m | {name: none for name, none in NONE_CODES.items() if m.get(name, "") is None}
    out = dict(m, scaled=False)
    if "lon" in m:
        out["lon"] = 108600000 if m["lon"] is None else round(m["lon"] * 600_000)
        out["lat"] = 54600000 if m["lat"] is None else round(m["lat"] * 600_000)
    if "speed" in m:
        out["speed"] = 1023 if m["speed"] is None else round(m["speed"] * 10)
        out["course"] = 3600 if m["course"] is None else round(m["course"] * 10)
        out["heading"] = 511 if m["heading"] is None else m["heading"]
    if "second" in m:
        out["second"] = 60 if m["second"] is None else m["second"]
    if "turn" in m:
        turn = m["turn"]
        known = {None: -128, "fastleft": -127, "fastright": 127}
        if turn in known:
            out["turn"] = known[turn]
        else:
            out["turn"] = round(abs(turn) ** 0.5 * 4.733) * (1 if turn >= 0 else -1)
    if "eta" in m:
        out["draught"] = round(m["draught"] * 10)
        out["eta"] = m["eta"] or "00-00T24:60Z"
    return out


@pytest.mark.parametrize(
    ("name", "lines", "messages", "used", "rejected", "ignored"),
    [
        # Counted by hand with grep: 1,001 comments, one blank line, 118 sentences and one that
        # lacks its `!` ("that fragment misses part 1, yields nothing").
        ("sample.aivdm", 1121, 102, 118, {"not_a_sentence": 1}, {"blank": 1, "comment": 1001}),
        ("ais-nmea.log", 1500, 171, 183, {}, {"comment": 4, "other_nmea": 1313}),
    ],
)
def test_every_line_accounted_for(name, lines, messages, used, rejected, ignored):
    counts = decode((REAL / name).read_bytes()).counts
    assert (counts.lines, counts.messages, counts.used) == (lines, messages, used)
    assert (counts.rejected, counts.ignored) == (rejected, ignored)
