"""The packaged region, loaded once."""

from __future__ import annotations

import pytest

from littoral.area import load_world
from littoral.area.world import World


@pytest.fixture(scope="session")
def world() -> World:
    return load_world("hainan")
