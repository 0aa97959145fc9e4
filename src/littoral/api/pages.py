"""Pages as they were built: below `/phone/` the phone's, at every other path the command page."""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, HTMLResponse, RedirectResponse
from starlette.responses import Response

from littoral.api.problems import ProblemError
from littoral.api.security import FORMS_POLICY

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
PHONE = "phone"
FORMS = "phone/fill.html"  # where forms are filled in
# Where somebody is, and a voice note, are asked of the device by the phone's page alone, when its
# user wants it.
MAY_ASK = "camera=(), microphone=(self), geolocation=(self), payment=(), usb=()"
# Types that Python's table may not have: browsers install no page by a manifest of another type.
MEDIA_TYPES = {".webmanifest": "application/manifest+json", ".svg": "image/svg+xml"}


def pages_router(folder: Path = PAGES) -> APIRouter:
    """Serves `folder`; to be added last, since it takes every path."""
    router = APIRouter(include_in_schema=False)

    @router.api_route("/{path:path}", methods=["GET", "HEAD"])
    def page(request: Request, path: str) -> Response:
        first = path.split("/", 1)[0]
        if first in RESERVED:
            raise ProblemError(404, f"Nothing is at {request.url.path[:200]}.")
        if path == PHONE:  # the service worker answers for what lies below it
            return RedirectResponse(f"/{PHONE}/", status_code=308)
        index = folder / PHONE / "index.html" if first == PHONE else folder / "index.html"
        if not index.is_file():
            return HTMLResponse(HOW_TO_BUILD, status_code=503)
        file = _inside(folder, path)
        if file is None and Path(path).suffix:
            raise ProblemError(404, f"Nothing is at {request.url.path[:200]}.")
        lasting = file is not None and path.startswith(HASHED + "/")
        cache = "public, max-age=31536000, immutable" if lasting else "no-cache"
        headers = {"cache-control": cache}
        if first == PHONE:
            headers["permissions-policy"] = MAY_ASK
        if path == FORMS:
            headers["content-security-policy"] = FORMS_POLICY
        shown = file or index
        return FileResponse(shown, headers=headers, media_type=MEDIA_TYPES.get(shown.suffix))

    return router


def _inside(folder: Path, path: str) -> Path | None:
    """The file at `path` below the folder, or None."""
    if not path or "\\" in path or "\0" in path:
        return None
    file = (folder / path).resolve()
    return file if file.is_relative_to(folder.resolve()) and file.is_file() else None
