"""The 27 messages of Recommendation ITU-R M.1371-5, Annex 8, as bit tables.

Each table begins after the head that all messages share (message id 6 bits, repeat indicator 2,
user id 30). Names and units are those of gpsd's scaled JSON: knots, degrees, metres, degrees a
minute. Reserved codes are None: longitude 181, latitude 91, speed 1023 (message 9: whole knots,
message 27: 63), course 3600 (27: 511), heading 511, rate of turn -128, altitude 4095, second 60,
IMO number 0, draught 0, all four dimensions 0, a text of nothing but padding. Enumerations stay
codes, their "not defined" too, since their text says what they mean. A second of 61 to 63 says how
the position was found (manual, dead reckoning, inoperative) and stays. What is out of range but
not reserved stays as sent: this is for reading what was sent; the columns leave it out.
"""

from __future__ import annotations

from collections.abc import Callable

from littoral.sense.ais.messages import legends
from littoral.sense.ais.messages.fields import (
    MONTH_DAY_TIME,
    MONTH_FIRST,
    Bits,
    Field,
    Table,
    Value,
    coded,
    flag,
    moment,
    place,
    read,
    running,
    scaled,
    spare,
    text,
    uint,
)

HEAD_BITS = 38
LON, LAT = place("lon", 28, 600_000, 7), place("lat", 27, 600_000, 7)  # 1/10,000 minute
COARSE_LON, COARSE_LAT = place("lon", 18, 600, 4), place("lat", 17, 600, 4)  # 1/10 minute
SECOND = uint("second", 6, null=(60,))
COURSE = scaled("course", 12, 10, 1, null=(3600,))
HEADING = uint("heading", 9, null=(511,))
KNOTS = scaled("speed", 10, 10, 1, null=(1023,))  # 1022 is 102.2 knots or more
EPFD = coded("epfd", 4, legends.EPFD)
STATUS = coded("status", 4, legends.NAV_STATUS)
SHIP_TYPE = coded("shiptype", 8, legends.SHIP_TYPE, beyond=legends.SHIP_TYPE_BEYOND)
SIDES = (uint("to_bow", 9), uint("to_stern", 9), uint("to_port", 6), uint("to_starboard", 6))


def _put_dimensions(bits: Bits, start: int, out: dict[str, Value]) -> None:
    """Metres; all four 0 is "not available" (M.1371-5 Annex 8 section 3.3, Figure 41)."""
    if bits.unsigned(start, 30):
        read(SIDES, bits, start, out)
    else:
        out.update((side.name, None) for side in SIDES)


DIMENSIONS = Field("", 30, _put_dimensions)


def _put_turn(bits: Bits, start: int, out: dict[str, Value]) -> None:
    """ROTais to degrees a minute: (code / 4.733)^2 with its sign; +-127 is only a direction."""
    code = bits.signed(start, 8)
    if code == -128:
        out["turn"] = None
    elif abs(code) == 127:
        out["turn"] = "fastright" if code > 0 else "fastleft"
    else:
        out["turn"] = round((code / 4.733) ** 2 * (1 if code >= 0 else -1), 2)


TURN = Field("turn", 8, _put_turn)

