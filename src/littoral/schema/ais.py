"""What a vessel or an aid says of itself: positions, static data, texts.

Sources: ITU-R M.1371-5 Annex 8 (message contents and reserved codes); units as in `columns`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from littoral.schema.columns import Rows, Table, f32, f64, integer, text

# `kind`: which class of station sent it.
CLASS_A, CLASS_B, BASE, ATON, SAR_AIRCRAFT, DISTRESS_DEVICE = 0, 1, 2, 3, 4, 5
KIND_NAMES = ("class_a", "class_b", "base", "aton", "sar_aircraft", "distress_device")

# `fix`: what the time-stamp field (0..59 seconds, 60 not available, 61..63) says of the fix.
FIX_GNSS, FIX_UNKNOWN, FIX_MANUAL, FIX_DEAD_RECKONING, FIX_INOPERATIVE = 0, 60, 61, 62, 63

# `flags`: doubts about a report that is kept all the same, and what no column can hold (bits).
FLAG_BAD_MMSI = 1 << 0  # not nine digits of a form that ITU-R M.585 allots
FLAG_TIME_OFF = 1 << 1  # event time far from the stream's or from the receive time
FLAG_INLAND = 1 << 2  # on land beyond the coast's own error and away from inland water
FLAG_JUMP = 1 << 3  # cannot have come here from the track's last position
FLAG_LATE = 1 << 4  # older than the watermark: kept in the lake, seen by history runs alone
FLAG_NO_TIME = 1 << 5  # the source carries no time; receive time or line order stands in
# Turning by more than 5 degrees in 30 s, without a turn indicator (ITU-R M.1371-5, table 45: ROTais
# +-127): a direction, no rate.
FLAG_FAST_LEFT = 1 << 6
FLAG_FAST_RIGHT = 1 << 7
FLAG_NET_BEACON = 1 << 8  # of a track that was taken for a net beacon when it was settled
FLAG_NAMES = {
    FLAG_BAD_MMSI: "bad_mmsi",
    FLAG_TIME_OFF: "time_off",
    FLAG_INLAND: "inland",
    FLAG_JUMP: "jump",
    FLAG_LATE: "late",
    FLAG_NO_TIME: "no_time",
    FLAG_FAST_LEFT: "fast_left",
    FLAG_FAST_RIGHT: "fast_right",
    FLAG_NET_BEACON: "net_beacon",
}

SOURCE_SHIFT = 40  # obs_id = source << 40 | line; a source is one file or one connection


def source_and_line(obs_id: int) -> tuple[int, int]:
    """Where an observation came from, as its id says."""
    return obs_id >> SOURCE_SHIFT, obs_id & ((1 << SOURCE_SHIFT) - 1)


@dataclass(slots=True)
class Positions(Rows):
    """Dynamic reports of every message type with a position (1-4, 9, 11, 18, 19, 21, 27)."""

    t_us: np.ndarray
    received_us: np.ndarray
    obs_id: np.ndarray
    mmsi: np.ndarray
    station: np.ndarray
    msg_type: np.ndarray
    kind: np.ndarray
    lon_deg: np.ndarray
    lat_deg: np.ndarray
    sog_mps: np.ndarray
    cog_deg: np.ndarray
    heading_deg: np.ndarray
    rot_degpm: np.ndarray
    alt_m: np.ndarray
    nav_status: np.ndarray
    accurate: np.ndarray
    fix: np.ndarray
    flags: np.ndarray
    track: np.ndarray
    ring: np.ndarray


Positions.TABLE = Table(
    "positions",
    (
        integer("t_us", 64, "us", "event time, UTC, since 1970"),
        integer("received_us", 64, "us", "receive time at the intake; null in history", 0),
        integer("obs_id", 64, "", "source << 40 | line number in the source, from 1"),
        integer("mmsi", 32, "", "as sent, 0..1073741823"),
        integer("station", 16, "", "index into the run's list of receivers"),
        integer("msg_type", 8, "", "1..27"),
        integer("kind", 8, "", "class_a, class_b, base, aton, sar_aircraft, distress_device"),
        f64("lon_deg", "deg", "WGS 84, -180..180; code 181 is null"),
        f64("lat_deg", "deg", "WGS 84, -90..90; code 91 is null"),
        f32("sog_mps", "m/s", "over ground; code 1023 (type 27: 63) is null"),
        f32("cog_deg", "deg", "over ground, true, 0..360; code 3600 (type 27: 511) is null"),
        f32("heading_deg", "deg", "true, 0..359; code 511 is null"),
        f32("rot_degpm", "deg/min", "starboard positive; -128 is null; +-127 is null and a flag"),
        f32("alt_m", "m", "type 9 alone; code 4095 is null"),
        integer("nav_status", 8, "", "0..14; 15 (not defined) is null", -1),
        integer("accurate", 8, "", "1 when the fix is better than 10 m", -1),
        integer("fix", 8, "", "0 GNSS, 60 unknown, 61 manual, 62 dead reckoning, 63 inoperative"),
        integer("flags", 32, "", "doubts about it and fast turns, bits FLAG_*", signed=False),
        integer("track", 32, "", "row of the track table; null before fuse", -1),
        integer("ring", 8, "", "ring code of `area.rings`; null before the area step", -1),
    ),
)


@dataclass(slots=True)
class Statics(Rows):
    """Static and voyage data (5, 19, 21, 24 A, 24 B): what a message does not carry is null."""

    t_us: np.ndarray
    received_us: np.ndarray
    obs_id: np.ndarray
    mmsi: np.ndarray
    station: np.ndarray
    msg_type: np.ndarray
    kind: np.ndarray
    imo: np.ndarray
    name: np.ndarray
    call_sign: np.ndarray
    ship_type: np.ndarray
    to_bow_m: np.ndarray
    to_stern_m: np.ndarray
    to_port_m: np.ndarray
    to_starboard_m: np.ndarray
    draught_m: np.ndarray
    destination: np.ndarray
    eta: np.ndarray
    mothership_mmsi: np.ndarray
    track: np.ndarray


Statics.TABLE = Table(
    "statics",
    (
        integer("t_us", 64, "us", "event time, UTC, since 1970"),
        integer("received_us", 64, "us", "receive time at the intake; null in history", 0),
        integer("obs_id", 64, "", "source << 40 | line number in the source, from 1"),
        integer("mmsi", 32, "", "as sent"),
        integer("station", 16, "", "index into the run's list of receivers"),
        integer("msg_type", 8, "", "5, 19, 21 or 24"),
        integer("kind", 8, "", "as in positions"),
        integer("imo", 32, "", "IMO number as sent; 0 is null", -1),
        text("name", 34, "20 (24: 20, 21: up to 34) characters, trimmed; empty is null"),
        text("call_sign", 7, "7 characters, trimmed; empty is null"),
        integer("ship_type", 16, "", "ship and cargo type (AtoN type for 21); 0 is null", -1),
        f32("to_bow_m", "m", "reference point to bow; a=b=c=d=0 is null"),
        f32("to_stern_m", "m", "reference point to stern"),
        f32("to_port_m", "m", "reference point to port side"),
        f32("to_starboard_m", "m", "reference point to starboard side"),
        f32("draught_m", "m", "present maximum static draught; 0 is null"),
        text("destination", 20, "20 characters, trimmed; empty is null"),
        text("eta", 12, "MM-DDTHH:MMZ as in gpsd; null when month or day is 0"),
        integer("mothership_mmsi", 32, "", "type 24 B of a craft (98XXXYYYY)", -1),
        integer("track", 32, "", "row of the track table; null before fuse", -1),
    ),
)


@dataclass(slots=True)
class Texts(Rows):
    """Safety related text (12, 14)."""

    t_us: np.ndarray
    received_us: np.ndarray
    obs_id: np.ndarray
    mmsi: np.ndarray
    station: np.ndarray
    msg_type: np.ndarray
    to_mmsi: np.ndarray
    text: np.ndarray
    track: np.ndarray


Texts.TABLE = Table(
    "texts",
    (
        integer("t_us", 64, "us", "event time, UTC, since 1970"),
        integer("received_us", 64, "us", "receive time at the intake; null in history", 0),
        integer("obs_id", 64, "", "source << 40 | line number in the source, from 1"),
        integer("mmsi", 32, "", "sender"),
        integer("station", 16, "", "index into the run's list of receivers"),
        integer("msg_type", 8, "", "12 or 14"),
        integer("to_mmsi", 32, "", "addressee of 12; null for 14", -1),
        text("text", 161, "as sent, trailing blanks and @ removed"),
        integer("track", 32, "", "row of the track table; null before fuse", -1),
    ),
)


@dataclass(slots=True)
class Observations:
    """What one chunk of a source gives: positions, static data and texts."""

    positions: Positions
    statics: Statics
    texts: Texts

    @classmethod
    def empty(cls) -> Observations:
        return cls(Positions.empty(), Statics.empty(), Texts.empty())

    @classmethod
    def concat(cls, parts: list[Observations]) -> Observations:
        return cls(
            Positions.concat([p.positions for p in parts]),
            Statics.concat([p.statics for p in parts]),
            Texts.concat([p.texts for p in parts]),
        )

    def span_us(self) -> tuple[int, int] | None:
        """Least and greatest event time; None when there are no rows."""
        times = [p.t_us for p in (self.positions, self.statics, self.texts) if len(p)]
        if not times:
            return None
        return min(int(t.min()) for t in times), max(int(t.max()) for t in times)

    def __len__(self) -> int:
        return len(self.positions) + len(self.statics) + len(self.texts)
