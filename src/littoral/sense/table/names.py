"""Names that columns of AIS tables go by, and the units that they end in.

Names are compared in small letters without spaces and signs, after a unit at their end was taken
off: `Latitude_degrees`, `SOG (kn)`, `# Timestamp`. A name stands for one field only; what is not
here is named by the user (`--map lat=COLUMN`).
"""

from __future__ import annotations

import re

KNOT_MPS = 1852.0 / 3600.0
FOOT_M = 0.3048
RADIAN_DEG = 57.29577951308232

NAMES: dict[str, tuple[str, ...]] = {
    "time": (
        "time", "timestamp", "datetime", "basedatetime", "datetimeutc", "timestamputc", "timeutc",
        "utc", "utctime", "msgtime", "positiontime", "eventtime", "epoch", "unixtime", "t", "ts",
        "tus", "定位时间", "时间",
    ),
    "date": ("date", "dateutc", "日期"),
    "mmsi": (
        "mmsi", "mmsinumber", "mmsi号", "mmsi编号", "九位码", "sourcemmsi", "usermmsi",
    ),
    "lat": ("lat", "latitude", "latdeg", "纬度", "y"),
    "lon": ("lon", "long", "lng", "longitude", "londeg", "经度", "x"),
    "sog": ("sog", "speed", "speedoverground", "对地航速", "对地速度", "航速"),
    "cog": ("cog", "course", "courseoverground", "对地航向", "航迹向", "航向"),
    "heading": ("heading", "trueheading", "hdg", "船首向", "船艏向", "艏向"),
    "rot": ("rot", "rateofturn", "turn", "转向率"),
    "status": (
        "status", "navstatus", "navigationalstatus", "navigationstatus", "navstat", "航行状态",
    ),
    "kind": ("typeofmobile", "transceiverclass", "transcieverclass", "transceiver", "aisclass"),
    "msg_type": ("msgtype", "messagetype", "messagenr", "messageid", "msgid"),
    "imo": ("imo", "imonumber", "imo编号"),
    "name": ("name", "vesselname", "shipname", "船名", "船舶名称"),
    "call_sign": ("callsign", "呼号"),
    "ship_type": ("shiptype", "vesseltype", "shipandcargotype", "船舶类型", "船舶种类"),
    "length": ("length", "lengthoverall", "loa", "船长", "船舶长度"),
    "width": ("width", "beam", "breadth", "船宽", "船舶宽度"),
    "draught": ("draught", "draft", "吃水", "吃水深度"),
    "destination": ("destination", "dest", "目的地", "目的港"),
    "eta": ("eta",),
    "to_bow": ("tobow", "dimbow", "dimensiontobow", "sizea", "dima"),
    "to_stern": ("tostern", "dimstern", "dimensiontostern", "sizeb", "dimb"),
    "to_port": ("toport", "dimport", "dimensiontoport"),
    "to_starboard": ("tostarboard", "dimstarboard", "dimensiontostarboard"),
    "station": ("station", "stationid", "receiver", "receiverid", "basestation"),
}  # fmt: skip

# Sizes of the Danish Maritime Authority's tables, whose own description has C to starboard and D to
# port, the other way round than the fields C and D of message 5.
DMA_SIZES = {"a": "to_bow", "b": "to_stern", "c": "to_starboard", "d": "to_port"}
DMA_SIZES |= {f"size{k}": v for k, v in DMA_SIZES.items()}

# Words that a unit at the end of a name may be, and what one of it is inside Littoral.
SPEED = {
    "knots": KNOT_MPS, "knot": KNOT_MPS, "kn": KNOT_MPS, "kts": KNOT_MPS, "kt": KNOT_MPS,
    "节": KNOT_MPS, "mps": 1.0, "m/s": 1.0, "ms": 1.0, "kmh": 1 / 3.6, "km/h": 1 / 3.6,
    "kph": 1 / 3.6,
}  # fmt: skip
ANGLE = {
    "degrees": 1.0, "degree": 1.0, "deg": 1.0, "°": 1.0, "度": 1.0, "rad": RADIAN_DEG,
    "radians": RADIAN_DEG,
}  # fmt: skip
LENGTH = {"m": 1.0, "metres": 1.0, "meters": 1.0, "米": 1.0, "ft": FOOT_M, "feet": FOOT_M}
TURN = {"degpm": 1.0, "deg/min": 1.0, "code": 0.0}  # code: as in messages 1 to 3, -128..127
EPOCH = {"s": 1_000_000, "ms": 1_000, "us": 1, "ns": 0}  # microseconds in one; ns is divided

UNITS: dict[str, dict[str, float]] = {
    "sog": SPEED,
    "lat": ANGLE,
    "lon": ANGLE,
    "cog": ANGLE,
    "heading": ANGLE,
    "rot": TURN,
    "length": LENGTH,
    "width": LENGTH,
    "draught": LENGTH,
    "to_bow": LENGTH,
    "to_stern": LENGTH,
    "to_port": LENGTH,
    "to_starboard": LENGTH,
}

_FIELD_OF = {name: field for field, names in NAMES.items() for name in names}
_SPLIT = re.compile(r"^(.*?)[\s_\-.]*[(\[（]([^)\]）]+)[)\]）]\s*$|^(.+)[_\s]([^_\s]+)$")


def plain(name: str) -> str:
    """`name` in small letters, without spaces and signs."""
    return "".join(c for c in name.casefold() if c.isalnum())


def read_name(name: str) -> tuple[str, str] | None:
    """(field, unit or "") that a column's name stands for, or None."""
    field = _FIELD_OF.get(plain(name))
    if field is not None:
        return field, ""
    match = _SPLIT.match(name.strip())
    if match is None:
        return None
    base, unit = (match[1], match[2]) if match[2] is not None else (match[3], match[4])
    field, unit = _FIELD_OF.get(plain(base)), unit.strip().casefold()
    if field is None:
        return None
    if field == "time" and (unit in EPOCH or unit == "utc"):
        return field, "" if unit == "utc" else unit
    return (field, unit) if unit in UNITS.get(field, {}) else None
