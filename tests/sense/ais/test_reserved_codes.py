"""Every reserved code of every message that is compiled is null, and so is what is out of range.

Codes and bit positions: Recommendation ITU-R M.1371-5, Annex 8, Tables 48 (1-3), 51 (4, 11), 52
(5), 56 (9), 70 (18), 71 (19), 74 (21), 78 and 79 (24), 87 (27).
"""

from __future__ import annotations

import numpy as np
import pytest

from littoral.schema.ais import ATON, FLAG_FAST_LEFT, FLAG_FAST_RIGHT
from littoral.schema.ais import CLASS_B as CLASS_B_KIND
from littoral.sense.ais.messages import decode_lines
from tests.sense.ais.helpers import decode, message, only, sentences

KNOT = 1852 / 3600
# type: (bits, {field: (first bit, width)})
CLASS_A = {
    "nav_status": (38, 4), "rot": (42, 8), "sog": (50, 10), "lon": (61, 28), "lat": (89, 27),
    "cog": (116, 12), "heading": (128, 9), "second": (137, 6),
}  # fmt: skip
CLASS_B = {
    "sog": (46, 10), "lon": (57, 28), "lat": (85, 27), "cog": (112, 12), "heading": (124, 9),
    "second": (133, 6),
}  # fmt: skip
BASE = {"lon": (79, 28), "lat": (107, 27)}
FIELDS = {
    1: (168, CLASS_A),
    2: (168, CLASS_A),
    3: (168, CLASS_A),
    4: (168, BASE),
    9: (168, {"alt": (38, 12), "sog": (50, 10), "lon": (61, 28), "lat": (89, 27),
              "cog": (116, 12), "second": (128, 6)}),
    11: (168, BASE),
    18: (168, CLASS_B),
    19: (312, CLASS_B),
    21: (272, {"lon": (164, 28), "lat": (192, 27), "second": (253, 6)}),
    27: (96, {"nav_status": (40, 4), "lon": (44, 18), "lat": (62, 17), "sog": (79, 6),
              "cog": (85, 9)}),
}  # fmt: skip
COLUMN = {
    "nav_status": "nav_status", "rot": "rot_degpm", "sog": "sog_mps", "lon": "lon_deg",
    "lat": "lat_deg", "cog": "cog_deg", "heading": "heading_deg", "alt": "alt_m",
}  # fmt: skip
JSON_NAME = {
    "rot": "turn", "sog": "speed", "lon": "lon", "lat": "lat", "cog": "course",
    "heading": "heading", "alt": "alt", "second": "second",
}  # fmt: skip


def reserved(kind: int, field: str) -> list[int]:
    """Codes that mean "not available" or are not to be used."""
    coarse = kind == 27
    return {
        "nav_status": [15],
        "rot": [-128],
        "sog": [63] if coarse else [1023],
        "cog": [511, 360, 400] if coarse else [3600, 3601, 4095],
        "heading": [511, 360, 510],
        "alt": [4095],
        "lon": [181 * (600 if coarse else 600_000), -181 * (600 if coarse else 600_000)],
        "lat": [91 * (600 if coarse else 600_000), -91 * (600 if coarse else 600_000)],
        "second": [],
    }[field]


def good(field: str, kind: int) -> int:
    per_degree = 600 if kind == 27 else 600_000
    return {"lon": 110 * per_degree, "lat": 19 * per_degree}.get(field, 5)


def build(kind: int, **codes: int) -> str:
    bits, fields = FIELDS[kind]
    values = {0: (6, kind), 8: (30, 412_000_001)}
    for name, (start, width) in fields.items():
        values[start] = (width, codes.get(name, good(name, kind)))
    return "\n".join(sentences(message(bits, values))) + "\n"


CASES = [
    (kind, field, code)
    for kind, (_, fields) in FIELDS.items()
    for field in fields
    for code in reserved(kind, field)
]


def test_there_are_cases():
    assert len(CASES) > 90


@pytest.mark.parametrize(("kind", "field", "code"), CASES)
def test_reserved_code_is_null(kind, field, code):
    row = only(build(kind, **{field: code}))
    assert row["msg_type"] == kind
    assert row[COLUMN[field]] is None
    for other, column in COLUMN.items():
        if other == field or other not in FIELDS[kind][1]:
            continue
        both = {field, other} == {"lon", "lat"}  # half a position is none
        assert (row[column] is None) == both, other


@pytest.mark.parametrize("kind", FIELDS)
def test_absent_field_is_null(kind):
    """A column that a message does not carry is null."""
    row = only(build(kind))
    for field, column in COLUMN.items():
        assert (row[column] is not None) == (field in FIELDS[kind][1]), field


