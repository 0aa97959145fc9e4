"""The collection `alerts`: each alert as a point, newest first."""

from __future__ import annotations

from typing import Any

from littoral.api.alert_json import alert_json
from littoral.api.ogc.features import Feature, Found, Query, overlaps
from littoral.api.params import in_box
from littoral.api.problems import bad_parameter
from littoral.engine.runtime import Runtime
from littoral.store.records import AlertFilter, AlertRow, NotFound, RecordsError

READ = 500  # alerts read from the store at once
MAX_READ = 20_000  # looked through for one page; a rare box goes on with the next page


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
        cursor, looked = query.cursor, 0
        while True:
            # One more than fits would have to be given back to the cursor: read what is missing.
            missing = query.limit - len(found)
            try:
                page = engine.records.alerts(wanted, cursor, missing if query.box is None else READ)
            except RecordsError as error:
                raise bad_parameter("cursor", "is not one that this server gave") from error
            looked += len(page.items)
            fitting = [r for r in page.items if _fits(r, query)]
            if len(fitting) > missing:
                return Found(
                    [_feature(r) for r in found + fitting[:missing]],
                    None,
                    engine.records.cursor_after(fitting[missing - 1]),
                )
            found += fitting
            cursor = page.next_cursor
            if cursor is None or len(found) == query.limit or looked >= MAX_READ:
                return Found([_feature(r) for r in found], None, cursor)

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
