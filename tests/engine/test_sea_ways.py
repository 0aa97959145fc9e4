"""Ways at sea are prepared beside the watch, once."""

from __future__ import annotations

import logging

import pytest

from littoral.area import load_world
from littoral.engine.sea_ways import SeaWays, ways_over
from littoral.respond.route import Route, SeaRouter


def test_those_of_the_coast_come_from_a_process_of_their_own() -> None:
    """The same way as of a router that was made here."""
    world = load_world("hainan")
    sea = SeaWays(lambda: ways_over(world.coast))
    assert sea.ways is None
    sea.prepare()
    found = sea.wait(300)
    assert found is not None
    assert sea.ways is found
    here = SeaRouter.over(world.coast)
    ends = (110.30, 20.09), (109.40, 18.20)
    ours, theirs = here.route(*ends, 15.0), found.router.route(*ends, 15.0)
    assert isinstance(ours, Route)
    assert theirs == ours
    assert found.lands.part((110.33, 19.9)) is not None
    assert found.lands.part((110.9, 20.3)) is None


def test_what_cannot_be_prepared_leaves_straight_lines(caplog: pytest.LogCaptureFixture) -> None:
    def fails() -> None:
        raise EOFError

    sea = SeaWays(fails)  # type: ignore[arg-type]  # it makes none
    with caplog.at_level(logging.ERROR):
        sea.prepare()
        assert sea.wait(10) is None
    assert "could not be prepared" in caplog.text