@pytest.mark.parametrize("kind", FIELDS)
def test_reserved_code_is_null_for_readers(kind):
    """The same through the decoder for reading: the first code listed is the reserved one."""
    checked = 0
    for field in FIELDS[kind][1]:
        codes = [60] if field == "second" else reserved(kind, field)
        if field not in JSON_NAME or not codes:
            continue
        (got,) = decode_lines([build(kind, **{field: codes[0]}).encode()])
        assert got[JSON_NAME[field]] is None
        checked += 1
    assert checked >= 2


@pytest.mark.parametrize(("code", "fix"), [(0, 0), (59, 0), (60, 60), (61, 61), (62, 62), (63, 63)])
@pytest.mark.parametrize("kind", [1, 2, 3, 9, 18, 19, 21])
def test_time_stamp_is_a_kind_of_fix(kind, code, fix):
    assert only(build(kind, second=code))["fix"] == fix


@pytest.mark.parametrize("kind", [4, 11, 27])
def test_no_time_stamp_is_unknown_fix(kind):
    assert only(build(kind))["fix"] == 60


@pytest.mark.parametrize(
    ("kind", "code", "mps"),
    [(1, 1022, 102.2 * KNOT), (18, 1022, 102.2 * KNOT), (9, 1022, 1022 * KNOT), (9, 63, 63 * KNOT),
     (27, 62, 62 * KNOT), (1, 0, 0.0), (3, 123, 12.3 * KNOT)],
)  # fmt: skip
def test_speed_in_metres_a_second(kind, code, mps):
    """1 kn is 1852 m / 3600 s; message 9 counts whole knots, message 27 too."""
    assert only(build(kind, sog=code))["sog_mps"] == pytest.approx(mps, rel=1e-6)


@pytest.mark.parametrize(
    ("code", "degpm"),
    # (code / 4.733)^2: 4 -> 0.714, 126 -> 708.7.
    [(0, 0.0), (4, 0.714), (-4, -0.714), (126, 708.7), (-126, -708.7)],
)
def test_rate_of_turn(code, degpm):
    assert only(build(1, rot=code))["rot_degpm"] == pytest.approx(degpm, rel=1e-3)


@pytest.mark.parametrize("kind", [1, 2, 3])
@pytest.mark.parametrize(
    ("code", "flags"),
    [(127, FLAG_FAST_RIGHT), (-127, FLAG_FAST_LEFT), (126, 0), (-126, 0), (-128, 0), (0, 0)],
)
def test_a_turn_without_an_indicator_is_a_direction_and_no_rate(kind, code, flags):
    """M.1371-5 table 45: +-127, more than 5 degrees in 30 s, no turn indicator available."""
    row = only(build(kind, rot=code))
    assert (row["rot_degpm"] is None) == (abs(code) >= 127)
    assert row["flags"] & (FLAG_FAST_LEFT | FLAG_FAST_RIGHT) == flags


def test_place_is_exact():
    """1/10,000 minute: -74.0721317 is -44443279 / 600000 (gpsd's sample of message 18)."""
    row = only(build(18, lon=-44443279, lat=24410724))
    assert row["lon_deg"] == -44443279 / 600000
    assert row["lat_deg"] == 24410724 / 600000


STATIC = {0: (6, 5), 8: (30, 412_000_001)}


def test_static_not_available():
    row = only("\n".join(sentences(message(424, STATIC))), "statics")
    for column in (
        "imo", "name", "call_sign", "ship_type", "to_bow_m", "to_stern_m", "to_port_m",
        "to_starboard_m", "draught_m", "destination", "eta", "mothership_mmsi",
    ):  # fmt: skip
        assert row[column] is None, column


def test_static_given():
    fields = STATIC | {
        40: (30, 9134270), 232: (8, 70), 240: (9, 225), 249: (9, 70), 258: (6, 1), 264: (6, 31),
        274: (4, 5), 278: (5, 15), 283: (5, 14), 288: (6, 0), 294: (8, 122),
    }  # fmt: skip
    texts = {70: "3FOF8@@", 112: "EVER DIADEM  @@@@@@@", 302: "NEW YORK@GARBAGE    "}
    row = only("\n".join(sentences(message(424, fields, texts))), "statics")
    assert row["imo"] == 9134270
    assert (row["name"], row["call_sign"], row["destination"]) == (
        "EVER DIADEM", "3FOF8", "NEW YORK"
    )  # fmt: skip
    assert [row[f"to_{x}_m"] for x in ("bow", "stern", "port", "starboard")] == [225, 70, 1, 31]
    assert row["draught_m"] == pytest.approx(12.2)
    assert (row["ship_type"], row["eta"], row["kind"]) == (70, "05-15T14:00Z", 0)


