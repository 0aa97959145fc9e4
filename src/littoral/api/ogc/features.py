"""What a collection is, and lists of features that fit in memory."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from shapely import box as shapely_box
from shapely import union_all
from shapely.geometry import shape

from littoral.api.params import Box, decode_cursor, encode_cursor
from littoral.engine.runtime import Runtime

Feature = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Query:
    """What was asked for. Times in microseconds, None is open; two equal ones are an instant."""

    limit: int
    box: Box | None = None
    from_us: int | None = None
    to_us: int | None = None
    cursor: str | None = None  # as the collection itself made it


@dataclass(frozen=True, slots=True)
class Found:
    """One page. The cursors are for the pages after and before; None: there is none."""

    features: list[Feature]
    matched: int | None
    following: str | None = None
    previous: str | None = None


class Collection(Protocol):
    @property
    def id(self) -> str: ...

    @property
    def title(self) -> str: ...

    @property
    def description(self) -> str: ...

    def items(self, engine: Runtime, query: Query) -> Found: ...

    def item(self, engine: Runtime, feature_id: str) -> Feature | None: ...

    def interval(self, engine: Runtime) -> tuple[int | None, int | None] | None:
        """Time that the features span; None: they have no time."""
        ...


def page_of_ids(
    ids: list[Any], limit: int, cursor: tuple[str, Any] | None
) -> tuple[slice, Any | None, Any | None]:
    """Which of the sorted ids make the page of a cursor: `("after", id)`, `("before", id)` or None.

    Gives the slice, the id after which the next page begins and the id before which the previous
    one ends, or None where there is none.
    """
    start, end = 0, min(limit, len(ids))
    if cursor is not None:
        side, key = cursor
        if side == "after":
            start = bisect_right(ids, key)
            end = min(start + limit, len(ids))
        else:
            end = bisect_left(ids, key)
            start = max(0, end - limit)
    following = ids[end - 1] if end < len(ids) and end > start else None
    previous = ids[start] if start > 0 and end > start else None
    return slice(start, end), following, previous


@dataclass(frozen=True, slots=True)
class ListCollection:
    """A collection that is a short list made on demand, sorted by id."""

    id: str
    title: str
    description: str
    read: Callable[[Runtime], list[Feature]]
    span: Callable[[Feature], tuple[int | None, int | None]] | None = None  # validity in us

    def items(self, engine: Runtime, query: Query) -> Found:
        features = sorted(self.read(engine), key=lambda f: f["id"])
        if query.box is not None:
            features = [f for f in features if touches(f, query.box)]
        if self.span is not None:
            features = [f for f in features if overlaps(*self.span(f), query)]
        cursor = decode_cursor(query.cursor, str, str) if query.cursor is not None else None
        ids = [f["id"] for f in features]
        part, following, previous = page_of_ids(ids, query.limit, cursor)
        return Found(
            features[part],
            len(features),
            None if following is None else encode_cursor("after", following),
            None if previous is None else encode_cursor("before", previous),
        )

    def item(self, engine: Runtime, feature_id: str) -> Feature | None:
        return next((f for f in self.read(engine) if f["id"] == feature_id), None)

    def interval(self, engine: Runtime) -> tuple[int | None, int | None] | None:
        return None if self.span is None else (None, None)


def overlaps(start_us: int | None, end_us: int | None, query: Query) -> bool:
    """Does the span (None is open) meet the query's time, edges included?"""
    after_end = query.from_us is not None and end_us is not None and end_us < query.from_us
    before_start = query.to_us is not None and start_us is not None and start_us > query.to_us
    return not (after_end or before_start)


def touches(feature: Feature, box: Box) -> bool:
    """Does the geometry meet the box? A feature without one always fits (17-069r4, 7.15.3)."""
    if feature["geometry"] is None:
        return True
    west, south, east, north = box
    area = shapely_box(west, south, east, north)
    if west > east:
        area = union_all(
            [shapely_box(west, south, 180, north), shapely_box(-180, south, east, north)]
        )
    return bool(shape(feature["geometry"]).intersects(area))
