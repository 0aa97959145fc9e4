"""The collection `tracks`: every vessel of the fleet as a point."""

from __future__ import annotations

from typing import Any

import numpy as np

from littoral.api.fleet_rows import GONE, find_track, states, track_rows
from littoral.api.ogc.features import Feature, Found, Query, page_of_ids
from littoral.api.params import decode_cursor, encode_cursor, in_box
from littoral.engine.fleet_view import FleetView
from littoral.engine.runtime import Runtime


class Tracks:
    id = "tracks"
    title = "Vessels now"
    description = (
        "Last known place of each vessel. Its time is the span from its first to its last report."
    )

    def items(self, engine: Runtime, query: Query) -> Found:
        view = engine.fleet()
        fleet, state = view.fleet, states(view)
        fits = state != GONE
        if query.box is not None:
            fits &= in_box(query.box, fleet.lon_deg, fleet.lat_deg)
        if query.from_us is not None:
            fits &= fleet.last_us >= query.from_us
        if query.to_us is not None:
            fits &= fleet.first_us <= query.to_us
        rows = np.flatnonzero(fits)
        rows = rows[np.lexsort((fleet.first_us[rows], fleet.mmsi[rows]))]
        keys = list(zip(fleet.mmsi[rows].tolist(), fleet.first_us[rows].tolist(), strict=True))
        cursor = None
        if query.cursor is not None:
            side, mmsi, first_us = decode_cursor(query.cursor, str, int, int)
            cursor = (side, (mmsi, first_us))
        part, following, previous = page_of_ids(keys, query.limit, cursor)
        return Found(
            features_of(view, rows[part], state),
            len(rows),
            None if following is None else encode_cursor("after", *following),
            None if previous is None else encode_cursor("before", *previous),
        )

    def item(self, engine: Runtime, feature_id: str) -> Feature | None:
        view = engine.fleet()
        row = find_track(view.fleet, feature_id)
        if row is None:
            return None
        return features_of(view, np.array([row]), states(view))[0]

    def interval(self, engine: Runtime) -> tuple[int | None, int | None] | None:
        view = engine.fleet()
        first = int(view.fleet.first_us.min()) if view.count else None
        return first, None


def features_of(view: FleetView, rows: np.ndarray, state: np.ndarray) -> list[Feature]:
    return [_feature(row) for row in track_rows(view, rows, state)]


def _feature(row: dict[str, Any]) -> Feature:
    lon, lat = row.pop("lon"), row.pop("lat")
    point = None if lon is None else {"type": "Point", "coordinates": [lon, lat]}
    return {"type": "Feature", "id": row.pop("id"), "geometry": point, "properties": row}
