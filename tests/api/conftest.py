"""A server on a free port over a `Shore`, and clients of it.

`shore`, `address` and `http` are new for each test; the `one_` ones are shared by the tests of a
module that change nothing or only what is their own.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from littoral.api.app import create_app
from littoral.api.server import serving
from littoral.area import load_world
from littoral.area.world import World
from littoral.store.records import Records

from .shore import Shore

SEND_TIMEOUT_S = 2.0


@pytest.fixture(scope="session")
def world() -> World:
    return load_world("hainan")


@pytest.fixture(scope="session")
def empty_records(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated database to copy: migrating one for each test would be most of the time."""
    path = tmp_path_factory.mktemp("records") / "records.sqlite"
    Records.open(f"sqlite:///{path}").close()
    return path


@contextmanager
def opened(folder: Path, world: World, records: Path) -> Iterator[Shore]:
    shutil.copy(records, folder / "records.sqlite")
    made = Shore(folder, world)
    try:
        yield made
    finally:
        made.close()


@contextmanager
def served(shore: Shore) -> Iterator[str]:
    pages = shore.settings.data_dir / "pages"
    with serving(create_app(shore, pages, send_timeout_s=SEND_TIMEOUT_S)) as url:
        yield url


@pytest.fixture
def shore(tmp_path: Path, world: World, empty_records: Path) -> Iterator[Shore]:
    with opened(tmp_path, world, empty_records) as made:
        yield made


@pytest.fixture
def address(shore: Shore) -> Iterator[str]:
    """`http://127.0.0.1:PORT` of a running server."""
    with served(shore) as url:
        yield url


@pytest.fixture
def http(address: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=address, timeout=20) as client:
        yield client


@pytest.fixture(scope="module")
def one_shore(
    tmp_path_factory: pytest.TempPathFactory, world: World, empty_records: Path
) -> Iterator[Shore]:
    with opened(tmp_path_factory.mktemp("shore"), world, empty_records) as made:
        yield made


@pytest.fixture(scope="module")
def one_address(one_shore: Shore) -> Iterator[str]:
    with served(one_shore) as url:
        yield url


@pytest.fixture(scope="module")
def one_http(one_address: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=one_address, timeout=20) as client:
        yield client
