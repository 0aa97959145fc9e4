"""The cut does not matter: whole, byte by byte, in random pieces; nor does what was fed before."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from littoral.schema.state import pack, unpack
from littoral.sense.ais import StationList
from littoral.sense.ais.messages import decode_lines
from tests.sense.ais.helpers import decode, decoder, merged, message, same, sentences, tag


def stream() -> bytes:
    """A bit of everything: types, parts, tag blocks, prefixes, damage, other sentences, rubbish."""
    rng = random.Random(1)
    lines: list[bytes] = [b"# head", b""]
    for i in range(60):
        kind = rng.choice([1, 3, 4, 5, 5, 9, 14, 18, 19, 21, 24, 27, 8, 6])
        bits = list(message(424 if kind in (5, 19, 21) else 168, {0: (6, kind)}))
        for at in range(8, len(bits)):
            bits[at] = rng.choice("01")
        heads = ["", tag(f"s:st{i % 5},c:{1767225600 + i}"), "1767225600 ", "2026-01-01T00:00:00Z "]
        parts = sentences("".join(bits), sequence=str(i % 10), channel=rng.choice("AB"))
        for part in parts:
            line = (rng.choice(heads) + part).encode()
            if rng.random() < 0.15:
                at = rng.randrange(len(line))
                line = line[:at] + bytes([rng.randrange(256)]) + line[at + 1 :]
            lines.append(line)
        if i % 7 == 0:
            lines.append(rng.randbytes(30))
            lines.append(b"$GPGLL,5250.53669,N,00542.34920,E,213950.00,A,A*67")
    lines += [b"x" * 3000, b"!AIVDM,2,1,1,A,1234567", b"no newline at the end"]
    return b"\r\n".join(lines)


STREAM = stream()
WHOLE = decode(STREAM)


def test_the_stream_has_everything():
    counts = WHOLE.counts
    assert counts.used > 40
    assert len(counts.by_type) >= 10
    assert {"bad_checksum", "too_long", "not_a_sentence", "incomplete"} <= counts.rejected.keys()
    assert {"blank", "comment", "other_nmea"} <= counts.ignored.keys()


def test_byte_by_byte():
    same(decode(STREAM, cuts=range(len(STREAM))), WHOLE)


@given(st.lists(st.integers(1, len(STREAM) - 1), max_size=20))
@settings(max_examples=60, deadline=None)
def test_random_pieces(cuts):
    same(decode(STREAM, cuts=cuts), WHOLE)


@pytest.mark.parametrize("size", [3, 63, 64, 65, 127, 128, 1024, 1025])
def test_even_pieces(size):
    same(decode(STREAM, cuts=range(0, len(STREAM), size)), WHOLE)


@pytest.mark.parametrize("rubbish", [b"\n\0\0\0", b"\n!AIVDM,1,1", b"\r", b"\n\\s:x", b"\xff" * 50])
def test_trailing_rubbish(rubbish):
    """What comes after changes nothing of what came before."""
    clean = STREAM.rsplit(b"\r\n", 1)[0] + b"\r\n"
    before, after = decode(clean), decode(clean + rubbish)
    n = len(before.observations.positions)
    assert n > 10
    assert after.observations.positions.obs_id.tolist() == (
        before.observations.positions.obs_id.tolist()
    )
    assert after.counts.used == before.counts.used


def test_other_kinds_of_buffers():
    for kind in (bytes, bytearray, memoryview):
        reader = decoder()
        same(merged([reader.feed(kind(STREAM)), reader.close()]), WHOLE)


def test_chunks_of_the_reading_decoder():
    whole = list(decode_lines([STREAM]))
    assert list(decode_lines(STREAM[i : i + 1] for i in range(len(STREAM)))) == whole
    assert len(whole) == WHOLE.counts.messages


@given(st.integers(0, len(STREAM)))
@settings(max_examples=8, deadline=None)
def test_a_snapshot_goes_on_where_it_was_taken(cut):
    stations = StationList()
    first = decoder(stations=stations)
    head = first.feed(STREAM[:cut])
    packed = pack(first.snapshot())
    first.feed(b"what comes after does not matter\n" + STREAM)
    second = decoder(stations=stations)
    second.restore(unpack(packed, second.snapshot()))
    same(merged([head, second.feed(STREAM[cut:]), second.close()]), WHOLE)


def test_a_decoder_may_be_closed_more_than_once():
    reader = decoder()
    assert reader.feed(b"!AIVDM").counts.lines == 0
    assert reader.close().counts.rejected == {"no_checksum": 1}
    assert reader.close().counts.lines == 0
    assert reader.lines == 1
