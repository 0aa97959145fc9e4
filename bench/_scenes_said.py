"""Scenes of doubtful identity and of changed particulars: what ships say, about each threshold."""

from __future__ import annotations

from bench._scene_places import Stage
from littoral.area.geodesy import KNOT_MPS
from littoral.sim.fleet import set_text
from littoral.sim.motion import ANCHOR
from littoral.sim.names import imo_numbers
from littoral.sim.scenes import MINUTE_US, Point, beside, straight

DREDGER, AT_ANCHOR = 33, 1  # no rule of lanes or shores judges a dredger
EVER_US, DEG_M = 2**62, 111_195.0
CHINA, PANAMA = 413_700_000, 351_700_000


def under_way(
    s: Stage, name: str, at_us: int, knots: float = 9.0, place: tuple[Point, float] | None = None
) -> int:
    """Passes a place at sea, heard for an hour before and after."""
    site, bearing = place or s.at_sea(9_000.0, 35_000.0, 9_000.0)
    run_min = min(70.0, 12.0 * 60.0 / knots)
    run_m = run_min * knots * KNOT_MPS * 60.0
    course = s.open_bearing(site, bearing + 90.0, run_m, run_m)
    way = straight(site, course, knots, at_us, run_min, run_min)
    ship = s.from_sea("dredger", name, way, bearing, max(knots, 8.0))
    s.b.ships[ship]["ship_type"] = DREDGER
    return ship


def lies(s: Stage, name: str, until_us: int, near_port: bool = False) -> int:
    """At anchor from the start of the day, away from ports and anchorages or near one."""
    ports = (400.0, 3_800.0) if near_port else (8_000.0, 1e9)
    site, bearing = s.at_sea(1_500.0 if near_port else 6_000.0, 25_000.0, *ports)
    far = beside(site, s.open_bearing(site, bearing), s.run_m(s.start_us, 9.0))
    way = [(*site, s.start_us), (*site, until_us), (*far, until_us + 30 * 60 * MINUTE_US)]
    ship = s.b.ship("bulk", name, way, stay=ANCHOR, stay_status=AT_ANCHOR)
    s.b.ships[ship]["ship_type"] = DREDGER
    return ship


def other(s: Stage, ship: int, **fields: object) -> int:
    """Other static data of `ship`; the value for an IDENTITY script."""
    row = s.b.ships[ship].copy()
    for field, value in fields.items():
        if isinstance(value, str):
            set_text(row, field, value)
        else:
            row[field] = value
    s.b.others.append(row)
    return -len(s.b.others)


def clash(s: Stage, near_miss: bool, k: int) -> None:
    """Two ships far apart under one MMSI; or for a few minutes."""
    minutes = s.between(3.0, 8.5) if near_miss else s.between(16.0, 60.0)
    at_us = s.some_time(2.2, 1.3)
    places = [s.at_sea(9_000.0, 35_000.0, 9_000.0) for _ in range(2)]
    while abs(places[0][0][0] - places[1][0][0]) < 0.8:
        places[1] = s.at_sea(9_000.0, 35_000.0, 9_000.0)
    ships = tuple(
        under_way(s, f"YI HAO {n} {k}{'N' * near_miss}", at_us, 9.0, place)
        for n, place in enumerate(places)
    )
    begin_us = at_us - 30 * MINUTE_US
    mmsi = int(s.b.hulls[ships[0]]["mmsi"][0])
    s.b.script(ships[1], "MMSI", begin_us, begin_us + int(minutes * MINUTE_US), mmsi)
    s.label("identity", "clash", ships, near_miss, f"{minutes:.0f} min")


def jump(s: Stage, near_miss: bool, k: int) -> None:
    """Some kilometres off for minutes; or less than a mile."""
    metres = s.between(700.0, 1_650.0) if near_miss else s.between(2_300.0, 6_000.0)
    minutes = s.between(2.5, 8.0)
    at_us = s.some_time(2.2, 1.3)
    ship = under_way(s, f"TIAO {k}{'N' * near_miss}", at_us)
    s.b.script(ship, "SHIFT", at_us, at_us + int(minutes * MINUTE_US), shift=(0.0, metres / DEG_M))
    s.label("identity", "jump", (ship,), near_miss, f"{metres:.0f} m for {minutes:.0f} min")


