"""What messages 6 and 8 carry, by designated area code (DAC) and function id (FI).

As deep as gpsd goes: IMO SN.1/Circ.236 (2004) and Circ.289 (2010) under DAC 1, Inland AIS (UN/ECE
Resolution 63) under 200, the lighthouse authorities' monitoring under 235 and 250. An application
that is not known here, or whose length is not its own, is given as `data`: bits and hexadecimal.
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
    repeated,
    running,
    scaled,
    spare,
    text,
    uint,
)
from littoral.sense.ais.messages.tables import ADDRESSED_HEAD, HEAD_BITS
from littoral.sense.ais.messages.weather import WEATHER_236, WEATHER_289

WHEN = moment("arrival", MONTH_DAY_TIME, MONTH_FIRST)
LON25, LAT24 = place("lon", 25, 60_000, 6), place("lat", 24, 60_000, 6)  # 1/1000 minute
LON28, LAT27 = place("lon", 28, 600_000, 7), place("lat", 27, 600_000, 7)
LINKAGE = uint("linkage", 10)
SECOND = uint("second", 6, null=(60,))
DAY_FIRST = (("D", 5, 0), ("M", 4, 0), ("h", 5, 24), ("m", 6, 60))
WATERWAY_SECTION_AT = 56  # bits of dates and times before it

CARGO_236 = (
    text("lastport", 5), moment("departure", MONTH_DAY_TIME, MONTH_FIRST), text("nextport", 5),
    moment("eta", MONTH_DAY_TIME, MONTH_FIRST), text("dangerous", 20), text("imdcat", 4),
    uint("unid", 13), uint("amount", 10), uint("unit", 2), spare(3),
)  # fmt: skip
TIDAL_HOURS = (
    uint("from_hour", 5, null=(24,)), uint("from_min", 6, null=(60,)),
    uint("to_hour", 5, null=(24,)), uint("to_min", 6, null=(60,)),
    uint("cdir", 9, null=(360, 511)),
)  # fmt: skip
TIDAL_236 = (LAT27, LON28, *TIDAL_HOURS, scaled("cspeed", 7, 10, 1, null=(127,)))
TIDAL_289 = (LON25, LAT24, *TIDAL_HOURS, scaled("cspeed", 8, 10, 1, null=(255,)))
AIR_DRAUGHT = (uint("airdraught", 11, null=(0,)),)
CLEARANCE = (LINKAGE, WHEN, text("portname", 20), text("destination", 5), LON25, LAT24, spare(43))
SERVICES = (
    "agent", "fuel", "chandler", "stevedore", "electrical", "water", "customs", "cartage", "crane",
    "lift", "medical", "navrepair", "provisions", "shiprepair", "surveyor", "steam", "tugs",
    "solidwaste", "liquidwaste", "hazardouswaste", "ballast", "additional", "regional1",
    "regional2", "future1", "future2",
)  # fmt: skip
BERTH = (
    LINKAGE, uint("berth_length", 9, null=(0,)), scaled("berth_depth", 8, 10, 1, null=(0,)),
    coded("position", 3, legends.MOORING),
    moment("arrival", "{M}-{D}T{h}:{m}", MONTH_FIRST), uint("availability", 1),
    *(uint(name, 2) for name in SERVICES),
    text("berth_name", 20), place("berth_lon", 25, 60_000, 6), place("berth_lat", 24, 60_000, 6),
)  # fmt: skip
CARGO_289 = (uint("unit", 2), uint("amount", 10, null=(0,)))
CARGO_ENTRY = (uint("code", 4), uint("subtype", 13, null=(0,)))
ROUTE = (
    LINKAGE, uint("sender", 3), coded("rtype", 5, legends.ROUTE_TYPE),
    moment("start", MONTH_DAY_TIME, MONTH_FIRST), uint("duration", 18, null=(262_143,)),
)  # fmt: skip
FAIRWAY = (
    text("reason", 20), text("closefrom", 20), text("closeto", 20), uint("radius", 10),
    uint("extunit", 2),
    moment("from", "{M:02}-{D:02}T{h:02}:{m:02}", DAY_FIRST),
    moment("to", "{M:02}-{D:02}T{h:02}:{m:02}", DAY_FIRST), spare(4),
)  # fmt: skip
SIGNAL = (
    LINKAGE, text("station", 20), LON25, LAT24, uint("status", 2),
    coded("signal", 5, legends.SIGNAL, beyond="INVALID SIGNAL TYPE"),
    uint("hour", 5, null=(24,)), uint("minute", 6, null=(60,)),
    coded("nextsignal", 5, legends.SIGNAL, beyond="INVALID SIGNAL TYPE"),
)  # fmt: skip
AID_MONITORING = (
    scaled("ana_int", 10, 20, 2), scaled("ana_ext1", 10, 20, 2), scaled("ana_ext2", 10, 20, 2),
    coded("racon", 2, legends.RACON), coded("light", 2, legends.LIGHT), flag("alarm"),
    uint("stat_ext", 8), flag("off_pos"),
)  # fmt: skip
LOCK = (
    text("country", 2), text("locode", 3), text("section", 5), text("terminal", 5),
    text("hectometre", 5), moment("eta", "{M}-{D}T{h}:{m}", MONTH_FIRST),
)  # fmt: skip
LOCK_ETA = (*LOCK, uint("tugs", 3, null=(7,)), uint("airdraught", 12, null=(0,)))
LOCK_RTA = (*LOCK, coded("status", 2, legends.RTA_STATUS, null=(3,)))
PERSONS = (
    uint("crew", 8, null=(255,)), uint("passengers", 13, null=(8191,)),
    uint("personnel", 8, null=(255,)),
)  # fmt: skip
EMMA = (
    place("start_lon", 28, 600_000, 7), place("start_lat", 27, 600_000, 7),
    place("end_lon", 28, 600_000, 7), place("end_lat", 27, 600_000, 7),
    coded("type", 4, legends.EMMA_TYPE, beyond="INVALID EMMA TYPE"),
    scaled("min", 9, 1, 0, null=(255,), signed=True),
    scaled("max", 9, 1, 0, null=(255,), signed=True),
    coded("class", 2, legends.EMMA_CLASS, beyond="INVALID EMMA TYPE"),
    coded("wind", 4, legends.EMMA_WIND, beyond="INVALID EMMA WIND DIRECTION"),
)  # fmt: skip
GAUGE = (uint("id", 11), scaled("level", 14, 1, 0, null=(0,), signed=True))
SIGNAL_POSITION = (
    LON28, LAT27, uint("form", 4), uint("facing", 9),
    coded("direction", 3, legends.DIRECTION, beyond="INVALID DIRECTION"),
    coded("status", 30, legends.SIGNAL_STATUS, beyond="INVALID STATUS"),
)  # fmt: skip

# Reads the application data that begin at a bit; False when the form is not the application's.
Application = Callable[[Bits, int, dict[str, Value]], bool]


def form(table: Table, bits_least: int = 0, bits_exact: int = 0) -> Application:
    """A fixed form; the lengths are those of the whole message."""

    def decode(bits: Bits, at: int, out: dict[str, Value]) -> bool:
        if bits.length < bits_least or (bits_exact and bits.length != bits_exact):
            return False
        read(table, bits, at, out)
        return True

    return decode


def tidal(entry: Table) -> Application:
    def decode(bits: Bits, at: int, out: dict[str, Value]) -> bool:
        at = read((uint("month", 4, null=(0,)), uint("day", 5, null=(0,))), bits, at, out)
        # An entry counts from its first bit: senders leave out what they do not know at the end.
        out["tidals"] = []
        while len(out["tidals"]) < 3 and at < bits.length:
            out["tidals"].append({})
            at = read(entry, bits, at, out["tidals"][-1])
        return True

    return decode


def cargoes(bits: Bits, at: int, out: dict[str, Value]) -> bool:
    at = read(CARGO_289, bits, at, out)
    out["cargos"] = repeated(CARGO_ENTRY, bits, at, 28, partial=True)
    return True


def route(bits: Bits, at: int, out: dict[str, Value]) -> bool:
    at = read(ROUTE, bits, at, out)
    count, at = bits.unsigned(at, 5), at + 5
    out["waypoints"] = repeated((LON28, LAT27), bits, at, min(count, 16))
    return True


def description(bits: Bits, at: int, out: dict[str, Value]) -> bool:
    at = read((LINKAGE,), bits, at, out)
    out["text"] = running(bits.text(at, max(0, bits.length - at) // 6))
    return True


def persons_addressed(bits: Bits, at: int, out: dict[str, Value]) -> bool:
    """Circ.236 and 289 share a function id; 13 bits of number follow the head in both."""
    out["persons"] = bits.unsigned(at, 13) or None  # 0 is "not available"
    return True


def persons_broadcast(bits: Bits, at: int, out: dict[str, Value]) -> bool:
    """Other lengths under this id are targets of VTS in a private form, not persons."""
    if bits.length - at not in (72, 136):
        return False
    return persons_addressed(bits, at, out)


def targets(bits: Bits, at: int, out: dict[str, Value]) -> bool:
    """Circ.289 number 17: targets that VTS made or tracks, 122 bits each, at most four."""
    rest = (
        spare(4), LAT24, LON25, uint("course", 9, null=(360,)), SECOND,
        uint("speed", 10, null=(255,)),
    )  # fmt: skip
    out["targets"] = []
    while at + 122 <= bits.length and len(out["targets"]) < 4:
        target: dict[str, Value] = {}
        read((coded("idtype", 2, legends.ID_TYPE),), bits, at, target)
        kind = target["idtype"]
        target[legends.ID_TYPE[kind]] = (
            str(bits.unsigned(at + 2, 42)) if kind < 2 else running(bits.text(at + 2, 7))
        )
        read(rest, bits, at + 44, target)
        out["targets"].append(target)
        at += 122
    return True


def inland_ship(bits: Bits, at: int, out: dict[str, Value]) -> bool:
    """UN/ECE: inland ship; a hazard code above 5 is no message of this kind."""
    if bits.length != 168 or bits.unsigned(141, 3) > 5:
        return False
    code = bits.unsigned(127, 14)
    head: tuple[Field, ...] = (
        text("vin", 8), uint("length", 13, null=(0,)), uint("beam", 10, null=(0,)),
        uint("shiptype", 14),
    )  # fmt: skip
    at = read(head, bits, at, out)
    out["shiptype_text"] = legends.INLAND_SHIP_TYPE.get(code, legends.INLAND_SHIP_TYPE_BEYOND)
    rest = (
        coded("hazard", 3, legends.HAZARD), uint("draught", 11, null=(0,)),
        coded("loaded", 2, legends.LOAD, beyond="INVALID LOAD STATUS"),
        flag("speed_q"), flag("course_q"), flag("heading_q"),
    )  # fmt: skip
    read(rest, bits, at, out)
    return True


def emma(bits: Bits, at: int, out: dict[str, Value]) -> bool:
    """Warnings of EMMA: two dates, then two times of day, then the section of waterway."""
    if bits.length != 256:
        return False
    for name, day, clock in (("start", at, at + 34), ("end", at + 17, at + 45)):
        year, month = 2000 + bits.unsigned(day, 8), bits.unsigned(day + 8, 4)
        date, hour = bits.unsigned(day + 12, 5), bits.unsigned(clock, 5)
        minute = bits.unsigned(clock + 5, 6)
        out[name] = f"{year}-{month:02}-{date:02}T{hour:02}:{minute:02}"
    read(EMMA, bits, at + WATERWAY_SECTION_AT, out)
    return True


def gauges(bits: Bits, at: int, out: dict[str, Value]) -> bool:
    if bits.length != 168:
        return False
    at = read((text("country", 2),), bits, at, out)
    out["gauges"] = repeated(GAUGE, bits, at, 4)
    return True


ADDRESSED: dict[tuple[int, int], Application] = {
    (1, 12): form(CARGO_236),
    (1, 14): tidal(TIDAL_236),
    (1, 15): form(AIR_DRAUGHT),
    (1, 16): persons_addressed,
    (1, 18): form(CLEARANCE),
    (1, 20): form(BERTH, bits_least=360),
    (1, 25): cargoes,
    (1, 28): route,
    (1, 30): description,
    (1, 32): tidal(TIDAL_289),
    (200, 21): form(LOCK_ETA, bits_exact=248),
    (200, 22): form(LOCK_RTA, bits_exact=232),
    (200, 55): form(PERSONS, bits_exact=168),
    (235, 10): form(AID_MONITORING, bits_exact=136),
    (250, 10): form(AID_MONITORING, bits_exact=136),
}
BROADCAST: dict[tuple[int, int], Application] = {
    (1, 11): form(WEATHER_236, bits_least=346),
    (1, 13): form(FAIRWAY),
    (1, 15): form(AIR_DRAUGHT),
    (1, 16): persons_broadcast,
    (1, 17): targets,
    (1, 19): form(SIGNAL, bits_least=258),
    (1, 27): route,
    (1, 29): description,
    (1, 31): form(WEATHER_289),
    (200, 10): inland_ship,
    (200, 23): emma,
    (200, 24): gauges,
    (200, 40): form(SIGNAL_POSITION, bits_exact=168),
}
APPLICATION = (uint("dac", 10), uint("fid", 6))


def _application(
    known: dict[tuple[int, int], Application], bits: Bits, at: int, out: dict[str, Value]
) -> None:
    at = read(APPLICATION, bits, at, out)
    decode = known.get((out["dac"], out["fid"]))
    if decode is None or not decode(bits, at, out):
        out["data"] = bits.hex(at)


def addressed(bits: Bits, out: dict[str, Value]) -> None:
    """Message 6."""
    _application(ADDRESSED, bits, read(ADDRESSED_HEAD, bits, HEAD_BITS, out), out)


def broadcast(bits: Bits, out: dict[str, Value]) -> None:
    """Message 8."""
    _application(BROADCAST, bits, HEAD_BITS + 2, out)
