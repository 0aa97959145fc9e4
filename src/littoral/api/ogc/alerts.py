"""The collection `alerts`: each alert as a point, newest first."""

from __future__ import annotations

from typing import Any

from littoral.api.alert_json import alert_json
from littoral.api.ogc.features import Feature, Found, Query, overlaps
from littoral.api.params import in_box
from littoral.api.problems import bad_parameter
from littoral.engine.runtime import Runtime
from littoral.store.records import AlertFilter, AlertRow, NotFound, RecordsError

MAX_READS = 50  # for one page: where few alerts lie in a box, a page may hold fewer than it could


class Alerts:
    id = "alerts"
    title = "Alerts"
    description = (
        "What the detectors found. Its time is the span of the alert; one without a place, such as "
        "a silent receiver's, has no geometry."
    )

    def items(self, engine: Runtime, query: Query) -> Found:
        """Pages go forward only: `prev` is optional in OGC API Features."""
        # The store's span ends before `to_us`, ours at it.
        to_us = None if query.to_us is None else query.to_us + 1
        wanted = AlertFilter(from_us=query.from_us, to_us=to_us)
        found: list[AlertRow] = []
        cursor = query.cursor
        for _ in range(MAX_READS):
            # As many as still fit, so that the store's cursor is always where this page ends.
            missing = query.limit - len(found)
            try:
                page = engine.records.alerts(wanted, cursor, missing)
            except RecordsError as error:
                raise bad_parameter("cursor", "is not one that this server gave") from error
            found += [row for row in page.items if _fits(row, query)]
            cursor = page.next_cursor
            if cursor is None or len(found) == query.limit:
                break
        return Found([_feature(row) for row in found], None, cursor)

    def item(self, engine: Runtime, feature_id: str) -> Feature | None:
        try:
            return _feature(engine.records.alert(feature_id).alert)
        except NotFound:
            return None

    def interval(self, engine: Runtime) -> tuple[int | None, int | None] | None:
        return None, None


def _fits(row: AlertRow, query: Query) -> bool:
    end_us = row.updated_us if row.end_us is None else row.end_us
    if not overlaps(row.start_us, end_us, query):
        return False
    return query.box is None or row.lon is None or bool(in_box(query.box, row.lon, row.lat))


def _feature(row: AlertRow) -> Feature:
    properties: dict[str, Any] = alert_json(row)
    key, lon, lat = (properties.pop(name) for name in ("id", "lon", "lat"))
    point = None if lon is None else {"type": "Point", "coordinates": [lon, lat]}
    return {"type": "Feature", "id": key, "geometry": point, "properties": properties}
