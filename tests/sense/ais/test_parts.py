"""Messages of several sentences: interleaved, incomplete, out of order, too many at once."""

from __future__ import annotations

import pytest

from littoral.sense.ais.messages import decode_lines
from littoral.sense.ais.waiting import MAX_AGE_LINES, REORDER_LINES
from tests.sense.ais.helpers import checked, decode, message, sentences, tag

FILLER = "# between\n"


def static(mmsi: int, name: str, **kwargs) -> list[str]:
    bits = message(424, {0: (6, 5), 8: (30, mmsi)}, {112: name.ljust(20, "@")})
    return sentences(bits, **kwargs)


A1, A2 = static(412_000_001, "ALPHA")
B1, B2 = static(412_000_002, "BRAVO")


def names(text: str, **kwargs) -> list[tuple[int, str]]:
    """MMSI and name of each static report, and the same from the decoder for reading."""
    result = decode(text, **kwargs)
    rows = result.observations.statics
    got = [(int(m), n.decode()) for m, n in zip(rows.mmsi, rows.name, strict=True)]
    if not kwargs:
        read = [(m["mmsi"], m["shipname"]) for m in decode_lines([text.encode()])]
        assert got == read
    return got


ALPHA, BRAVO = (412_000_001, "ALPHA"), (412_000_002, "BRAVO")


def test_in_sequence():
    assert names(f"{A1}\n{A2}\n{B1}\n{B2}\n") == [ALPHA, BRAVO]


@pytest.mark.parametrize("b", [
    static(412_000_002, "BRAVO", sequence="2"),
    static(412_000_002, "BRAVO", channel="B"),
    static(412_000_002, "BRAVO", formatter="AIVDO"),
])  # fmt: skip
def test_interleaved_ids_and_channels(b):
    assert names(f"{A1}\n{b[0]}\n{A2}\n{b[1]}\n") == [ALPHA, BRAVO]


def test_interleaved_stations():
    s, t = tag("s:s"), tag("s:t")
    assert names(f"{s}{A1}\n{t}{B1}\n{t}{B2}\n{s}{A2}\n") == [BRAVO, ALPHA]


def test_interleaved_groups():
    """Station and time stand in the first tag block alone, as IEC 61162-450 allows."""
    text = (
        f"{tag('g:1-2-73874,s:s,c:1767225600')}{A1}\n{tag('g:1-2-73875,s:t,c:1767225601')}{B1}\n"
        f"{tag('g:2-2-73874')}{A2}\n{tag('g:2-2-73875')}{B2}\n"
    )
    assert names(text) == [ALPHA, BRAVO]
    rows = decode(text).observations.statics
    assert rows.t_us.tolist() == [1_767_225_600_000_000, 1_767_225_601_000_000]
    assert rows.station[0] != rows.station[1]


def test_old_form_of_group():
    text = f"{tag('1G2:0125,s:s')}{A1}\n{tag('1G2:0126')}{B1}\n{tag('2G2:0125')}{A2}\n"
    assert names(text) == [ALPHA]


def test_second_sentence_without_tag_block():
    assert names(f"{tag('s:s,c:1767225600')}{A1}\n{A2}\n") == [ALPHA]


def test_ambiguous_second_sentence_is_not_guessed():
    """Two ships wait under one id at two stations; a bare second part could be either's."""
    text = f"{tag('s:s')}{A1}\n{tag('s:t')}{B1}\n{A2}\n"
    assert names(text) == []
    assert decode(text).counts.rejected == {"incomplete": 3}


def test_lost_second_part_does_not_poison_the_next():
    assert names(f"{A1}\n{B1}\n{B2}\n") == [BRAVO]
    result = decode(f"{A1}\n{B1}\n{B2}\n")
    assert result.counts.rejected == {"incomplete": 1}
    assert result.rejects.raw == [A1.encode()]
    assert result.rejects.line.tolist() == [1]


def test_lost_first_part_does_not_poison_the_next():
    """A2 came without A1; far enough later B1 comes with the same id: it is not joined to A2."""
    text = A2 + "\n" + FILLER * (REORDER_LINES + 1) + f"{B1}\n{B2}\n"
    assert names(text) == [BRAVO]


def test_overtaken_datagram():
    assert names(f"{A2}\n{A1}\n") == [ALPHA]
    far = A2 + "\n" + FILLER * REORDER_LINES + A1 + "\n"
    assert names(far) == []


@pytest.mark.parametrize(("between", "expected"), [(MAX_AGE_LINES - 1, [ALPHA]),
                                                   (MAX_AGE_LINES, [])])  # fmt: skip
def test_age_in_lines(between, expected):
    text = A1 + "\n" + FILLER * between + A2 + "\n"
    assert names(text) == expected
    counts = decode(text).counts
    assert counts.rejected == ({} if expected else {"incomplete": 2})


@pytest.mark.parametrize(("seconds", "expected"), [(10, [ALPHA]), (11, [])])
def test_age_in_time(seconds, expected):
    text = f"{tag('c:1767225600')}{A1}\n{tag(f'c:{1767225600 + seconds}')}{A2}\n"
    assert names(text) == expected


def test_repeated_part():
    """The same sentence heard twice: the later one starts afresh, nothing is joined twice."""
    result = decode(f"{A1}\n{A1}\n{A2}\n{A2}\n")
    assert len(result.observations.statics) == 1
    assert result.counts.rejected == {"incomplete": 2}
    assert result.counts.used == 2


def test_three_sentences_and_fill_bits():
    bits = message(424, {0: (6, 5), 8: (30, 412_000_001)}, {112: "ALPHA"})
    parts = sentences(bits, size=25)
    assert len(parts) == 3
    assert names("\n".join(parts)) == [ALPHA]


def test_fill_bits_in_the_middle_are_malformed():
    body = A1[1:-3]

    line = "!" + checked(body[:-1] + "2")
    assert decode(line).counts.rejected == {"malformed": 1}


def test_damaged_message_of_several_sentences():
    """A bad character in one sentence costs the message: all its lines have the same reason."""

    bad = "!" + checked(A2[1:-3].replace("000", "0x0", 1))
    result = decode(f"{A1}\n{bad}\n")
    assert result.counts.rejected == {"bad_payload_char": 2}
    assert sorted(result.rejects.line.tolist()) == [1, 2]


def test_memory_is_bounded():
    """Beyond `max_pending` the oldest group is given up."""
    lines = [static(412_000_000 + i, f"N{i}", sequence=str(i % 10))[0] for i in range(10)]
    seconds = [static(412_000_000 + i, f"N{i}", sequence=str(i % 10))[1] for i in range(10)]
    result = decode("\n".join([*lines, *seconds[6:]]), max_pending=4)
    assert result.counts.used == 8
    assert result.counts.rejected == {"incomplete": 6}
    assert [int(m) for m in result.observations.statics.mmsi] == [412_000_006 + i for i in range(4)]


def test_too_long_together():
    body = "0" * 390

    lines = ["!" + checked(f"AIVDM,2,{k},1,A,{body},0") for k in (1, 2)]
    assert decode("\n".join(lines)).counts.rejected == {"too_long": 2}
