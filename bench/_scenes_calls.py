"""Scenes of calls for help, of listed vessels, and of receivers that fall silent."""

from __future__ import annotations

from bench._scene_places import Stage
from bench._scenes_said import DREDGER, EVER_US, lies, under_way
from littoral.schema.watched import Watched
from littoral.sim.places import STATIONS
from littoral.sim.radio import CLASS_B
from littoral.sim.scenes import MINUTE_US, beside

DEVICES = {"sart": 970_000_000, "mob": 972_000_000, "epirb": 974_000_000}
CALLS = ("MAYDAY MAYDAY ENGINE ROOM ON FIRE", "WE ARE SINKING", "MAN OVERBOARD, NEED HELP",
         "CHUAN ZAI QIU ZHU", "PAN PAN TAKING WATER", "SHIP AGROUND")  # fmt: skip
NO_CALLS = ("MOBILE CRANE UNDER TOW", "CALL SOSUA ON VHF", "BACKGROUND NOISE ON VHF 16",
            "FIRE STATION CLOSED", "NET MARKED WITH FLAGS", "QIU ZHI ZHU")  # fmt: skip
TESTS = ("TEST OF MAYDAY PROCEDURE", "DRILL: MAN OVERBOARD", "SOS CANCELLED",
         "YAN XI: QI HUO")  # fmt: skip
NO_TESTS = ("RADIO TEST ON VHF 16", "DRILL RIG UNDER TOW", "CE SHI DIAN TAI")
STATUSES = (15, 2, 8, 3)


def _device(s: Stage, kind: str, near_miss: bool, minutes: float, test: bool) -> None:
    site, _ = s.at_sea(3_000.0, 15_000.0, radio=CLASS_B)
    at_us = s.some_time(minutes / 60.0 + 0.3, 0.3)
    n = len(s.b.ships)
    ship = s.b.device(DEVICES[kind] + 412_000 + n, site, (0.004, -0.003), at_us,
                      at_us + int(minutes * MINUTE_US), test)  # fmt: skip
    label = "test" if test and not near_miss else kind
    s.label("distress", label, (ship,), near_miss, f"{kind} {minutes:.0f} min {'test' * test}")


def sart(s: Stage, near_miss: bool, k: int) -> None:
    """A SART calls; or is tested."""
    _device(s, "sart", near_miss, s.between(4.0, 60.0), near_miss)


def mob(s: Stage, near_miss: bool, k: int) -> None:
    _device(s, "mob", near_miss, s.between(4.0, 60.0), near_miss)


def epirb(s: Stage, near_miss: bool, k: int) -> None:
    _device(s, "epirb", near_miss, s.between(4.0, 60.0), near_miss)


def status(s: Stage, near_miss: bool, k: int) -> None:
    """Status 14 on a ship; or another."""
    at_us = s.some_time(2.2, 1.3)
    ship = under_way(s, f"ZHUANG TAI {k}{'N' * near_miss}", at_us)
    value = STATUSES[k % len(STATUSES)] if near_miss else 14
    s.b.script(ship, "STATUS", at_us, at_us + int(s.between(3.0, 40.0) * MINUTE_US), value)
    s.label("distress", "status_14", (ship,), near_miss, f"status {value}")


def _text(s: Stage, kind: str, near_miss: bool, k: int, text: str) -> None:
    at_us = s.some_time(2.2, 1.3)
    ship = under_way(s, f"DIAN WEN {k}{'N' * near_miss}", at_us)
    s.b.texts += [(ship, at_us, text), (ship, at_us + 4 * MINUTE_US, text)]
    s.label("distress", kind, (ship,), near_miss, text)


def text(s: Stage, near_miss: bool, k: int) -> None:
    """Words of distress; or others that look like them, or with a word of test."""
    words = NO_CALLS + TESTS[:2] if near_miss else CALLS
    _text(s, "text", near_miss, k, words[k % len(words)])


def test(s: Stage, near_miss: bool, k: int) -> None:
    """A device under test, or words of distress with a word of test; or such a word alone."""
    if near_miss:
        _text(s, "test", near_miss, k, NO_TESTS[k % len(NO_TESTS)])
    elif k % 2:
        _device(s, ("sart", "mob", "epirb")[k % 3], False, s.between(3.0, 12.0), True)
    else:
        _text(s, "test", near_miss, k, TESTS[k % len(TESTS)])