POSITION_A = (
    STATUS, TURN, KNOTS, flag("accuracy"), LON, LAT, COURSE, HEADING, SECOND,
    uint("maneuver", 2), spare(3), flag("raim"),
)  # fmt: skip
BASE_STATION = (
    moment(
        "timestamp", "{Y:04}-{M:02}-{D:02}T{h:02}:{m:02}:{s:02}Z",
        (("Y", 14, 0), ("M", 4, 0), ("D", 5, 0), ("h", 5, 24), ("m", 6, 60), ("s", 6, 60)),
    ),
    flag("accuracy"), LON, LAT, EPFD, spare(10), flag("raim"), uint("radio", 19),
)  # fmt: skip
STATIC_A = (
    uint("ais_version", 2), uint("imo", 30, null=(0,)), text("callsign", 7), text("shipname", 20),
    SHIP_TYPE, DIMENSIONS, EPFD, moment("eta", MONTH_DAY_TIME, MONTH_FIRST),
    scaled("draught", 8, 10, 1, null=(0,)), text("destination", 20), uint("dte", 1), spare(1),
)  # fmt: skip
SAR_AIRCRAFT = (
    uint("alt", 12, null=(4095,)), uint("speed", 10, null=(1023,)), flag("accuracy"), LON, LAT,
    COURSE, SECOND, uint("regional", 8), uint("dte", 1), spare(3), spare(1), flag("raim"),
    uint("radio", 20),
)  # fmt: skip
INQUIRY = (spare(2), uint("dest_mmsi", 30), spare(2))
ADDRESSED_HEAD = (uint("seqno", 2), uint("dest_mmsi", 30), flag("retransmit"), spare(1))
ASSIGNMENT = (
    spare(2), uint("mmsi1", 30), uint("offset1", 12), uint("increment1", 10),
    uint("mmsi2", 30), uint("offset2", 12), uint("increment2", 10),
)  # fmt: skip
CORRECTIONS = (spare(2), COARSE_LON, COARSE_LAT, spare(5))
POSITION_B_HEAD = (
    uint("reserved", 8), KNOTS, flag("accuracy"), LON, LAT, COURSE, HEADING, SECOND,
)  # fmt: skip
POSITION_B = (
    *POSITION_B_HEAD, uint("regional", 2), flag("cs"), flag("display"), flag("dsc"),
    flag("band"), flag("msg22"), spare(1), flag("raim"), uint("radio", 20),
)  # fmt: skip
EXTENDED_B = (
    *POSITION_B_HEAD, uint("regional", 4), text("shipname", 20), SHIP_TYPE, DIMENSIONS, EPFD,
    flag("raim"), uint("dte", 1), flag("assigned"), spare(4),
)  # fmt: skip
SLOTS = (
    spare(2),
    *(
        uint(f"{name}{n}", width)
        for n in range(1, 5)
        for name, width in (("offset", 12), ("number", 4), ("timeout", 3), ("increment", 11))
    ),
)
AID = (
    coded("aid_type", 5, legends.AID_TYPE), text("name", 20), flag("accuracy"), LON, LAT,
    DIMENSIONS, EPFD, SECOND, flag("off_position"), uint("regional", 8), flag("raim"),
    flag("virtual_aid"), spare(1), spare(1),
)  # fmt: skip
CHANNELS = (
    spare(2), uint("channel_a", 12), uint("channel_b", 12), uint("txrx", 4), flag("power"),
)  # fmt: skip
AREA = (
    place("ne_lon", 18, 600, 6), place("ne_lat", 17, 600, 6),
    place("sw_lon", 18, 600, 6), place("sw_lat", 17, 600, 6),
)  # fmt: skip
TWO_STATIONS = (uint("dest1", 30), spare(5), uint("dest2", 30), spare(5))
CHANNELS_END = (flag("addressed"), flag("band_a"), flag("band_b"), uint("zonesize", 3))
GROUP_ASSIGNMENT = (
    spare(2), *AREA, coded("stationtype", 4, legends.STATION_TYPE), SHIP_TYPE, spare(22),
    spare(2), uint("interval", 4), uint("quiet", 4), spare(6),
)  # fmt: skip
# 66 bits of vendor: three characters, model and serial number since edition 4, seven characters
# before; both are read, as gpsd does.
STATIC_B = (SHIP_TYPE, text("vendorid", 7), text("callsign", 7))
VENDOR = (uint("model", 4), uint("serial", 20))
LONG_RANGE = (
    flag("accuracy"), flag("raim"), STATUS, COARSE_LON, COARSE_LAT,
    uint("speed", 6, null=(63,)), uint("course", 9, null=(511,)), flag("gnss"), spare(1),
)  # fmt: skip

Decode = Callable[[Bits, dict[str, Value]], None]


def by_table(table: Table) -> Decode:
    def decode(bits: Bits, out: dict[str, Value]) -> None:
        read(table, bits, HEAD_BITS, out)

    return decode


def position_a(bits: Bits, out: dict[str, Value]) -> None:
    """Messages 1 to 3; of a communication state cut short, the bits that were sent."""
    at = read(POSITION_A, bits, HEAD_BITS, out)
    out["radio"] = bits.unsigned(at, min(19, bits.length - at))


def static_a(bits: Bits, out: dict[str, Value]) -> None:
    read(STATIC_A, bits, HEAD_BITS, out)
    if bits.length < 423:
        out["dte"] = None  # sent short by many transmitters; the last bits are this and a spare


def acknowledgement(bits: Bits, out: dict[str, Value]) -> None:
    """Messages 7 and 13: one to four stations; 0 stands for none."""
    for i in range(4):
        out[f"mmsi{i + 1}"] = bits.unsigned(40 + 32 * i, 30)


