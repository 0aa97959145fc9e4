"""The phone's page: where it is, what it may ask of the device, how much is loaded first."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path

import httpx
import pytest

from littoral.api.app import create_app
from littoral.api.pages import PAGES
from littoral.api.server import serving
from tests.api.shore import Shore

FIRST_LOAD_BYTES = 300_000  # of all that the phone loads before it works without a network, gzip


def test_the_phones_page_is_below_its_own_path(shore: Shore, tmp_path: Path) -> None:
    pages = tmp_path / "pages"
    (pages / "phone").mkdir(parents=True)
    (pages / "index.html").write_text("<!doctype html>command")
    (pages / "phone" / "index.html").write_text("<!doctype html>phone")
    (pages / "phone" / "app.webmanifest").write_text("{}")
    (pages / "phone" / "sw.js").write_text("// shell")
    with serving(create_app(shore, pages)) as url, httpx.Client(base_url=url) as http:
        assert http.get("/phone").headers["location"] == "/phone/"
        for path in ("/phone/", "/phone/anything"):
            answer = http.get(path)
            assert answer.text == "<!doctype html>phone"
            assert answer.headers["cache-control"] == "no-cache"
            assert "geolocation=(self)" in answer.headers["permissions-policy"]
            assert "microphone=(self)" in answer.headers["permissions-policy"]
        assert http.get("/").text == "<!doctype html>command"
        assert "geolocation=()" in http.get("/").headers["permissions-policy"]
        assert "microphone=()" in http.get("/").headers["permissions-policy"]
        manifest = http.get("/phone/app.webmanifest")
        assert manifest.headers["content-type"] == "application/manifest+json"
        worker = http.get("/phone/sw.js")
        assert worker.headers["content-type"].startswith("text/javascript")
        assert worker.headers["cache-control"] == "no-cache"
        assert http.get("/phone/none.js").status_code == 404


def shell() -> list[str]:
    """What the built service worker keeps."""
    worker = PAGES / "phone" / "sw.js"
    if not worker.is_file():
        pytest.fail(f"{worker} is not built: make web")
    found = re.search(r"const SHELL = (\[.*?\]);", worker.read_text())
    assert found is not None
    return list(json.loads(found[1]))


def test_the_first_load_of_the_phone_is_small() -> None:
    """The built files as they are: the page, its scripts and styles, manifest, icon and worker."""
    names = [n if n != "/phone/" else "/phone/index.html" for n in shell()] + ["/phone/sw.js"]
    assert len(names) >= 6
    sizes = {n: len(gzip.compress((PAGES / n.lstrip("/")).read_bytes(), 6)) for n in names}
    assert sum(sizes.values()) < FIRST_LOAD_BYTES, sizes
    page = (PAGES / "phone" / "index.html").read_text()
    asked = re.findall(r'(?:src|href)="(/[^"]+)"', page)
    assert set(asked) <= set(names), "the page loads what the worker does not keep"
