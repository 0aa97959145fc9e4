"""The referee's rule of changed particulars on what ships made by hand say; expected times are
worked out beside each from the published text. Static data come every six minutes."""

from __future__ import annotations

import pytest

from littoral.sim.referee.particulars import happened, plain, same_text
from littoral.sim.referee.record import Happened, Record
from tests.sim.referee.hand import ground, legs, record
from tests.sim.referee.saying import FIRST, THEM, US, Saying, calls, saying, spoken

OFF, PANAMA = -30_000.0, 351_000_001


def lies(minutes: int = 360) -> Record:
    return record([legs((0, 0, OFF))], minutes, types=[70], status=1)


def told(
    r: Record, says: Saying, unheard: tuple[int, ...] = (), port: bool = False
) -> list[Happened]:
    g = ground([(0.0, OFF + 2_000.0, 500.0)] if port else None)
    return happened(saying(r, spoken(r, 0, says, unheard)), g)


def until(begin: float, end: float = 1e9, **fields: object) -> Saying:
    return lambda m: fields if begin <= m < end else {}


@pytest.mark.parametrize(
    ("text", "kept"),
    [("hai yun-1", "HAIYUN1"), ("AB", ""), ("AAAA", ""), ("No Name", ""), ("0000", ""),
     ("NONE 1", "NONE1")],
)  # fmt: skip
def test_what_a_text_says(text: str, kept: str) -> None:
    assert plain(text) == kept


def test_one_is_the_beginning_of_the_other() -> None:
    assert same_text("MINGZHOU2", "MINGZHOU21")
    assert not same_text("MINGZHOU2", "MINGZHOU3")


@pytest.mark.parametrize(
    ("fields", "until_min", "kinds"),
    [({"name": THEM}, 1e9, ["name"]), ({"name": THEM}, 204.0, []),
     ({"name": THEM}, 218.0, ["name"]), ({"name": US[:6]}, 1e9, []),
     ({"name": "UNKNOWN"}, 1e9, []), ({"name": "hai.yun 1"}, 1e9, []),
     ({"call_sign": "VRQ12"}, 1e9, ["call_sign"]), ({"draught_dm": 84}, 1e9, []),
     ({"draught_dm": 85}, 1e9, ["draught"]), ({"draught_dm": 0}, 1e9, []),
     ({"name": THEM, "call_sign": "VRQ12"}, 1e9, ["renamed"])],
)  # fmt: skip
def test_a_change_for_good(fields: dict[str, object], until_min: float, kinds: list[str]) -> None:
    # From minute 180 on. Mended at 204 it has not stood for half an hour; at 216 it has, since
    # minute 210, and going back then is to and fro, of which nothing is told here.
    r = lies()
    found = told(r, until(180, until_min, **fields))
    assert [e.kind for e in found] == kinds
    for e in found:
        assert ((e.start_us - r.start_us) / 60e6, (e.told_us - r.start_us) / 60e6) == (180, 210)


@pytest.mark.parametrize(
    ("begin", "port", "priority"), [(180, False, 3), (54, False, 5), (66, False, 3), (180, True, 5)]
)
def test_how_urgent_another_name_and_call_sign_are(begin: int, port: bool, priority: int) -> None:
    # At sea for an hour and more, 54 min, and 1.5 km from the edge of a port.
    (event,) = told(lies(), until(begin, name=THEM, call_sign="VRQ12"), port=port)
    assert (event.kind, event.priority) == ("renamed", priority)


@pytest.mark.parametrize(
    ("begin", "new", "port", "kind"),
    [(186, 96, False, "draught_without_call"), (186, 95, False, "draught_without_call"),
     (186, 94, False, "draught"), (174, 96, False, "draught"), (186, 96, True, "draught"),
     (186, 62, False, "draught_without_call")],
)  # fmt: skip
def test_a_draught_without_a_call(begin: int, new: int, port: bool, kind: str) -> None:
    # From 8.0 m: 1.5 m are more than 15 % of it. After three hours at sea, not after 2.9.
    (event,) = told(lies(), until(begin, draught_dm=new), port=port)
    assert (event.kind, event.priority) == (kind, 4 if kind == "draught_without_call" else 5)


@pytest.mark.parametrize(("until_min", "kinds"), [(240, []), (190, ["name"]), (5, ["name"])])
def test_while_another_ship_speaks_under_the_number(until_min: int, kinds: list[str]) -> None:
    # Another name from minute 200; the change stands at 230.
    r = record([legs((0, 0, OFF)), legs((0, 9_000, OFF))], 360, types=[70, 70], status=1)
    told = calls(r, lambda v, minute: FIRST if v == 0 or minute < until_min else 0)
    r = saying(r, spoken(r, 0, lambda m: {"name": THEM} if m >= 200 else {}), told)
    assert [e.kind for e in happened(r, ground())] == kinds


def test_so_small_a_share_is_none() -> None:
    says = lambda m: {"draught_dm": 140 if m < 200 else 158}  # 1.8 m are 12.9 %
    assert [e.kind for e in told(lies(), says)] == ["draught"]


def test_what_nobody_hears_is_not_heard() -> None:
    found = told(lies(), until(180, name=THEM), unheard=tuple(range(34, 60)))
    assert [(e.kind, e.heard) for e in found] == [("name", False)]


@pytest.mark.parametrize(
    ("silent", "number", "kinds"),
    [(40, PANAMA, ["flag"]), (24, PANAMA, []), (40, 413_000_001, [])],
)
def test_another_flag(silent: int, number: int, kinds: list[str]) -> None:
    # Silent from minute 120 on, for half an hour and more; 413 is China's too.
    r = lies()
    mmsi = lambda v, m: FIRST if m < 120 else 0 if m < 120 + silent else number
    says = lambda m: {"imo": 9_074_729, "mmsi": mmsi(0, m)}
    statics = [s for s in spoken(r, 0, says) if s.mmsi]
    found = happened(saying(r, statics, calls(r, mmsi)), ground())
    assert [e.kind for e in found] == kinds
    if kinds:
        assert (found[0].priority, found[0].mmsis) == (4, (PANAMA, FIRST))
        # The first static message at 120 + 40, or after it: minute 162.
        assert (found[0].start_us - r.start_us) / 60e6 == 162