def mmsi_change(s: Stage, near_miss: bool, k: int) -> None:
    """Goes on under another MMSI; or after too long, at rest, for a moment, or of another size."""
    way = ("long", "rests", "comes back", "size")[k % 4] if near_miss else ""
    gap_min = s.between(16.0, 26.0) if way == "long" else s.between(0.0, 11.0)
    at_us = s.some_time(2.6, 1.6)
    ship = under_way(s, f"HUAN HAO {k}{'N' * near_miss}", at_us, 1.3 if way == "rests" else 9.0)
    new_us = at_us + int(gap_min * MINUTE_US)
    ends_us = new_us + int(s.between(1.5, 4.0) * MINUTE_US) if way == "comes back" else EVER_US
    s.b.script(ship, "MUTE", at_us, new_us)
    s.b.script(ship, "MMSI", new_us, ends_us, CHINA + len(s.b.ships))
    more = 30 if way == "size" else 0
    aft = int(s.b.ships[ship]["to_stern_m"][0]) + more
    said = other(s, ship, name=f"XIN HAO {k}", call_sign="BQXA7", imo=0, to_stern_m=aft)
    if k % 2 or more:
        s.b.script(ship, "IDENTITY", new_us, ends_us, said)
    s.label("identity", "mmsi_change", (ship,), near_miss, f"{gap_min:.0f} min {way}")


def bad_mmsi(s: Stage, near_miss: bool, k: int) -> None:
    """An MMSI of no form; or of a rarer one."""
    low = ((984_120_000, 841_210_000, 751_000_000) if near_miss
           else (123_450_000, 912_340_000, 961_230_000))[k % 3]  # fmt: skip
    ship = under_way(s, f"HAO MA {k}{'N' * near_miss}", s.some_time(2.2, 1.3))
    s.b.hulls[ship]["mmsi"] = low + len(s.b.ships)
    s.label("identity", "bad_mmsi", (ship,), near_miss, f"{low + len(s.b.ships)}")


def bad_imo(s: Stage, near_miss: bool, k: int) -> None:
    """A wrong check digit, or a number that is not used; or one of a flag state's own, or right."""
    ship = under_way(s, f"IMO {k}{'N' * near_miss}", s.some_time(2.2, 1.3))
    right = int(imo_numbers(9_700_000 + 10 * len(s.b.ships), 1)[0])
    wrong = right + (s.any_of(*range(8)) + 1 if right % 10 == 0 else -1)
    imo = (right, 20_000_000 + len(s.b.ships)) if near_miss else (wrong, 400_000 + len(s.b.ships))
    s.b.ships[ship]["imo"] = imo[k % 2]
    s.label("identity", "bad_imo", (ship,), near_miss, f"{imo[k % 2]}")


