"""What the decoder for reading gives where a sender says "not available", field by field.

Bit positions and codes: ITU-R M.1371-5 Annex 8 (the section is named), IMO SN.1/Circ.236 and 289,
UN/ECE Resolution 63 for Inland AIS, from their forms in gpsd's AIVDM/AIVDO protocol decoding.
"""

from __future__ import annotations

import pytest

from littoral.sense.ais.messages import decode_lines
from tests.sense.ais.helpers import message, sentences

HEAD_6 = {0: (6, 6), 8: (30, 412_000_001), 40: (30, 412_000_002)}
HEAD_8 = {0: (6, 8), 8: (30, 412_000_001)}


def read(bits: int, fields: dict, texts: dict | None = None) -> dict:
    lines = "\n".join(sentences(message(bits, fields, texts)))
    (got,) = decode_lines([lines.encode()])
    return got


def application(kind: int, dac: int, fid: int) -> dict:
    at = 72 if kind == 6 else 40
    return (HEAD_6 if kind == 6 else HEAD_8) | {at: (10, dac), at + 10: (6, fid)}


SIDES = ("to_bow", "to_stern", "to_port", "to_starboard")
STATIC = [
    # type, bits, fields that are null when nothing but the head is sent (section)
    (5, 424, {}, ("imo", "callsign", "shipname", "draught", "destination", *SIDES)),  # 3.3
    (19, 312, {}, ("shipname", *SIDES)),  # 3.17
    (21, 272, {}, ("name", *SIDES)),  # 3.19
    (24, 160, {}, ("shipname",)),  # 3.22, part A
    (24, 168, {38: (2, 1)}, ("vendorid", "callsign", *SIDES)),  # part B
]


@pytest.mark.parametrize(("kind", "bits", "more", "names"), STATIC)
def test_static_data(kind, bits, more, names):
    got = read(bits, {0: (6, kind), 8: (30, 412_000_001)} | more)
    assert {name: got[name] for name in names} == dict.fromkeys(names)


@pytest.mark.parametrize(
    ("kind", "bits", "first"), [(5, 424, 240), (19, 312, 271), (21, 272, 219), (24, 168, 132)]
)
def test_dimensions_of_which_some_are_zero_are_known(kind, bits, first):
    """A = C = 0: the antenna's place is not known, the ship's size is (section 3.3, Figure 41)."""
    part = {38: (2, 1)} if kind == 24 else {}
    sent = {first + 9: (9, 70), first + 24: (6, 31)}
    got = read(bits, {0: (6, kind), 8: (30, 412_000_001)} | part | sent)
    assert [got[side] for side in SIDES] == [0, 70, 0, 31]


BINARY = [
    # message, DAC, FI, bits, {bit: (width, code)}, fields
    (6, 1, 14, 190, {88: (4, 0), 92: (5, 0), 152: (5, 24), 157: (6, 60), 163: (5, 24),
                     168: (6, 60), 174: (9, 360), 183: (7, 127)}, ("month", "day")),
    (6, 1, 15, 104, {88: (11, 0)}, ("airdraught",)),
    (6, 1, 16, 136, {88: (13, 0)}, ("persons",)),
    (6, 1, 20, 360, {98: (9, 0), 107: (8, 0), 127: (5, 24), 132: (6, 60), 311: (25, 181 * 60_000),
                     336: (24, 91 * 60_000)},
     ("berth_length", "berth_depth", "arrival", "berth_name", "berth_lon", "berth_lat")),
    (6, 1, 25, 128, {90: (10, 0)}, ("amount",)),
    (6, 1, 28, 149, {115: (5, 24), 120: (6, 60), 126: (18, 262_143)}, ("start", "duration")),
    (6, 200, 21, 248, {228: (3, 7), 231: (12, 0), 217: (5, 24), 222: (6, 60)},
     ("country", "eta", "tugs", "airdraught")),
    (6, 200, 55, 168, {88: (8, 255), 96: (13, 8191), 109: (8, 255)},
     ("crew", "passengers", "personnel")),
    (8, 1, 11, 352, {56: (24, 0x7FFFFF), 80: (25, 0xFFFFFF), 105: (5, 31), 110: (5, 31),
                     115: (6, 63)}, ("lat", "lon", "timestamp")),
    (8, 1, 11, 352, {56: (24, 91 * 60_000), 80: (25, 181 * 60_000), 110: (5, 24),
                     115: (6, 60)}, ("lat", "lon", "timestamp")),
    (8, 1, 27, 117, {83: (5, 24), 88: (6, 60), 94: (18, 262_143)}, ("start", "duration")),
    (8, 200, 10, 168, {}, ("vin", "length", "beam", "draught")),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "dac", "fid", "bits", "sent", "names"), BINARY)
def test_binary_data(kind, dac, fid, bits, sent, names):
    got = read(bits, application(kind, dac, fid) | sent)
    assert "data" not in got
    assert {name: got[name] for name in names} == dict.fromkeys(names)


def test_tidal_window_entry():
    """Circ.236: 27 and 28 bits of position, two times of day, direction, speed."""
    sent = {97: (27, 91 * 600_000), 124: (28, 181 * 600_000), 152: (5, 24), 157: (6, 60),
            163: (5, 24), 168: (6, 60), 174: (9, 360), 183: (7, 127)}  # fmt: skip
    got = read(190, application(6, 1, 14) | sent)
    assert len(got["tidals"]) == 1
    assert set(got["tidals"][0].values()) == {None}
    assert len(got["tidals"][0]) == 8


def test_gauges():
    """UN/ECE: level 0 is unknown; a level is in centimetres, with its sign."""
    got = read(
        168, application(8, 200, 24) | {68: (11, 7), 79: (14, 0), 93: (11, 8), 104: (14, -5)}
    )
    assert got["gauges"][:2] == [{"id": 7, "level": None}, {"id": 8, "level": -5}]
