"""Fences as GeoJSON and back, each fault named by its field.

A fence is a Feature with Polygon or MultiPolygon geometry (RFC 7946). What is refused: coordinates
out of range or no numbers, rings not closed, fewer than three corners, edges that cross or touch
themselves, over `MAX_VERTICES` vertices, edges across the antimeridian (draw one part on each of
its sides).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import shapely

from littoral.area.geofence import (
    ALWAYS_US,
    FENCE_RULES,
    FOREVER_US,
    FenceRule,
    Geofence,
    Polygon,
    Ring,
    season_minute,
)

MAX_VERTICES = 5000
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
KNOT_MPS = 1852.0 / 3600.0


class FenceError(ValueError):
    """What is wrong with a fence: `errors` as [{"field", "message"}]."""

    def __init__(self, errors: list[dict[str, str]]) -> None:
        self.errors = errors
        super().__init__("; ".join(f"{e['field']}: {e['message']}" for e in errors))


class _Faults:
    """Collects faults, so that a drawer sees all of them at once."""

    def __init__(self) -> None:
        self.found: list[dict[str, str]] = []

    def add(self, field: str, message: str) -> None:
        self.found.append({"field": field, "message": message})


def fence_from_feature(feature: Any) -> Geofence:
    """One GeoJSON Feature to a fence; FenceError lists every fault found."""
    faults = _Faults()
    if not isinstance(feature, Mapping) or feature.get("type") != "Feature":
        raise FenceError([{"field": "type", "message": "must be a GeoJSON Feature"}])
    props = feature.get("properties")
    if not isinstance(props, Mapping):
        raise FenceError([{"field": "properties", "message": "must be an object"}])
    polygons = _polygons(feature.get("geometry"), faults)
    identifier = feature.get("id", props.get("id"))
    if not isinstance(identifier, str) or not identifier or len(identifier) > 100:
        faults.add("id", "must be text of 1 to 100 characters")
    name: Any = props.get("name")
    if isinstance(name, str):
        name = {"zh": name, "en": name}
    if not _is_words(name) or not any(name.values()):
        faults.add("properties.name", "must be text, or an object with zh and en")
    valid_from = _time_us(props.get("valid_from"), ALWAYS_US, "properties.valid_from", faults)
    valid_to = _time_us(props.get("valid_to"), FOREVER_US, "properties.valid_to", faults)
    if valid_from >= valid_to:
        faults.add("properties.valid_to", "must be later than valid_from")
    rules = _rules(props.get("rules", []), faults)
    version = props.get("version", 1)
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        faults.add("properties.version", "must be a whole number from 1")
    note = props.get("note", {})
    if note and not _is_words(note):
        faults.add("properties.note", "must be an object with zh and en")
    source = props.get("source", "")
    if not isinstance(source, str):
        faults.add("properties.source", "must be text")
    if faults.found:
        raise FenceError(faults.found)
    return Geofence(
        str(identifier),
        dict(name),
        polygons,
        valid_from,
        valid_to,
        rules,
        version,
        source,
        dict(note),
    )


def fences_from_geojson(text: str | bytes) -> tuple[Geofence, ...]:
    """A FeatureCollection of fences; ids must differ."""
    try:
        document = orjson.loads(text)  # unlike `json` it takes no half of a character
    except (ValueError, RecursionError) as error:
        raise FenceError([{"field": "", "message": f"not JSON: {error}"}]) from error
    if not isinstance(document, Mapping) or document.get("type") != "FeatureCollection":
        raise FenceError([{"field": "type", "message": "must be a GeoJSON FeatureCollection"}])
    features = document.get("features")
    if not isinstance(features, list):
        raise FenceError([{"field": "features", "message": "must be a list"}])
    fences: list[Geofence] = []
    errors = []
    for i, feature in enumerate(features):
        try:
            fence = fence_from_feature(feature)
        except FenceError as error:
            errors += [{**e, "field": f"features[{i}].{e['field']}"} for e in error.errors]
            continue
        if any(f.id == fence.id for f in fences):
            errors.append({"field": f"features[{i}].id", "message": f"{fence.id!r} twice"})
        fences.append(fence)
    if errors:
        raise FenceError(errors)
    return tuple(fences)


def fence_feature(fence: Geofence) -> dict[str, Any]:
    """Inverse of `fence_from_feature`: a MultiPolygon Feature."""
    return {
        "type": "Feature",
        "id": fence.id,
        "properties": {
            "id": fence.id,
            "name": dict(fence.name),
            "valid_from": None if fence.valid_from_us == ALWAYS_US else _iso(fence.valid_from_us),
            "valid_to": None if fence.valid_to_us == FOREVER_US else _iso(fence.valid_to_us),
            "rules": [rule_json(r) for r in fence.rules],
            "version": fence.version,
            "source": fence.source,
            "note": dict(fence.note),
        },
        "geometry": {
            "type": "MultiPolygon",
            "coordinates": [[[list(p) for p in ring] for ring in poly] for poly in fence.polygons],
        },
    }


def rule_json(rule: FenceRule) -> dict[str, Any]:
    """A rule as people write it: speeds in knots."""
    out: dict[str, Any] = {"kind": rule.kind, "priority": rule.priority}
    if rule.speed_mps is not None:
        out["speed_kn"] = round(rule.speed_mps / KNOT_MPS, 6)
    for key in ("sun_below_deg", "season_from", "season_to", "stay_s"):
        if getattr(rule, key) is not None:
            out[key] = getattr(rule, key)
    if rule.kind == "season":
        out["utc_offset_min"] = rule.utc_offset_min
    if rule.ship_types:
        out["ship_types"] = list(rule.ship_types)
    return out


def _rules(value: Any, faults: _Faults) -> tuple[FenceRule, ...]:
    if not isinstance(value, list):
        faults.add("properties.rules", "must be a list")
        return ()
    rules = (_rule(v, f"properties.rules[{i}]", faults) for i, v in enumerate(value))
    return tuple(r for r in rules if r is not None)


def _rule(value: Any, at: str, faults: _Faults) -> FenceRule | None:
    before = len(faults.found)
    if not isinstance(value, Mapping) or value.get("kind") not in FENCE_RULES:
        faults.add(f"{at}.kind", f"must be one of {', '.join(FENCE_RULES)}")
        return None
    kind = value["kind"]
    known = {"kind", "priority", "ship_types"} | {
        "speed_over": {"speed_kn"},
        "speed_under": {"speed_kn"},
        "night": {"sun_below_deg"},
        "season": {"season_from", "season_to", "utc_offset_min"},
        "presence": {"stay_s"},
    }.get(kind, set())
    for key in sorted(set(value) - known):
        faults.add(f"{at}.{key}", f"is not a setting of {kind}")
    speed = _number(value, "speed_kn", at, 0.0, 102.2, faults, kind.startswith("speed_"))
    sun = _number(value, "sun_below_deg", at, -18.0, 0.0, faults, False)
    stay_s = _number(value, "stay_s", at, 0.0, 30 * 86400.0, faults, kind == "presence")
    offset = _number(value, "utc_offset_min", at, -840, 840, faults, False)
    priority = value.get("priority", 3)
    if priority not in (1, 2, 3, 4) or isinstance(priority, bool):
        faults.add(f"{at}.priority", "must be 1, 2, 3 or 4")
    types = value.get("ship_types", [])
    if not isinstance(types, list) or not all(
        isinstance(t, int) and not isinstance(t, bool) and 0 <= t <= 255 for t in types
    ):
        faults.add(f"{at}.ship_types", "must be a list of AIS ship types, 0 to 255")
        types = []
    if kind == "season":
        for key in ("season_from", "season_to"):
            try:
                season_minute(value.get(key))
            except (ValueError, TypeError):
                faults.add(f"{at}.{key}", "must be MM-DDTHH:MM")
        if value.get("season_from") == value.get("season_to"):
            faults.add(f"{at}.season_to", "must differ from season_from")
    if len(faults.found) > before:
        return None
    if kind == "night" and sun is None:
        sun = -6.0  # end of civil twilight
    return FenceRule(
        kind,
        None if speed is None else speed * KNOT_MPS,
        sun,
        value.get("season_from"),
        value.get("season_to"),
        int(offset or 0),
        stay_s,
        tuple(types),
        priority,
    )


def _number(
    value: Mapping[str, Any],
    key: str,
    at: str,
    low: float,
    high: float,
    faults: _Faults,
    must: bool,
) -> float | None:
    got = value.get(key)
    if got is None:
        if must:
            faults.add(f"{at}.{key}", "is needed")
        return None
    if isinstance(got, bool) or not isinstance(got, (int, float)) or not low <= got <= high:
        faults.add(f"{at}.{key}", f"must be a number from {low:g} to {high:g}")
        return None
    return float(got)


def _polygons(geometry: Any, faults: _Faults) -> tuple[Polygon, ...]:
    kind = geometry.get("type") if isinstance(geometry, Mapping) else None
    if kind not in ("Polygon", "MultiPolygon"):
        faults.add("geometry.type", "must be Polygon or MultiPolygon")
        return ()
    parts = geometry.get("coordinates")
    at = "geometry.coordinates"
    if not isinstance(parts, list) or not parts:
        faults.add(at, "must be a list of rings")
        return ()
    before = len(faults.found)
    listed = [(at, parts)]
    if kind == "MultiPolygon":
        listed = [(f"{at}[{i}]", part) for i, part in enumerate(parts)]
    polygons = []
    for where, rings in listed:
        if not isinstance(rings, list) or not rings:
            faults.add(where, "must be a list of rings")
            continue
        polygons.append(tuple(_ring(r, f"{where}[{i}]", faults) for i, r in enumerate(rings)))
    if len(faults.found) > before:
        return ()
    vertices = sum(len(ring) for polygon in polygons for ring in polygon)
    if vertices > MAX_VERTICES:
        faults.add(at, f"has {vertices} vertices, at most {MAX_VERTICES} are allowed")
        return ()
    for (where, _), polygon in zip(listed, polygons, strict=True):
        shape = shapely.Polygon(polygon[0], polygon[1:])
        if not shape.is_valid:
            faults.add(where, f"is no valid area: {shapely.is_valid_reason(shape)}")
    return tuple(polygons)


def _ring(value: Any, at: str, faults: _Faults) -> Ring:
    if not isinstance(value, list) or len(value) < 4:
        faults.add(at, "must have at least four positions, the last like the first")
        return ()
    ring: list[tuple[float, float]] = []
    for i, position in enumerate(value):
        if (
            not isinstance(position, (list, tuple))
            or len(position) < 2
            or any(isinstance(v, bool) or not isinstance(v, (int, float)) for v in position[:2])
        ):
            faults.add(f"{at}[{i}]", "must be [longitude, latitude]")
            return ()
        lon, lat = _finite(position[0]), _finite(position[1])
        if not (math.isfinite(lon) and -180.0 <= lon <= 180.0):
            faults.add(f"{at}[{i}]", f"longitude {lon} is not within -180 to 180")
        if not (math.isfinite(lat) and -90.0 <= lat <= 90.0):
            faults.add(f"{at}[{i}]", f"latitude {lat} is not within -90 to 90")
        if ring and abs(lon - ring[-1][0]) > 180.0:
            faults.add(f"{at}[{i}]", "crosses the antimeridian: draw one part on each side of it")
        ring.append((lon, lat))
    if ring[0] != ring[-1]:
        faults.add(at, "is not closed: the last position must equal the first")
    return tuple(ring)


def _finite(value: int | float) -> float:
    """As a float; a whole number beyond all floats is infinite, and so out of every range."""
    try:
        return float(value)
    except OverflowError:
        return math.inf


def _is_words(value: Any) -> bool:
    return (
        isinstance(value, Mapping)
        and set(value) <= {"zh", "en"}
        and all(isinstance(v, str) and len(v) <= 2000 for v in value.values())
    )


def _time_us(value: Any, default: int, field: str, faults: _Faults) -> int:
    if value is None:
        return default
    try:
        t = datetime.fromisoformat(value)
        if t.tzinfo is None:
            raise ValueError("no zone")
        return (t - EPOCH) // timedelta(microseconds=1)
    except (TypeError, ValueError, OverflowError):
        faults.add(field, "must be an ISO 8601 time with its zone: 2026-05-01T12:00:00+08:00")
        return default


def _iso(t_us: int) -> str:
    return (EPOCH + timedelta(microseconds=t_us)).isoformat().replace("+00:00", "Z")
