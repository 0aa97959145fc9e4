"""Columns of a table to observations: units, reserved codes, datum, static data that changed."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
import pyarrow as pa

from littoral.area.datum import to_wgs84
from littoral.schema.ais import (
    FIX_UNKNOWN,
    FLAG_BAD_MMSI,
    FLAG_FAST_LEFT,
    FLAG_FAST_RIGHT,
    SOURCE_SHIFT,
    Observations,
    Positions,
    Statics,
    Texts,
)
from littoral.sense.decoded import Counts, Decoded, Rejects, StationList
from littoral.sense.table import words
from littoral.sense.table.layout import DMA, Layout
from littoral.sense.table.mmsi import allotted_form, kind_of
from littoral.sense.table.names import KNOT_MPS, UNITS
from littoral.sense.table.times import times
from littoral.sense.table.values import Reading, integers, numbers, text_reading

MAX_STATION = 100  # characters of a receiver's name
LARGEST_MMSI = (1 << 30) - 1  # 30 bits in every message
SPEED_NULL_MPS = 102.25 * KNOT_MPS  # code 1023 is 102.3 kn
MOTION = ("sog", "cog", "heading", "rot")
STATIC = (
    "imo", "name", "call_sign", "ship_type", "length", "width", "to_bow", "to_stern", "to_port",
    "to_starboard", "draught", "destination", "eta",
)  # fmt: skip
FASTEST_DEGPM = 708.8  # code 126; beyond, as for code +-127, there is only a sign


class RowReader:
    """Turns rows of one table into observations; remembers each vessel's last static data, so
    that these are given when they change and not with every row."""

    def __init__(
        self,
        layout: Layout,
        source: int,
        stations: StationList,
        default_station: str,
        decimal_comma: bool = False,
    ) -> None:
        self.layout = layout
        self._source = source
        self._stations = stations
        self._station = stations.index(default_station)
        self._comma = decimal_comma
        self._has_static = any(name in layout.fields for name in STATIC)
        self._static: dict[int, int] = {}  # MMSI → hash of its last static data
        self._readings = {
            "status": Reading(words.status_code, np.dtype(np.int8), -1),
            "kind": Reading(words.kind_code, np.dtype(np.int8), -1),
            "station": Reading(self._place_of, np.dtype(np.int16), self._station),
            "name": text_reading(34),
            "call_sign": text_reading(7),
            "destination": text_reading(20),
            "imo": Reading(words.imo_number, np.dtype(np.int32), -1),
            "ship_type": Reading(words.ship_type_code, np.dtype(np.int16), -1),
            "eta": Reading(partial(words.eta_text, layout.kind == DMA), np.dtype("S12"), b""),
        }

    def read(
        self, columns: dict[str, pa.Array], lines: np.ndarray, raw: Callable[[int], bytes]
    ) -> Decoded:
        """`columns`: Arrow arrays by field, all (n,); `lines`: int64 (n,), places in the source;
        `raw(i)` is row i as it came, for the quarantine."""
        n = len(lines)
        faults = _Faults(n)
        t_us, wrong = times(
            self._time(columns), self.layout.fields["time"].unit, self.layout.kind == DMA
        )
        faults.add("time", wrong, _is_null(columns["time"]), "bad_time")
        number = {}
        for name in ("mmsi", "lat", "lon", *MOTION):
            if name in columns:
                number[name], wrong = numbers(columns[name], self._comma)
                faults.add(name, wrong, None, "bad_number")
        mmsi = number["mmsi"]
        faults.add("mmsi", np.isnan(mmsi), None, "missing")
        with np.errstate(invalid="ignore"):
            no_mmsi = (mmsi < 0) | (mmsi > LARGEST_MMSI) | (mmsi != np.floor(mmsi))
        faults.add("mmsi", no_mmsi & ~np.isnan(mmsi), None, "bad_mmsi")
        kept = np.flatnonzero(faults.reason == 0)
        rejects = faults.rejects(lines, raw)
        counts = Counts(lines=n, messages=len(kept), used=len(kept))
        for reason in rejects.reason:
            counts.reject(reason)
        if len(kept) < n:
            columns = {name: a.take(pa.array(kept)) for name, a in columns.items()}
            number = {name: v[kept] for name, v in number.items()}
        whole = number["mmsi"].astype(np.int32)
        positions = self._positions(columns, number, whole, t_us[kept], lines[kept])
        statics = self._statics(columns, positions) if self._has_static else Statics.empty()
        return Decoded(Observations(positions, statics, Texts.empty()), rejects, counts)

    def _time(self, columns: dict[str, pa.Array]) -> pa.Array:
        """The column of time, with that of the date before it where a table has them apart."""
        if "date" not in columns:
            return columns["time"]
        date, clock = (columns[k].cast(pa.string()) for k in ("date", "time"))
        return pa.compute.binary_join_element_wise(date, clock, " ")

    def _positions(
        self,
        columns: dict[str, pa.Array],
        number: dict[str, np.ndarray],
        mmsi: np.ndarray,
        t_us: np.ndarray,
        lines: np.ndarray,
    ) -> Positions:
        p = Positions.empty(len(mmsi))
        p.t_us, p.mmsi = t_us, mmsi
        p.obs_id = (self._source << SOURCE_SHIFT) | lines
        p.station = self._station_of(columns, len(mmsi))
        p.kind = self._kind(columns, mmsi)
        p.msg_type = words.POSITION_MESSAGE[p.kind]
        if "msg_type" in columns:
            said = integers(columns["msg_type"], 1, 27, np.dtype(np.int8), 0)
            p.msg_type = np.where(said > 0, said, p.msg_type)
        p.fix[:] = FIX_UNKNOWN
        p.lon_deg, p.lat_deg = self._place(number)
        p.sog_mps = self._scaled(number, "sog", 0.0, SPEED_NULL_MPS, KNOT_MPS)
        p.cog_deg = self._scaled(number, "cog", 0.0, 360.0)
        p.heading_deg = self._scaled(number, "heading", 0.0, 360.0)
        if "rot" in number:
            p.rot_degpm, p.flags = self._turn(number["rot"])
        if "status" in columns:
            p.nav_status = self._readings["status"](columns["status"])
        p.flags[~allotted_form(mmsi)] |= FLAG_BAD_MMSI
        return p

    def _place(self, number: dict[str, np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
        """Longitude, latitude in WGS 84; both null out of range, as codes 181 and 91 are."""
        lon = number["lon"] * self._factor("lon", 1.0)
        lat = number["lat"] * self._factor("lat", 1.0)
        with np.errstate(invalid="ignore"):
            known = (np.abs(lon) <= 180.0) & (np.abs(lat) <= 90.0)
        lon, lat = np.where(known, lon, np.nan), np.where(known, lat, np.nan)
        return to_wgs84(lon, lat, self.layout.datum)

    def _scaled(
        self, number: dict[str, np.ndarray], name: str, low: float, below: float, usual: float = 1.0
    ) -> np.ndarray:
        """float32 of `low <= value < below` in Littoral's unit; null outside (reserved codes)."""
        if name not in number:
            return np.full(len(number["mmsi"]), np.nan, np.float32)
        values = number[name] * self._factor(name, usual)
        with np.errstate(invalid="ignore"):
            return np.where((values >= low) & (values < below), values, np.nan).astype(np.float32)

    def _turn(self, values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Degrees a minute and flags. -128 is null; code +-127, or what it comes to in degrees (708
        and more), is a direction alone: null and a flag."""
        with np.errstate(invalid="ignore"):
            if self.layout.fields["rot"].unit == "code":
                turn = np.sign(values) * (values / 4.733) ** 2  # M.1371-5, Annex 8, table 45
                known, fast = np.abs(values) < 127, np.abs(values) == 127
            else:
                turn = values
                known = (np.abs(values) <= FASTEST_DEGPM) & (values != -128.0)
                fast = (np.abs(values) > FASTEST_DEGPM) & (np.abs(values) < 735.0)
            flags = np.where(values > 0, FLAG_FAST_RIGHT, FLAG_FAST_LEFT)
            return (
                np.where(known, turn, np.nan).astype(np.float32),
                np.where(fast, flags, 0).astype(np.uint32),
            )

    def _kind(self, columns: dict[str, pa.Array], mmsi: np.ndarray) -> np.ndarray:
        kind = kind_of(mmsi)
        if "kind" in columns:
            said = self._readings["kind"](columns["kind"])
            kind = np.where(said >= 0, said, kind)
        return kind

    def _station_of(self, columns: dict[str, pa.Array], n: int) -> np.ndarray:
        if "station" not in columns:
            return np.full(n, self._station, np.int16)
        return self._readings["station"](columns["station"])

    def _place_of(self, name: object) -> int | None:
        text = str(name).strip()[:MAX_STATION]
        return self._stations.index(text) if text else None

    def _factor(self, name: str, usual: float) -> float:
        unit = self.layout.fields[name].unit
        return UNITS[name][unit] if unit else usual

    def _statics(self, columns: dict[str, pa.Array], p: Positions) -> Statics:
        s = Statics.empty(len(p))
        s.t_us, s.obs_id, s.mmsi, s.station, s.kind = p.t_us, p.obs_id, p.mmsi, p.station, p.kind
        s.msg_type = words.STATIC_MESSAGE[p.kind]
        for name in ("name", "call_sign", "destination", "imo", "ship_type", "eta"):
            if name in columns:
                setattr(s, name, self._readings[name](columns[name]))
        self._sizes(columns, s)
        told = (s.imo >= 0) | (s.ship_type >= 0) | ~np.isnan(s.to_stern_m) | ~np.isnan(s.draught_m)
        for name in ("name", "call_sign", "destination", "eta"):
            told |= getattr(s, name) != b""
        rows = np.flatnonzero(told)
        return s.take(rows[self._changed(s.take(rows))])

    def _sizes(self, columns: dict[str, pa.Array], s: Statics) -> None:
        """Distances to the four sides; from length and width alone as M.1371-5 has it where the
        reference point is not known: A = C = 0, B and D the whole (Annex 8, figure 41)."""

        def metres(name: str) -> np.ndarray:
            if name not in columns:
                return np.full(len(s), np.nan)
            values, _ = numbers(columns[name], self._comma)
            values = values * self._factor(name, 1.0)
            with np.errstate(invalid="ignore"):
                return np.where((values >= 0.0) & (values <= 1022.0), values, np.nan)

        sides = {k: metres(k) for k in ("to_bow", "to_stern", "to_port", "to_starboard")}
        for first, second, whole in (
            ("to_bow", "to_stern", metres("length")),
            ("to_port", "to_starboard", metres("width")),
        ):
            with np.errstate(invalid="ignore"):
                known = sides[first] + sides[second] > 0.0
                total = np.where(whole > 0.0, whole, np.nan)
            zero = np.where(np.isnan(total), np.nan, 0.0)
            setattr(s, f"{first}_m", np.where(known, sides[first], zero).astype(np.float32))
            setattr(s, f"{second}_m", np.where(known, sides[second], total).astype(np.float32))
        draught = metres("draught")
        with np.errstate(invalid="ignore"):
            s.draught_m = np.where(draught > 0.0, draught, np.nan).astype(np.float32)

    def _changed(self, s: Statics) -> np.ndarray:
        """bool (n,): rows whose static data differ from what the vessel's row before them said."""
        if not len(s):
            return np.zeros(0, bool)
        said = _hashes(s)
        order = np.argsort(s.mmsi, kind="stable")
        mmsi, ordered = s.mmsi[order], said[order]
        first = np.r_[True, mmsi[1:] != mmsi[:-1]]
        new = np.r_[True, ordered[1:] != ordered[:-1]]
        starts = np.flatnonzero(first)
        vessels = mmsi[starts].tolist()
        before = [self._static.get(v) for v in vessels]
        new[starts] = [b != h for b, h in zip(before, ordered[starts].tolist(), strict=True)]
        ends = np.r_[starts[1:], len(mmsi)] - 1
        self._static.update(zip(vessels, ordered[ends].tolist(), strict=True))
        changed = np.zeros(len(s), bool)
        changed[order] = new
        return changed


def _hashes(s: Statics) -> np.ndarray:
    """uint64 (n,) of all that is static in each row."""
    total = np.full(len(s), 0x9E3779B97F4A7C15, np.uint64)
    for name in (
        "imo", "name", "call_sign", "ship_type", "to_bow_m", "to_stern_m", "to_port_m",
        "to_starboard_m", "draught_m", "destination", "eta",
    ):  # fmt: skip
        values = np.ascontiguousarray(getattr(s, name))
        size = -(-values.dtype.itemsize // 8) * 8
        padded = np.zeros((len(s), size), np.uint8)
        padded[:, : values.dtype.itemsize] = values.view(np.uint8).reshape(
            len(s), values.dtype.itemsize
        )
        for word in padded.view(np.uint64).T:
            total = (total ^ word) * np.uint64(0xFF51AFD7ED558CCD)
            total ^= total >> np.uint64(32)
    return total


def _is_null(array: pa.Array) -> np.ndarray:
    return array.is_null().to_numpy(zero_copy_only=False)


class _Faults:
    """The first thing that is wrong with each row."""

    def __init__(self, n: int) -> None:
        self.reason = np.zeros(n, np.int16)  # 0: nothing
        self._names: list[tuple[str, str]] = [("", "")]

    def add(self, field: str, wrong: np.ndarray, null: np.ndarray | None, reason: str) -> None:
        """Rows `wrong` in `field`, for `reason`, or because it is missing where `null`."""
        if not wrong.any():
            return
        for mask, why in ((wrong, reason),) if null is None else (
            (wrong & null, "missing"), (wrong & ~null, reason),
        ):  # fmt: skip
            self._names.append((why, field))
            self.reason[mask & (self.reason == 0)] = len(self._names) - 1

    def rejects(self, lines: np.ndarray, raw: Callable[[int], bytes]) -> Rejects:
        rows = np.flatnonzero(self.reason)
        if not len(rows):
            return Rejects.empty()
        said = [self._names[k] for k in self.reason[rows].tolist()]
        return Rejects(
            lines[rows],
            [reason for reason, _ in said],
            [raw(i) for i in rows.tolist()],
            [field for _, field in said],
        )
