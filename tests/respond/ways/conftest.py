"""A hand-made island and the packaged coast with their routers, made once."""

from __future__ import annotations

import pytest

from littoral.area import load_world
from littoral.area.world import World
from littoral.respond.route import SeaRouter
from tests.respond.ways.coasts import BOX, coast, square


@pytest.fixture(scope="session")
def island() -> SeaRouter:
    """A square of 0.4 degrees in the middle of the box."""
    return SeaRouter.around(coast((square(110.0, 19.0, 0.2), 1)), BOX)


@pytest.fixture(scope="session")
def world() -> World:
    return load_world("hainan")


@pytest.fixture(scope="session")
def hainan(world: World) -> SeaRouter:
    return SeaRouter.over(world.coast)
