"""The command page: built files in `pages/`, every other path its `index.html`."""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, HTMLResponse
from starlette.responses import Response

from littoral.api.problems import ProblemError

PAGES = Path(__file__).parent / "pages"
HASHED = "assets"  # Vite writes files with their hash in the name there: they never change

HOW_TO_BUILD = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Littoral</title>
<h1>Littoral</h1>
<p>The command page is not built. In the repository run <code>make web</code>, then reload.
The HTTP API answers all the same: <a href="/api/v1/health">/api/v1/health</a>,
<a href="/ogc">/ogc</a>.</p>
<p>值班页面尚未构建：在代码库中运行 <code>make web</code>，然后刷新本页。</p></html>
"""

RESERVED = ("api", "ogc", "metrics")


def pages_router(folder: Path = PAGES) -> APIRouter:
    """Serves `folder`; to be added last, since it takes every path."""
    router = APIRouter(include_in_schema=False)

    @router.api_route("/{path:path}", methods=["GET", "HEAD"])
    def page(request: Request, path: str) -> Response:
        if path.split("/", 1)[0] in RESERVED:
            raise ProblemError(404, f"Nothing is at {request.url.path[:200]}.")
        index = folder / "index.html"
        if not index.is_file():
            return HTMLResponse(HOW_TO_BUILD, status_code=503)
        file = _inside(folder, path)
        if file is None and Path(path).suffix:
            raise ProblemError(404, f"Nothing is at {request.url.path[:200]}.")
        lasting = file is not None and path.startswith(HASHED + "/")
        cache = "public, max-age=31536000, immutable" if lasting else "no-cache"
        return FileResponse(file or index, headers={"cache-control": cache})

    return router


def _inside(folder: Path, path: str) -> Path | None:
    """The file at `path` below the folder, or None."""
    if not path or "\\" in path or "\0" in path:
        return None
    file = (folder / path).resolve()
    return file if file.is_relative_to(folder.resolve()) and file.is_file() else None
