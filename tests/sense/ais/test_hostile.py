"""No input stops the stream, grows memory without bound, or is unaccounted for."""

from __future__ import annotations

import tracemalloc

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from littoral.schema.ais import Observations
from littoral.sense.ais import StationList
from littoral.sense.ais.messages import decode_lines
from tests.sense.ais.helpers import checked, decode, decoder, message, same, sentences, tag

GOOD = sentences(message(168, {0: (6, 1), 8: (30, 412_000_001)}))[0].encode()
PIECES = st.sampled_from([
    b"!", b"\\", b"*", b",", b"\n", b"\r\n", b"\0", b"$", b"#", b"!AIVDM,1,1,,A,", b",0*", b"AIVDM",
    b"s:", b"c:", b"g:", b"*00", b"1767225600", b"2026-01-01T00:00:00Z ", b"15RTgt0PAso;90TKcjM8h",
    b"\xff\xfe", b"!AIVDM,2,1,1,A,", b"!AIVDM,9,9,9,B,", tag("s:a,c:1767225600").encode(), GOOD,
    GOOD + b"\n", b" ",
])  # fmt: skip


def sane(rows: Observations) -> None:
    p = rows.positions
    for column, low, high in (
        (p.lon_deg, -180, 180), (p.lat_deg, -90, 90), (p.cog_deg, 0, 360), (p.heading_deg, 0, 360),
        (p.sog_mps, 0, 1022 * 1852 / 3600 + 1), (p.rot_degpm, -709, 709), (p.alt_m, 0, 4094),
    ):  # fmt: skip
        assert (np.isnan(column) | ((column >= low) & (column <= high))).all()
    assert (np.isnan(p.lon_deg) == np.isnan(p.lat_deg)).all()


def check(data: bytes) -> None:
    """The account adds up, line numbers are right, the rows are sane, readers agree."""
    result = decode(data)
    result.counts.check()
    ends = data.count(b"\n")
    assert result.counts.lines == ends + (not data.endswith(b"\n") and data != b"")
    lines = data.split(b"\n")
    assert len(result.rejects) == sum(result.counts.rejected.values())
    for line, raw in zip(result.rejects.line, result.rejects.raw, strict=True):
        assert raw == lines[line - 1][:512]
    sane(result.observations)
    assert sum(result.counts.by_type.values()) == result.counts.messages
    assert len(list(decode_lines([data]))) == result.counts.messages


@given(st.binary(max_size=600))
@settings(max_examples=150, deadline=None)
def test_random_bytes(data):
    check(data)


@given(st.lists(st.one_of(PIECES, st.binary(max_size=8)), max_size=60).map(b"".join))
@settings(max_examples=250, deadline=None)
def test_pieces_of_sentences(data):
    check(data)


@given(st.lists(st.tuples(st.text("0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVW`abcdefghijklmnopqrstuvw",
                                  max_size=80), st.integers(0, 5), st.integers(1, 3),
                          st.integers(1, 3), st.integers(0, 2)), max_size=12))  # fmt: skip
@settings(max_examples=200, deadline=None)
def test_random_payloads_in_sound_sentences(parts):
    """Well-formed sentences with any payload: the checksum is right, the rest is chance."""
    lines = [
        "!" + checked(f"AIVDM,{n},{k},{s},A,{payload},{fill}") for payload, fill, n, k, s in parts
    ]
    check("\n".join(lines).encode())


@given(st.integers(0, len(GOOD) - 1), st.integers(0, 255))
@settings(max_examples=200, deadline=None)
def test_one_changed_byte_never_gives_another_message(at, byte):
    """The checksum catches every change of one byte, or the change is none to the sentence."""
    data = GOOD[:at] + bytes([byte]) + GOOD[at + 1 :]
    result = decode(data)
    for mmsi in result.observations.positions.mmsi:
        assert mmsi == 412_000_001
    check(data)


def test_ten_megabytes_without_a_line_end():
    """Memory stays that of a line; the rest of the stream is read."""
    reader = decoder()
    reader.feed(GOOD + b"\n")
    chunk = b"\0" * 65536
    tracemalloc.start()
    for _ in range(160):
        assert reader.feed(chunk).counts.lines == 0
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 1 << 20
    after = reader.feed(b"\n" + GOOD + b"\n")
    assert after.counts.rejected == {"too_long": 1}
    assert after.counts.used == 1
    assert after.rejects.raw == [b"\0" * 512]


def test_a_long_line_is_the_same_however_it_is_cut():
    data = GOOD + b"\n" + b"!" * 5000 + b"\n" + GOOD + b"\n"
    same(decode(data, cuts=range(0, len(data), 7)), decode(data))


def test_more_rejects_than_foreseen():
    """A chunk of nothing but tiny bad lines fills the room over and over."""
    lines = 50_000
    result = decode(b"x\n" * lines)
    assert result.counts.rejected == {"not_a_sentence": lines}
    assert result.rejects.line.tolist() == list(range(1, lines + 1))
    result = decode(GOOD + b"\n" + b"\n" * 200_000 + GOOD)
    assert result.counts.ignored == {"blank": 200_000}
    assert result.counts.used == 2


def test_more_rows_than_foreseen():
    """Texts and statics far beyond their usual share."""
    text = sentences(message(52, {0: (6, 14), 8: (30, 1)}, {40: "HI"}))[0]
    static = sentences(message(160, {0: (6, 24), 8: (30, 2)}, {40: "N"}))[0]
    result = decode("\n".join([text] * 3000 + [static] * 3000))
    assert len(result.observations.texts) == 3000
    assert len(result.observations.statics) == 3000
    assert set(result.observations.texts.text) == {b"HI"}


def test_waiting_groups_given_up_fill_the_room():
    first = sentences(message(424, {0: (6, 5)}), sequence="1")[0]
    line = first[1:-3]
    lines = [
        "!" + checked(line.replace("VDM,2,1,1,A", f"VDM,2,1,{i % 10},{chr(33 + i // 10)}"))
        for i in range(90)
        if chr(33 + i // 10) not in "*,!$"
    ]
    result = decode("\n".join(lines))
    assert result.counts.rejected == {"incomplete": len(lines)}


def test_invented_receivers_are_bounded():
    """More names than a station number can tell apart: the rest is counted at the source itself."""
    stations = StationList([f"n{i}" for i in range(32_000 - 2)])
    lines = [tag(f"s:new{i}").encode() + GOOD for i in range(50)]
    rows = decode(b"\n".join(lines), stations=stations).observations.positions
    assert len(rows) == 50
    assert len(stations) == 32_000
    assert rows.station.tolist() == [31_999] + [31_998] * 49
