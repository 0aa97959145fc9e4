"""Ways at sea are prepared beside the watch, once."""

from __future__ import annotations

import logging

import pytest

from littoral.area import load_world
from littoral.engine.sea_ways import SeaWays, ways_over
from littoral.respond.rank.travel import Ways
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


def _raising(error: Exception) -> SeaWays:
    def fails() -> Ways:
        raise error

    return SeaWays(fails)


def test_what_cannot_be_prepared_leaves_straight_lines(caplog: pytest.LogCaptureFixture) -> None:
    sea = _raising(MemoryError())
    with caplog.at_level(logging.ERROR):
        sea.prepare()
        assert sea.wait(10) is None
    assert "could not be prepared" in caplog.text


def test_a_server_that_ends_meanwhile_reports_no_error(caplog: pytest.LogCaptureFixture) -> None:
    """Its process ends with it, which reads as the end of what was to be read."""
    sea = _raising(EOFError())
    with caplog.at_level(logging.WARNING):
        sea.prepare()
        assert sea.wait(10) is None
    assert not caplog.text