@pytest.mark.parametrize(("month", "day", "eta"), [(0, 5, None), (5, 0, None), (13, 5, None),
                                                   (5, 6, "05-06T24:60Z")])  # fmt: skip
def test_arrival(month, day, eta):
    fields = STATIC | {274: (4, month), 278: (5, day), 283: (5, 24), 288: (6, 60)}
    row = only("\n".join(sentences(message(424, fields))), "statics")
    assert row["eta"] == eta


def test_extended_class_b_gives_position_and_static():
    fields = {0: (6, 19), 8: (30, 367059850), 263: (8, 70), 271: (9, 5), 280: (9, 21),
              289: (6, 4), 295: (6, 4), 57: (28, 1), 85: (27, 1)}  # fmt: skip
    text = "\n".join(sentences(message(312, fields, {143: "CAPT.J.RIMES@@@@@@@@"})))
    assert only(text)["kind"] == CLASS_B_KIND
    row = only(text, "statics")
    assert (row["name"], row["ship_type"], row["to_stern_m"]) == ("CAPT.J.RIMES", 70, 21)


@pytest.mark.parametrize(
    ("name", "extension", "bits", "expected"),
    [
        ("CHINA ROSE MURPHY EX", "PRESS ALERT", 272 + 66 + 2, "CHINA ROSE MURPHY EXPRESS ALERT"),
        ("CHINA ROSE MURPHY EX", "PRESS@JUNK", 272 + 60, "CHINA ROSE MURPHY EXPRESS"),
        ("BUOY 1@@@@@@@@@@@@@@", "NOT A NAME", 272 + 60, "BUOY 1"),
        ("BUOY 1              ", "", 272, "BUOY 1"),
        ("ABCDEFGHIJKLMNOPQRST", "ABCDEFGHIJKLMN", 360, "ABCDEFGHIJKLMNOPQRSTABCDEFGHIJKLMN"),
    ],
)
def test_name_of_an_aid(name, extension, bits, expected):
    fields = {0: (6, 21), 8: (30, 994_121_001), 38: (5, 30)}
    text = message(max(bits, 272), fields, {43: name} | ({272: extension} if extension else {}))
    row = only("\n".join(sentences(text)), "statics")
    assert row["name"] == expected
    assert (row["ship_type"], row["kind"]) == (30, ATON)


def test_parts_of_message_24():
    a = message(160, {0: (6, 24), 8: (30, 271041815)}, {40: "PROGUY@@@@@@@@@@@@@@"})
    b = {0: (6, 24), 8: (30, 271041815), 38: (2, 1), 40: (8, 60), 141: (9, 15), 156: (6, 5)}
    result = decode("\n".join([*sentences(a), *sentences(message(168, b, {90: "TC6163@"}))]))
    first, second = result.observations.statics.to_arrow().to_pylist()
    assert (first["name"], first["call_sign"], first["to_stern_m"]) == ("PROGUY", None, None)
    assert (second["name"], second["call_sign"], second["ship_type"]) == (None, "TC6163", 60)
    assert (second["to_bow_m"], second["to_stern_m"], second["to_starboard_m"]) == (0, 15, 5)


def test_craft_of_a_parent_ship():
    fields = {0: (6, 24), 8: (30, 984_120_001), 38: (2, 1), 132: (30, 412_000_001)}
    row = only("\n".join(sentences(message(168, fields))), "statics")
    assert row["mothership_mmsi"] == 412_000_001
    assert row["to_bow_m"] is None


@pytest.mark.parametrize("kind", [12, 14])
def test_safety_text(kind):
    first = 72 if kind == 12 else 40
    fields = {0: (6, kind), 8: (30, 351809000)} | ({40: (30, 351853000)} if kind == 12 else {})
    text = message(first + 6 * 20, fields, {first: "MOB AT 20N @ 110E @@"})
    row = only("\n".join(sentences(text)), "texts")
    assert row["text"] == "MOB AT 20N @ 110E"
    assert row["to_mmsi"] == (351853000 if kind == 12 else None)


def test_no_null_is_a_number():
    """A stream of nothing but reserved codes leaves no finite value in any measured column."""
    lines = []
    for kind, (_, fields) in FIELDS.items():
        codes = {f: reserved(kind, f)[0] for f in fields if f != "second"}
        lines.append(build(kind, **codes))
    positions = decode("".join(lines)).observations.positions
    assert len(positions) == len(FIELDS)
    for name in ("lon_deg", "lat_deg", "sog_mps", "cog_deg", "heading_deg", "rot_degpm", "alt_m"):
        assert np.isnan(getattr(positions, name)).all(), name
    assert (positions.nav_status == -1).all()
