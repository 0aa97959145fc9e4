"""What sails in the demonstration unless it is told otherwise."""

from __future__ import annotations

import argparse

from littoral.cli import demo


def test_two_thousand_net_beacons_beside_the_vessels() -> None:
    commands = argparse.ArgumentParser().add_subparsers()
    vessels = demo.add(commands).parse_args([]).vessels
    assert (vessels, round(demo.BEACONS_PER_VESSEL * vessels)) == (2_500, 2_000)
