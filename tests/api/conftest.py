"""A server on a free port over a `Shore`, and clients of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from littoral.api.app import create_app
from littoral.api.server import serving
from littoral.area import load_world
from littoral.area.world import World

from .shore import Shore


@pytest.fixture(scope="session")
def world() -> World:
    return load_world("hainan")


@pytest.fixture
def shore(tmp_path: Path, world: World) -> Iterator[Shore]:
    made = Shore(tmp_path, world)
    yield made
    made.close()


@pytest.fixture
def address(shore: Shore, tmp_path: Path) -> Iterator[str]:
    """`http://127.0.0.1:PORT` of a running server."""
    with serving(create_app(shore, tmp_path / "pages", send_timeout_s=2.0)) as url:
        yield url


@pytest.fixture
def http(address: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=address, timeout=20) as client:
        yield client