def _list(s: Stage, ship: int, k: int, *, until_us: int = EVER_US, wrong: bool = False) -> None:
    """By MMSI, IMO number or name by turns; `wrong`: by one that is almost hers."""
    of, n = s.b.ships[ship], len(s.b.watched)
    mmsi, imo = int(s.b.hulls[ship]["mmsi"][0]), int(of["imo"][0])
    said = of["name"][0].tobytes().decode().rstrip("\0 ")
    if wrong:
        mmsi, imo, said = mmsi + 5_000, imo + 10_000_000, f"{said}X"
    s.b.watched.append(
        Watched(f"scene-{n}", mmsi if k % 3 == 0 else None, imo if k % 3 == 1 else None,
                said if k % 3 == 2 else None, until_us)
    )  # fmt: skip


def heard(s: Stage, near_miss: bool, k: int) -> None:
    """A listed vessel is heard; or her entry has ended, or it is almost her number or name."""
    way = ("ended", "wrong")[k % 2] if near_miss else ""
    ship = under_way(s, f"MING DAN {k}{'N' * near_miss}", s.some_time(2.2, 1.6))
    _list(s, ship, k // 2, until_us=s.at(0.0) + 1 if way == "ended" else EVER_US,
          wrong=way == "wrong")  # fmt: skip
    s.label("watch_list", "listed_heard", (ship,), near_miss, way)


def again(s: Stage, near_miss: bool, k: int) -> None:
    """Silent for two hours and heard again; or for less."""
    hours = s.between(0.8, 1.85) if near_miss else s.between(2.1, 3.0)
    at_us = s.some_time(hours + 0.9, 1.0)
    back_us = at_us + int(hours * 60.0 * MINUTE_US)
    ship = lies(s, f"ZAI LAI {k}{'N' * near_miss}", back_us + 40 * MINUTE_US)
    s.b.script(ship, "MUTE", at_us, back_us)
    _list(s, ship, k)
    s.label("watch_list", "listed_again", (ship,), near_miss, f"{hours:.1f} h")


def near(s: Stage, near_miss: bool, k: int) -> None:
    """From beyond 24 n mile into the near sea; or no nearer than that, or there from the start."""
    way = ("beyond", "there")[k % 2] if near_miss else ""
    at_us = s.some_time(1.5, 2.4)
    if way == "there":
        ship = lies(s, f"JIN HAI {k}N", at_us)
    else:
        low, high = (46_500.0, 58_000.0) if way == "beyond" else (12_000.0, 40_000.0)
        site, bearing = s.at_sea(low, high)
        there = [(*site, at_us), (*beside(site, bearing, 50.0), at_us + 9 * MINUTE_US)]
        ship = s.from_sea("dredger", f"JIN HAI {k}{'N' * near_miss}", there, bearing, 10.0)
        s.b.ships[ship]["ship_type"] = DREDGER
    _list(s, ship, k)
    s.label("watch_list", "listed_near", (ship,), near_miss, way)


def _slot(s: Stage, n: int) -> int:
    """Apart from the other silences of the day: a quarter of an hour is left between."""
    every_min = (s.hours - 1.0) * 60.0 / 26.0
    return s.at(0.6 + (n % 26) * every_min / 60.0)


def receiver(s: Stage, near_miss: bool, k: int) -> None:
    """A receiver hears nothing, as planned or not; or for less than two minutes."""
    taken = len([e for e in s.b.events if e.rule == "receiver"])
    name = STATIONS[(taken * 3) % len(STATIONS)].name
    seconds = s.between(50.0, 95.0) if near_miss else s.between(170.0, 700.0)
    begin_us = _slot(s, taken)
    until_us = begin_us + int(seconds * 1e6)
    s.b.silences.append((name, begin_us, until_us))
    planned = not near_miss and k % 3 == 0
    if planned:
        s.b.planned.append((name, begin_us, until_us, "maintenance"))
    s.watch(name, "receiver_silent", begin_us, until_us, near_miss, f"{seconds:.0f} s")


def feed(s: Stage, near_miss: bool, k: int) -> None:
    """All of them at once."""
    taken = len([e for e in s.b.events if e.rule == "receiver"])
    seconds = s.between(50.0, 100.0) if near_miss else s.between(170.0, 400.0)
    begin_us = _slot(s, taken)
    until_us = begin_us + int(seconds * 1e6)
    s.b.silences += [(station.name, begin_us, until_us) for station in STATIONS]
    s.watch("", "feed_silent", begin_us, until_us, near_miss, f"{seconds:.0f} s")


MAKERS = (sart, mob, epirb, status, text, test, heard, again, near, receiver, feed)