def addressed_text(bits: Bits, out: dict[str, Value]) -> None:
    at = read(ADDRESSED_HEAD, bits, HEAD_BITS, out)
    out["text"] = running(bits.text(at, (bits.length - at) // 6))


def broadcast_text(bits: Bits, out: dict[str, Value]) -> None:
    out["text"] = running(bits.text(40, (bits.length - 40) // 6))


def interrogation(bits: Bits, out: dict[str, Value]) -> None:
    """Message 15: up to two messages of one station and one of another; 0 where none is asked."""
    asked = (("mmsi1", 40, 30, 0), ("type1_1", 70, 6, 0), ("offset1_1", 76, 12, 0),
             ("type1_2", 90, 6, 90), ("offset1_2", 96, 12, 90), ("mmsi2", 110, 30, 110),
             ("type2_1", 140, 6, 110), ("offset2_1", 146, 12, 110))  # fmt: skip
    for name, start, width, beyond in asked:
        out[name] = bits.unsigned(start, width) if bits.length > beyond else 0


def assignment(bits: Bits, out: dict[str, Value]) -> None:
    """Message 16: 96 bits for one station, 144 for two."""
    read(ASSIGNMENT, bits, HEAD_BITS, out)
    if bits.length < 144:
        out["mmsi2"] = out["offset2"] = out["increment2"] = 0


def corrections(bits: Bits, out: dict[str, Value]) -> None:
    at = read(CORRECTIONS, bits, HEAD_BITS, out)
    out["data"] = bits.hex(at)


def aid(bits: Bits, out: dict[str, Value]) -> None:
    """Message 21: a name of 20 characters goes on after the last field, if it fills the 20."""
    at = read(AID, bits, HEAD_BITS, out)
    if "@" not in bits.text(43, 20) and bits.length > at:
        chars = min(14, (bits.length - at) // 6)
        out["name"] = (bits.text(43, 20) + bits.text(at, chars).split("@", 1)[0]).rstrip(" ")


def channels(bits: Bits, out: dict[str, Value]) -> None:
    at = read(CHANNELS, bits, HEAD_BITS, out)
    read(TWO_STATIONS if bits.unsigned(139, 1) else AREA, bits, at, out)
    read(CHANNELS_END, bits, 139, out)


def static_b(bits: Bits, out: dict[str, Value]) -> None:
    """Message 24, its two parts as sent: they are not merged."""
    if bits.unsigned(38, 2) == 0:
        out["part"] = "A"
        out["shipname"] = padded_name(bits)
        return
    out["part"] = "B"
    at = read(STATIC_B, bits, 40, out)
    callsign = out.pop("callsign")
    read(VENDOR, bits, 66, out)
    out["callsign"] = callsign
    if out["mmsi"] // 10_000_000 == 98:
        out["mothership_mmsi"] = bits.unsigned(at, 30) or None
    else:
        read((DIMENSIONS,), bits, at, out)


def padded_name(bits: Bits) -> Value:
    name: dict[str, Value] = {}
    read((text("shipname", 20),), bits, 40, name)
    return name["shipname"]


def binary_slots(bits: Bits, out: dict[str, Value], tail: int) -> None:
    """Messages 25 and 26: destination and application id where flagged, the rest as hex."""
    out["addressed"], out["structured"] = bool(bits.unsigned(38, 1)), bool(bits.unsigned(39, 1))
    at = 40
    out["dest_mmsi"], out["app_id"] = 0, 0
    if out["addressed"]:
        out["dest_mmsi"] = bits.unsigned(at, 30)
        at += 30
    if out["structured"]:
        out["app_id"] = bits.unsigned(at, 16)
        at += 16
    out["data"] = bits.hex(at, bits.length - tail)


def one_slot(bits: Bits, out: dict[str, Value]) -> None:
    binary_slots(bits, out, 0)


def several_slots(bits: Bits, out: dict[str, Value]) -> None:
    """Message 26: the last 20 bits are the communication state."""
    binary_slots(bits, out, 20)
    out["radio"] = bits.unsigned(bits.length - 20, 20)


# Message type: (how it is decoded, fewest bits that hold all that is used).
MESSAGES: dict[int, tuple[Decode, int]] = {
    **dict.fromkeys((1, 2, 3), (position_a, 149)),
    **dict.fromkeys((4, 11), (by_table(BASE_STATION), 149)),
    5: (static_a, 420),
    **dict.fromkeys((7, 13), (acknowledgement, 72)),
    9: (by_table(SAR_AIRCRAFT), 148),
    10: (by_table(INQUIRY), 70),
    12: (addressed_text, 72),
    14: (broadcast_text, 40),
    15: (interrogation, 88),
    16: (assignment, 92),
    17: (corrections, 80),
    18: (by_table(POSITION_B), 148),
    19: (by_table(EXTENDED_B), 306),
    20: (by_table(SLOTS), 70),
    21: (aid, 269),
    22: (channels, 168),
    23: (by_table(GROUP_ASSIGNMENT), 160),
    24: (static_b, 160),
    25: (one_slot, 40),
    26: (several_slots, 60),
    27: (by_table(LONG_RANGE), 95),
}
