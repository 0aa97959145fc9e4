"""Port calls and changed particulars that can be planted, each with a look-alike."""

from __future__ import annotations

from littoral.sim.incidents import (
    CAUTION,
    EAST,
    EAST_COAST,
    EAST_S,
    EVER_US,
    WARNING,
    WEST_COAST,
    aside,
)
from littoral.sim.motion import ANCHOR, MOOR
from littoral.sim.scenes import (
    MINUTE_US,
    Builder,
    Event,
    Point,
    come_and_go,
    route,
    straight,
)

NOTED = 5
ROADS: Point = (110.960, 19.430)  # off Qinglan
BERTH: Point = (109.150, 19.745)  # Yangpu


def port_call(b: Builder, at_us: int, minutes: float, draught_dm: int = 0) -> None:
    """A coaster comes from the sea, anchors in the roads and leaves; if told, with another draught:
    a look-alike of cargo taken at sea."""
    until_us = at_us + int(minutes * MINUTE_US)
    scene = [(*ROADS, at_us), (*ROADS, until_us)]
    name = f"QING LAN HE {len(b.ships)}"
    k = b.ship("coaster", name, come_and_go(EAST, scene, EAST_S, 9.0), stay=ANCHOR, stay_status=1)
    span = (at_us - 60 * MINUTE_US, until_us + 60 * MINUTE_US)
    b.expect(
        Event(f"{name} calls", "port_visit", ("port_visit",), (k,), *span, "calls", NOTED,
              "anchors in the roads of Qinglan and leaves", site=ROADS)
    )  # fmt: skip
    if draught_dm:
        _other_draught(b, k, until_us - 60 * MINUTE_US, draught_dm)
        b.expect(
            Event(f"{name} loads", "particulars", ("draught_without_call",), (k,), *span, "script",
                  CAUTION, "another draught after a call", innocent=True)
        )  # fmt: skip


def passing_by(b: Builder, at_us: int) -> None:
    """A look-alike: through the roads at 10 kn."""
    way = come_and_go(EAST, straight(ROADS, 195.0, 10.0, at_us, 40, 40), EAST_S, 10.0)
    k = b.ship("coaster", "XIN HAI TONG 3", way)
    span = (at_us - 40 * MINUTE_US, at_us + 40 * MINUTE_US)
    b.expect(
        Event("passes the roads", "port_visit", ("port_visit",), (k,), *span, "passes", NOTED,
              "within 2 km of where others anchor, without a stop", innocent=True, site=ROADS)
    )  # fmt: skip


def renamed_at_sea(b: Builder, at_us: int, when: str) -> None:
    """Name and call sign both new from one message to the next, hours from any port."""
    k = b.ship("coaster", f"YUAN WANG {len(b.ships)}", route(aside(b, EAST_COAST), 9.0, 3, at_us))
    b.script(
        k, "IDENTITY", at_us, EVER_US, b.other_identity(k, f"SEA LION {len(b.ships)}", "D5QX7")
    )
    b.expect(
        Event(f"renamed at sea {when}", "particulars", ("renamed",), (k,), at_us,
              at_us + 45 * MINUTE_US, "script", WARNING, "another name and call sign, under way")
    )  # fmt: skip


def renamed_in_port(b: Builder, at_us: int) -> None:
    """A look-alike: alongside, as owners do. Noted, and no warning."""
    stay = [(*BERTH, b.start_us), (*BERTH, at_us + 4_000 * MINUTE_US)]
    stay.append((109.090, 19.760, at_us + 4_040 * MINUTE_US))
    k = b.ship("coaster", "RONG DA 11", stay, stay=MOOR, stay_status=5)
    b.script(k, "IDENTITY", at_us, EVER_US, b.other_identity(k, "HAI KUO 11", "BZQA4"))
    b.expect(
        Event("renamed alongside", "particulars", ("renamed",), (k,), at_us,
              at_us + 45 * MINUTE_US, "script", NOTED, "another name and call sign at its berth")
    )  # fmt: skip


def one_text_new(b: Builder, at_us: int, name: str, sign: str) -> None:
    """Another name, or another call sign, alone."""
    own = f"FENG SHUN {len(b.ships)}"
    k = b.ship("coaster", own, route(aside(b, WEST_COAST), 8.0, 3, at_us))
    other = b.other_identity(k, name or own, sign)
    b.script(k, "IDENTITY", at_us, EVER_US, other)
    kind = "name" if name else "call_sign"
    b.expect(
        Event(f"{kind} alone", "particulars", (kind,), (k,), at_us, at_us + 45 * MINUTE_US,
              "script", NOTED, "the other stays")
    )  # fmt: skip


def typed_short(b: Builder, at_us: int) -> None:
    """A look-alike: the name is cut short for good."""
    k = b.ship("coaster", "HAI NAN LONG XIANG 5", route(aside(b, EAST_COAST), 8.5, 2, at_us))
    b.script(k, "IDENTITY", at_us, EVER_US, b.other_identity(k, "HAI NAN LONG"))
    b.expect(
        Event("name cut short", "particulars", ("name", "renamed"), (k,), at_us,
              at_us + 45 * MINUTE_US, "script", NOTED, "the beginning of its own name",
              innocent=True)
    )  # fmt: skip


def loads_at_sea(b: Builder, at_us: int) -> None:
    """A tanker under way for hours is two metres deeper from one message to the next."""
    k = b.ship("tanker", "GOLDEN HARVEST", route(aside(b, EAST_COAST), 9.5, 4, at_us))
    _other_draught(b, k, at_us, int(b.ships[k]["draught_dm"][0]) + 32)
    b.expect(
        Event("deeper at sea", "particulars", ("draught_without_call",), (k,), at_us,
              at_us + 45 * MINUTE_US, "script", CAUTION, "3.2 m deeper, hours from any port")
    )  # fmt: skip


def trims_at_sea(b: Builder, at_us: int) -> None:
    """A look-alike: fuel and ballast make half a metre. Noted, and no caution."""
    k = b.ship("bulk", "PACIFIC GRACE", route(aside(b, EAST_COAST[::-1]), 10.0, 3, at_us))
    _other_draught(b, k, at_us, int(b.ships[k]["draught_dm"][0]) - 6)
    b.expect(
        Event("lighter by fuel", "particulars", ("draught",), (k,), at_us, at_us + 45 * MINUTE_US,
              "script", NOTED, "0.6 m less")
    )  # fmt: skip


def another_flag(b: Builder, at_us: int) -> None:
    """Silent for 50 minutes, and then another flag's MMSI under the same IMO number."""
    k = b.ship("bulk", "ORIENT STAR", route(aside(b, WEST_COAST), 10.0, 3, at_us))
    back_us = at_us + 50 * MINUTE_US
    b.script(k, "MUTE", at_us, back_us)
    b.script(k, "MMSI", back_us, EVER_US, 351_910_000 + k)
    b.expect(
        Event("another flag", "particulars", ("flag",), (k,), back_us, back_us + 45 * MINUTE_US,
              "script", CAUTION, "a Panamanian MMSI under the IMO number of a Chinese one")
    )  # fmt: skip


def _other_draught(b: Builder, ship: int, at_us: int, draught_dm: int) -> None:
    """From `at_us` on `ship` says another draught, all else as before."""
    other = b.ships[ship].copy()
    other["draught_dm"] = draught_dm
    b.others.append(other)
    b.script(ship, "IDENTITY", at_us, EVER_US, -len(b.others))
