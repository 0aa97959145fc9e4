"""`GET /search`: vessels by name, MMSI, call sign, IMO, and Chinese name by pinyin."""

from __future__ import annotations

from typing import Annotated, Literal

import numpy as np
from fastapi import APIRouter, Query
from pydantic import Field

from littoral.api.deps import Engine
from littoral.api.fields import Page
from littoral.api.fleet_rows import GONE, states, track_rows
from littoral.api.gate import guarded
from littoral.api.search_index import SearchIndex
from littoral.api.tracks import TrackModel
from littoral.api.wire import Json

router = APIRouter(tags=["tracks"])
_index = SearchIndex()


class HitModel(TrackModel):
    matched: Literal["name", "mmsi", "call_sign", "imo"]
    rank: Literal["exact", "prefix", "substring"] = Field(description="how well it fits")


@router.get(
    "/search",
    response_model=Page[HitModel],
    summary="Vessels by name or number",
    **guarded("picture.read", kind="track"),
)
def search(
    engine: Engine,
    q: Annotated[
        str,
        Query(
            min_length=1,
            max_length=64,
            description="name, MMSI, call sign, IMO number, or a Chinese name (琼临渔01234)",
        ),
    ],
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
) -> Json:
    view = engine.fleet()
    state = states(view)
    hits = _index.search(view, q, limit, state != GONE)
    rows = np.array([hit.row for hit in hits], np.int64)
    items = track_rows(view, rows, state)
    for item, hit in zip(items, hits, strict=True):
        item["matched"], item["rank"] = hit.field, hit.rank
    return Json({"items": items, "next_cursor": None})