def conflict(s: Stage, near_miss: bool, k: int) -> None:
    """One IMO number on two ships, or name, call sign or size that go to and fro; or the one is
    gone for an hour before the other comes, or it goes back but once, or on to a third."""
    at_us = s.some_time(2.4, 1.4)
    if k % 2:
        ships = tuple(under_way(s, f"TONG HAO {n} {k}{'N' * near_miss}", at_us) for n in range(2))
        imo = int(imo_numbers(9_600_000 + 10 * len(s.b.ships), 1)[0])
        for ship in ships:
            s.b.ships[ship]["imo"] = imo
        if near_miss:
            s.b.script(ships[0], "MUTE", at_us, EVER_US)
            s.b.script(ships[1], "MUTE", 0, at_us + 40 * MINUTE_US)
        s.label("identity", "static_conflict", ships, near_miss, "one IMO number")
        return
    ship = under_way(s, f"LAI HUI {k}{'N' * near_miss}", at_us)
    fields = ({"name": f"FAN FU {k}"}, {"call_sign": "BXFF7"}, {"to_bow_m": 77})[k // 2 % 3]
    spans = [(-50, -25), (0, 25)]
    if near_miss:
        spans = [(-50, 10)]
    for a, b in spans:
        said = other(s, ship, **fields)
        s.b.script(ship, "IDENTITY", at_us + a * MINUTE_US, at_us + b * MINUTE_US, said)
    if near_miss and k // 2 % 2:  # on to a third
        third = other(s, ship, name=f"SAN {k}", call_sign="BSAN3", to_bow_m=99)
        s.b.script(ship, "IDENTITY", at_us + 10 * MINUTE_US, EVER_US, third)
    s.label("identity", "static_conflict", (ship,), near_miss, next(iter(fields)))


def _changed(
    s: Stage, kind: str, near_miss: bool, k: int, fields: dict[str, object], note: str,
    *, own: str = "", minutes: float = 0.0, first_h: float = 1.5, last_h: float = 1e9,
    near_port: bool = False, draught_dm: int = 80,
) -> None:  # fmt: skip
    """Lies at sea and says something else from a moment on, for good or for `minutes`."""
    at_us = min(s.some_time(1.4, first_h), s.at(last_h) if last_h < 1e9 else EVER_US)
    name = own or f"{kind.upper().replace('_', ' ')[:8]} {k}{'N' * near_miss}"
    ship = lies(s, name, at_us + 75 * MINUTE_US, near_port)
    s.b.ships[ship]["draught_dm"] = draught_dm
    until_us = at_us + int(minutes * MINUTE_US) if minutes else EVER_US
    s.b.script(ship, "IDENTITY", at_us, until_us, other(s, ship, **fields))
    s.label("particulars", kind, (ship,), near_miss, note)


def name(s: Stage, near_miss: bool, k: int) -> None:
    """Another name; or the beginning of it, or for less than half an hour, or none."""
    way = ("cut", "mended", "says nothing")[k % 3] if near_miss else ""
    own = f"HAI NAN XIANG {k}{'N' * near_miss}"
    new = {"cut": "HAI NAN", "says nothing": "NO NAME"}.get(way, f"QIAN TANG {k}")
    minutes = s.between(8.0, 22.0) if way == "mended" else 0.0
    _changed(s, "name", near_miss, k, {"name": new}, way, own=own, minutes=minutes)


def call_sign(s: Stage, near_miss: bool, k: int) -> None:
    """Another call sign; or for less than half an hour, or one that says nothing."""
    way = ("mended", "says nothing")[k % 2] if near_miss else ""
    new = "0000" if way == "says nothing" else f"VRQ{k % 100:02d}"
    minutes = s.between(8.0, 22.0) if way == "mended" else 0.0
    _changed(s, "call_sign", near_miss, k, {"call_sign": new}, way, minutes=minutes)


def renamed(s: Stage, near_miss: bool, k: int) -> None:
    """Both at once, at sea or near a port; or mended within half an hour, or the name alone."""
    way = ("mended", "alone")[k % 2] if near_miss else ""
    fields: dict[str, object] = {"name": f"DA YANG {k}"}
    if way != "alone":
        fields["call_sign"] = f"D5Q{k % 100:02d}"
    minutes = s.between(8.0, 22.0) if way == "mended" else 0.0
    port = not near_miss and k % 3 == 2
    _changed(s, "renamed", near_miss, k, fields, f"{way}{' in port' * port}", minutes=minutes,
             near_port=port)  # fmt: skip


def draught(s: Stage, near_miss: bool, k: int) -> None:
    """A little more or less; or less than half a metre, or mended."""
    way = ("less", "mended")[k % 2] if near_miss else ""
    more = round(s.between(1.0, 4.0) if way == "less" else s.between(6.0, 13.0))
    minutes = s.between(8.0, 22.0) if way == "mended" else 0.0
    new = 80 + more * (1 if k % 2 else -1)
    _changed(s, "draught", near_miss, k, {"draught_dm": new}, f"{more} dm {way}", minutes=minutes)


def without_call(s: Stage, near_miss: bool, k: int) -> None:
    """Much deeper after hours at sea; or hardly enough, too small a share, in port, or early."""
    way = ("little", "share", "port", "early")[k % 4] if near_miss else ""
    own = 140 if way == "share" else 70
    more = round({"little": s.between(10.0, 14.0), "share": s.between(16.0, 20.0)}.get(
        way, s.between(17.0, 40.0)))  # fmt: skip
    _changed(s, "draught_without_call", near_miss, k, {"draught_dm": own + more},
             f"{more} dm {way}", first_h=1.2 if way == "early" else 3.4,
             last_h=s.between(1.5, 2.6) if way == "early" else 1e9, near_port=way == "port",
             draught_dm=own)  # fmt: skip


def flag(s: Stage, near_miss: bool, k: int) -> None:
    """Another flag's MMSI after a silence; or one of the same state, or too soon."""
    way = ("same state", "soon")[k % 2] if near_miss else ""
    minutes = s.between(8.0, 22.0) if way == "soon" else s.between(36.0, 70.0)
    at_us = s.some_time(2.8, 1.6)
    port = not near_miss and k % 3 == 2
    ship = lies(s, f"GUO QI {k}{'N' * near_miss}", at_us + 160 * MINUTE_US, port)
    s.b.ships[ship]["imo"] = int(imo_numbers(9_500_000 + 10 * len(s.b.ships), 1)[0])
    back_us = at_us + int(minutes * MINUTE_US)
    s.b.script(ship, "MUTE", at_us, back_us)
    base = CHINA if way == "same state" else PANAMA
    s.b.script(ship, "MMSI", back_us, EVER_US, base + len(s.b.ships))
    s.label("particulars", "flag", (ship,), near_miss, f"{minutes:.0f} min {way}{' port' * port}")


MAKERS = (clash, jump, mmsi_change, bad_mmsi, bad_imo, conflict, name, call_sign, renamed, draught,
          without_call, flag)  # fmt: skip
