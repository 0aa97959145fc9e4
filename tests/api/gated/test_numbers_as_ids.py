"""An id in an address may read as somebody's number, and a grid's code has fifteen places: no
operation fails for it, and what is refused is in the log, under a keyed hash."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from littoral.api.app import build_app
from littoral.area.world import World

from .scene import Scene, served_scene
from .tables import operations

NUMBERS = ("13800138000", "460106001001001", "11010519491231002X")
ASKED = sorted((m, p) for m, p in operations(build_app().openapi()) if "{" in p)


@pytest.fixture(scope="module")
def scene(
    tmp_path_factory: pytest.TempPathFactory, world: World, empty_records: Path
) -> Iterator[Scene]:
    with served_scene(tmp_path_factory.mktemp("numbers"), world, empty_records) as made:
        yield made


@pytest.mark.parametrize("role", ["watch_lead", "administrator", "data_protection_officer"])
def test_no_operation_fails_for_a_number_in_its_address(scene: Scene, role: str) -> None:
    headers = scene.asker(role).headers
    failed = []
    for n, (method, path) in enumerate(ASKED):
        url = re.sub(r"\{[^}]+\}", NUMBERS[n % len(NUMBERS)], path)
        body = {} if method in ("GET", "HEAD", "DELETE") else {"json": {}}
        if (status := scene.ask(method, url, headers, **body).status_code) >= 500:
            failed.append(f"{method} {url}: {status}")
    assert failed == []


def test_what_is_refused_for_a_number_is_in_the_log_and_the_number_is_not(scene: Scene) -> None:
    headers = scene.asker("administrator").headers
    assert scene.ask("GET", "/api/v1/alerts/13800138000", headers).status_code == 403
    last = scene.watch.logged()[-1]
    assert (last.action, last.verdict.value) == ("alert.read", "deny")
    assert last.thing.startswith("alert:numbered-")
    root = scene.watch.gate.trust.log.root
    assert not any(b"13800138000" in f.read_bytes() for f in root.rglob("*") if f.is_file())


def test_a_number_with_something_beside_it_is_not_in_the_log(scene: Scene) -> None:
    """Whoever has typed it into an address; a made id with as many digits stays as it is."""
    headers = scene.asker("administrator").headers
    for typed in (
        "x11010519491231002X", "WangWei-13800138000", "wang.13800138000.1", "138-0013-8000",
        "8613800138000", "+86%2013800138000", "460100-19900101-1234", "a460100_19900101_1234",
        "1380013-8000", "13-800-138-000", "E12345678",
    ):  # fmt: skip
        assert scene.ask("GET", f"/api/v1/alerts/{typed}", headers).status_code == 403
        last = scene.watch.logged()[-1]
        assert last.thing.startswith("alert:numbered-"), typed
    for made in ("0199f6e0-0000-7000-8000-12345678901a", "a13800138000bcdef0123456"):
        assert scene.ask("GET", f"/api/v1/alerts/{made}", headers).status_code == 403
        assert scene.watch.logged()[-1].thing == f"alert:{made}"
