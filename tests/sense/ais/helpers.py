"""AIS messages from fields, for tests: a bit writer that shares nothing with the decoder.

Armour and checksum after IEC 61162-1, bit positions are given by the tests.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable

import numpy as np

from littoral.schema.ais import Observations
from littoral.sense.ais import AisDecoder, Decoded, Rejects, StationList

SIX_BIT = "@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_ !\"#$%&'()*+,-./0123456789:;<=>?"


def message(bits: int, fields: dict[int, tuple[int, int]], texts: dict[int, str] | None = None):
    """A bit string `bits` long: {start: (width, value)} and {start: text}, the rest zero."""
    out = ["0"] * bits
    for start, (width, value) in fields.items():
        assert -(1 << width) < value < 1 << width, (start, width, value)
        out[start : start + width] = f"{value & ((1 << width) - 1):0{width}b}"
    for start, text in (texts or {}).items():
        for i, char in enumerate(text):
            out[start + 6 * i : start + 6 * i + 6] = f"{SIX_BIT.index(char):06b}"
    assert len(out) == bits
    return "".join(out)


def armour(bits: str) -> tuple[str, int]:
    """Payload characters and fill bits."""
    fill = -len(bits) % 6
    bits += "0" * fill
    codes = [int(bits[i : i + 6], 2) for i in range(0, len(bits), 6)]
    return "".join(chr(c + 48 if c < 40 else c + 56) for c in codes), fill


def checked(body: str) -> str:
    value = 0
    for char in body.encode():
        value ^= char
    return f"{body}*{value:02X}"


def sentences(
    bits: str, *, sequence: str = "1", channel: str = "A", formatter: str = "AIVDM", size: int = 60
) -> list[str]:
    payload, fill = armour(bits)
    parts = [payload[i : i + size] for i in range(0, len(payload), size)]
    n = len(parts)
    return [
        "!"
        + checked(
            f"{formatter},{n},{k},{sequence if n > 1 else ''},{channel},{part},"
            f"{fill if k == n else 0}"
        )
        for k, part in enumerate(parts, 1)
    ]


def tag(body: str) -> str:
    return f"\\{checked(body)}\\"


def decoder(**kwargs) -> AisDecoder:
    kwargs.setdefault("stations", StationList())
    return AisDecoder(kwargs.pop("source", 0), default_station="here", **kwargs)


def decode(
    data: bytes | str, *, cuts: Iterable[int] = (), received_us: int = 0, **kwargs
) -> Decoded:
    """All of `data`, cut at `cuts`, as one result."""
    raw = data.encode() if isinstance(data, str) else data
    reader = decoder(**kwargs)
    bounds = [0, *sorted(set(cuts)), len(raw)]
    parts = [reader.feed(raw[a:b], received_us) for a, b in itertools.pairwise(bounds)]
    return merged([*parts, reader.close()])


def merged(parts: list[Decoded]) -> Decoded:
    total = Decoded.empty().counts
    for part in parts:
        part.counts.check()
        total.add(part.counts)
    return Decoded(
        Observations.concat([p.observations for p in parts]),
        Rejects.concat([p.rejects for p in parts]),
        total,
    )


def same(a: Decoded, b: Decoded) -> None:
    """Asserts that two results are equal, column by column, NaN equal to NaN."""
    assert a.counts == b.counts
    assert a.rejects.line.tolist() == b.rejects.line.tolist()
    assert a.rejects.reason == b.rejects.reason
    assert a.rejects.raw == b.rejects.raw
    for table in ("positions", "statics", "texts"):
        left, right = getattr(a.observations, table), getattr(b.observations, table)
        assert len(left) == len(right)
        for name in left.TABLE.names():
            np.testing.assert_array_equal(getattr(left, name), getattr(right, name), err_msg=name)


def only(data: bytes | str, table: str = "positions", **kwargs) -> dict:
    """The one row that `data` gives in `table`, nulls as None."""
    result = decode(data, **kwargs)
    assert result.counts.rejected == {}, result.counts
    rows = getattr(result.observations, table)
    assert len(rows) == 1
    return rows.to_arrow().to_pylist()[0]
