"""`/map/tiles`: charts and tiles of one's own, as PMTiles in the data folder's `tiles/`."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse
from pydantic import BaseModel
from starlette.responses import Response

from littoral.api.deps import Engine
from littoral.api.fields import Page
from littoral.api.gate import guarded
from littoral.api.problems import ProblemError, not_found

router = APIRouter(prefix="/map", tags=["map"])

# A plain name: no separator, no leading dot, so that it cannot leave the folder.
_NAME = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9_. -]{0,99}", re.ASCII)
_SUFFIX = ".pmtiles"
_RANGE = re.compile(r"bytes=(?P<first>\d{0,18})-(?P<last>\d{0,18})", re.ASCII)


class TilesModel(BaseModel):
    name: str
    bytes: int
    url: str


@router.get(
    "/tiles",
    summary="PMTiles files that can be shown under the map",
    **guarded("picture.read", "public", kind="chart"),
)
def list_tiles(engine: Engine) -> Page[TilesModel]:
    folder = engine.settings.data_dir / "tiles"
    found = sorted(folder.glob("*" + _SUFFIX)) if folder.is_dir() else []
    items = [
        TilesModel(
            name=path.stem, bytes=path.stat().st_size, url=f"/api/v1/map/tiles/{quote(path.name)}"
        )
        for path in found
        if _inside(folder, path.stem) is not None
    ]
    return Page(items=items, next_cursor=None)


@router.get(
    "/tiles/{name}.pmtiles",
    summary="One PMTiles file; answers byte ranges",
    **guarded("picture.read", "public", kind="chart"),
    response_class=FileResponse,
    responses={
        200: {"content": {"application/vnd.pmtiles": {}}},
        206: {"content": {"application/vnd.pmtiles": {}}, "description": "The range asked for"},
    },
)
def get_tiles(request: Request, engine: Engine, name: str) -> Response:
    path = _inside(engine.settings.data_dir / "tiles", name)
    if path is None:
        raise not_found("PMTiles file", name)
    asked = request.headers.get("range")
    if asked is not None and not _answerable(asked, path.stat().st_size):
        raise ProblemError(416, "Range: one range of bytes in the file, such as bytes=0-16383")
    return FileResponse(path, media_type="application/vnd.pmtiles")


def _answerable(asked: str, size: int) -> bool:
    """One range of bytes that begins in the file, or its last bytes."""
    found = _RANGE.fullmatch(asked.replace(" ", ""))
    if found is None:
        return False
    first, last = found.group("first"), found.group("last")
    if not first:
        return bool(last) and size > 0 and int(last) > 0
    return int(first) < size and (not last or int(last) >= int(first))


def _inside(folder: Path, name: str) -> Path | None:
    """The file of that name in the folder itself (links out of it do not count), or None."""
    if not _NAME.fullmatch(name):
        return None
    path = (folder / (name + _SUFFIX)).resolve()
    if path.parent != folder.resolve() or not path.is_file():
        return None
    return path
