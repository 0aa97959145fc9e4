"""What can be planted of dredgers in fences drawn for them, of a call in words, of a vessel that is
looked out for, and of minutes in which nothing is heard.

Ships are dredgers and tugs, which the rules of lanes and of waiting do not judge: each event is one
alert.
"""

from __future__ import annotations

from collections.abc import Callable

from littoral.sim.incidents import ALARM, CAUTION, EAST, EAST_S, SOUTH, WARNING, WEST
from littoral.sim.motion import ANCHOR
from littoral.sim.places import STATIONS
from littoral.sim.scenes import MINUTE_US, Builder, Event, Point, come_and_go, route, straight

AT_ANCHOR, TUG = 1, 52
FAR_NORTH: Point = (108.30, 21.20)
LISTED = "LIAN YUN TUO 20"
MAYDAY = "MAYDAY ENGINE ROOM ON FIRE 8 PERSONS ON BOARD"


def all_of_them(b: Builder, at: Callable[[float], int], fits: Callable[[float], bool]) -> None:
    """In the history, one after the other: `at` gives the time of a minute from its end, and `fits`
    says whether the world is old enough at that minute."""
    if not fits(-390):
        return
    nothing_heard(b, at(-345), at(-341))
    comes_from_sea(b, at(-245))
    call_in_words(b, at(-285))
    leaves(b, at(-265))
    lies_on_cable(b, at(-222))
    creeps_in_fairway(b, at(-190))


def leaves(b: Builder, at_us: int) -> None:
    """A dredger leaves the ground that it has a licence for, and anchors farther on."""
    ground, gate, away = (109.235, 19.985), (109.262, 20.010), (109.36, 20.09)
    lie = [(*ground, b.start_us), (*ground, at_us - 15 * MINUTE_US)]
    k = b.ship("dredger", "QIONG SHA 6", [*lie, *route((gate, away), 6.0, 0, at_us)],
               stay=ANCHOR, stay_status=AT_ANCHOR)  # fmt: skip
    b.expect(
        Event("dredger leaves its ground", "area_rule", ("exit",), (k,), at_us - 30 * MINUTE_US,
              at_us + 30 * MINUTE_US, "inside", WARNING, "leaves where it may dredge",
              fence="demo-sand-ground")
    )  # fmt: skip


def lies_on_cable(b: Builder, at_us: int) -> None:
    """A dredger anchors over a cable, stays for 50 minutes from `at_us - 50 min` on and goes."""
    place, from_us = (110.60, 18.685), at_us - 50 * MINUTE_US
    stay = [(*place, from_us), (*place, at_us)]
    k = b.ship("dredger", "HANG JUN 12", come_and_go(EAST_S, stay, EAST, 9.0),
               stay=ANCHOR, stay_status=AT_ANCHOR)  # fmt: skip
    b.expect(
        Event("anchors over a cable", "area_rule", ("presence",), (k,), from_us - 20 * MINUTE_US,
              at_us + 20 * MINUTE_US, "inside", CAUTION, "50 min where half an hour is allowed",
              fence="demo-cable")
    )  # fmt: skip


def creeps_in_fairway(b: Builder, at_us: int) -> None:
    """A dredger at 3 kn for an hour in the middle of a fairway."""
    run = straight((108.83, 19.81), 90.0, 3.0, at_us, 30, 30)
    k = b.ship("dredger", "JUN YANG 3", come_and_go(WEST, run, FAR_NORTH, 9.0))
    b.expect(
        Event("creeps in the fairway", "area_rule", ("speed_under",), (k,), at_us - 60 * MINUTE_US,
              at_us + 60 * MINUTE_US, "slow inside", CAUTION, "3 kn where at least 5 are due",
              fence="demo-fairway")
    )  # fmt: skip


def call_in_words(b: Builder, at_us: int) -> None:
    """A tug south of Sanya says by text that it burns, and once more four minutes later."""
    k = b.ship("tug", "QIONG TUO 18", route((EAST_S, (109.75, 17.80), SOUTH), 8.0, 1, at_us))
    b.texts += [(k, at_us, MAYDAY), (k, at_us + 4 * MINUTE_US, MAYDAY)]
    b.expect(
        Event("calls in words", "distress", ("text",), (k,), at_us, at_us + 4 * MINUTE_US,
              "script", WARNING, "words of distress in a safety text")
    )  # fmt: skip


def comes_from_sea(b: Builder, at_us: int) -> None:
    """A tug that the demo's people look out for comes in from the sea, anchors off Tongguling at
    `at_us`, is off the air for two hours and a quarter, and goes out again."""
    place = (111.25, 19.70)
    off_us, on_us = at_us + 10 * MINUTE_US, at_us + 145 * MINUTE_US
    stay = [(*place, at_us), (*place, on_us + 30 * MINUTE_US)]
    k = b.ship("tug", LISTED, come_and_go(EAST, stay, EAST, 11.0),
               stay=ANCHOR, stay_status=AT_ANCHOR)  # fmt: skip
    b.ships[k]["ship_type"] = TUG
    b.script(k, "MUTE", off_us, on_us)
    hour_us = 60 * MINUTE_US
    for kind, from_us, until_us, note in (
        ("listed_heard", at_us - 9 * hour_us, at_us - 2 * hour_us, "first heard, far out"),
        ("listed_near", at_us - 2 * hour_us, off_us, "comes from beyond 24 n mile"),
        ("listed_again", on_us, on_us + 5 * MINUTE_US, "heard again after 135 min"),
    ):
        b.expect(
            Event(f"{LISTED} {kind.replace('_', ' ')}", "watch_list", (kind,), (k,),
                  max(b.start_us, from_us), until_us, "script", CAUTION, note)
        )  # fmt: skip


def nothing_heard(b: Builder, from_us: int, until_us: int) -> None:
    """All receivers are silent at once: a calm sea that is none."""
    b.silences += [(station.name, from_us, until_us) for station in STATIONS]
    b.expect(
        Event("nothing is heard", "receiver", ("feed_silent",), (), from_us, until_us, "script",
              ALARM, "no receiver hears anything for four minutes", station="*")
    )  # fmt: skip
