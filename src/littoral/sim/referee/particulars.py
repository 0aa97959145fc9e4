"""Rule particulars, profile coastal: see docs/detectors/particulars.md, "The rule"."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from littoral.sim.names import FLAGS
from littoral.sim.referee.ground import Ground, edges_m
from littoral.sim.referee.identity import SHIP_IMO, is_imo
from littoral.sim.referee.record import Happened, Record
from littoral.sim.referee.said import Spoken

SECOND_US = 1_000_000
HOLD_US, FLAP_US = 1_800 * SECOND_US, 21_600 * SECOND_US
CALL_M, UNHEARD_US, NAME_SEA_US = 5_000.0, 7_200 * SECOND_US, 3_600 * SECOND_US
DRAUGHT_DM, SEA_DRAUGHT_DM, SEA_SHARE = 5, 15, 0.15
DRAUGHT_SEA_US, FLAG_APART_US, FLAG_SEA_US = (s * SECOND_US for s in (10_800, 1_800, 86_400))
OF_A_SHIP = 10  # positions
NOTED, RENAMED, WITHOUT_CALL, FLAG = 5, 3, 4, 4
NOTHING = {"NONE", "NONAME", "NOTNAMED", "UNKNOWN", "TEST", "UNDEFINED", "NULL"}
STATES = {mid: country for country, mids, *_ in FLAGS for mid in mids}


class Change(NamedTuple):
    t_us: int
    old: str | int
    new: str | int


def plain(text: str) -> str:
    """Capital letters and digits; "" where the text says nothing."""
    kept = re.sub(r"[^A-Z0-9]", "", text.upper())
    return "" if len(kept) < 3 or len(set(kept)) == 1 or kept in NOTHING else kept


def same_text(a: str | int, b: str | int) -> bool:
    return str(a).startswith(str(b)) or str(b).startswith(str(a))


def same_draught(a: str | int, b: str | int) -> bool:
    return abs(int(a) - int(b)) < DRAUGHT_DM


def changes(
    said: list[tuple[int, str | int]],
    same: Callable[[str | int, str | int], bool],
    others: list[np.ndarray],
) -> list[Change]:
    """For good, of a field of one vessel; `said` are (time, value) of all its static messages, a
    value that says nothing is "" or 0; `others`: when each other ship under its MMSI was heard."""
    settled: str | int = ""
    dropped: str | int = ""
    new: tuple[int, str | int] | None = None
    left: list[tuple[str | int, int]] = []
    found = []
    for t, value in said:
        if value and not settled:
            settled = value
        elif value and same(value, settled):
            new, dropped = None, ""
        elif value and not (dropped and same(value, dropped)):
            dropped = ""
            if new is None or not same(value, new[1]):
                new = (t, value)
        if new is None or t < new[0] + HOLD_US:
            continue
        if any(_is_heard(times, new[0], new[0] + HOLD_US) for times in others):
            dropped, new = new[1], None
            continue
        again = any(same(new[1], v) and new[0] - at <= FLAP_US for v, at in left)
        left.append((settled, new[0]))
        if not again:
            found.append(Change(new[0], settled, new[1]))
        settled, new = new[1], None
    return found


def _is_heard(times: np.ndarray, from_us: int, to_us: int) -> bool:
    """As a ship: between the two times, and ten times or more by then."""
    before = times[times <= to_us]
    return len(before) >= OF_A_SHIP and bool((before >= from_us).any())


def at_sea_us(times: np.ndarray, far: np.ndarray, t_us: int) -> int:
    """How long a vessel that was heard at `times` (n,), `far` from anchorage points or not, has
    been at sea at `t_us`."""
    since = -1
    last = -1
    for t, is_far in zip(times.tolist(), far.tolist(), strict=True):
        if t > t_us:
            break
        if not is_far:
            since = -1
        elif since < 0 or t - last > UNHEARD_US:
            since = t
        last = t
    return t_us - since if since >= 0 and t_us - last <= UNHEARD_US else 0


class Voyages:
    """Where and when each MMSI was heard."""

    def __init__(self, r: Record, g: Ground) -> None:
        self._r, self._g = r, g
        self._rows = {int(m): v for v, m in enumerate(r.mmsi)}

    def heard(self, mmsi: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        calls = self._r.said.calls_of(mmsi)
        if len(calls):
            return calls["t_us"], calls["lon_deg"].copy(), calls["lat_deg"].copy()
        v = self._rows.get(mmsi)
        if v is None:
            none = np.zeros(0)
            return none, none, none
        reports = self._r.reports[v]
        return self._r.heard[v], reports[:, 0].copy(), reports[:, 1].copy()

    def others(self, mmsi: int, ship: int) -> list[np.ndarray]:
        calls = self._r.said.calls_of(mmsi)
        ships = np.unique(calls["ship"][calls["ship"] != ship])
        return [calls["t_us"][calls["ship"] == other] for other in ships]

    def at_sea_us(self, mmsi: int, t_us: int) -> int:
        t, lon, lat = self.heard(mmsi)
        return at_sea_us(t, edges_m(self._g.ports, lon, lat) > CALL_M, t_us)


def _field(spoken: list[Spoken], field: str, heard: bool, others: list[np.ndarray]) -> list[Change]:
    of = [s for s in spoken if s.heard or not heard]
    if field == "draught":
        return changes([(s.t_us, s.draught_dm) for s in of], same_draught, others)
    return changes([(s.t_us, plain(getattr(s, field))) for s in of], same_text, others)


def _texts(names: list[Change], signs: list[Change]) -> list[tuple[str, Change]]:
    """Both, begun within the hold, are one; the earlier counts."""
    found: list[tuple[str, Change]] = []
    free = list(signs)
    for name in names:
        mate = next((s for s in free if abs(s.t_us - name.t_us) <= HOLD_US), None)
        if mate is not None:
            free.remove(mate)
        found.append(("renamed", min(name, mate, key=lambda c: c.t_us)) if mate is not None
                     else ("name", name))  # fmt: skip
    return found + [("call_sign", sign) for sign in free]


def of_vessel(mmsi: int, spoken: list[Spoken], voyages: Voyages, heard: bool) -> list[Happened]:
    found, others = [], voyages.others(mmsi, spoken[0].ship)
    for kind, change in _texts(*(_field(spoken, f, heard, others) for f in ("name", "call_sign"))):
        priority = NOTED
        if kind == "renamed" and voyages.at_sea_us(mmsi, change.t_us) >= NAME_SEA_US:
            priority = RENAMED
        found.append(_event(kind, (mmsi,), change.t_us, priority))
    for change in _field(spoken, "draught", heard, others):
        old, new = int(change.old), int(change.new)
        deep = abs(new - old) >= SEA_DRAUGHT_DM and abs(new - old) >= SEA_SHARE * old
        if deep and voyages.at_sea_us(mmsi, change.t_us) >= DRAUGHT_SEA_US:
            found.append(_event("draught_without_call", (mmsi,), change.t_us, WITHOUT_CALL))
        else:
            found.append(_event("draught", (mmsi,), change.t_us, NOTED))
    return found


def _event(kind: str, mmsis: tuple[int, ...], t_us: int, priority: int) -> Happened:
    # What is heard of it may begin later than what was sent: it ends when it has stood long enough.
    told = t_us + HOLD_US
    return Happened("particulars", kind, mmsis, t_us, told, told, priority)


def flags(r: Record, voyages: Voyages, heard: bool) -> list[Happened]:
    found = []
    first_said: dict[int, list[tuple[int, int]]] = {}  # by IMO number: (time, MMSI) of first words
    by_mmsi = r.said.statics_by_mmsi()
    for s in r.said.statics:
        if (not s.heard and heard) or not SHIP_IMO[0] <= s.imo <= SHIP_IMO[1] or not is_imo(s.imo):
            continue
        said = first_said.setdefault(s.imo, [])
        if all(mmsi != s.mmsi for _, mmsi in said):
            said.append((s.t_us, s.mmsi))
    for imo, said in first_said.items():
        for (_, old), (t, new) in itertools.pairwise(said):
            if _state(old) == _state(new):
                continue
            times = voyages.heard(old)[0]
            before = times[times < t]
            if not len(before) or ((times >= t) & (times <= t + HOLD_US)).any():
                continue
            last = int(before[-1])
            later = [s for s in by_mmsi[new] if s.t_us >= t + HOLD_US and (s.heard or not heard)]
            if t - last < FLAG_APART_US or not later or later[0].imo != imo:
                continue
            near = t - last <= FLAG_SEA_US and voyages.at_sea_us(old, last) >= NAME_SEA_US
            found.append(_event("flag", (new, old), t, FLAG if near else NOTED))
    return found


def _state(mmsi: int) -> str | int:
    return STATES.get(mmsi // 1_000_000, mmsi // 1_000_000)


def happened(r: Record, g: Ground) -> list[Happened]:
    voyages = Voyages(r, g)
    found: list[list[Happened]] = []
    for heard in (False, True):
        events = flags(r, voyages, heard)
        for mmsi, spoken in r.said.statics_of_tracks():
            if len({s[4:7] + s[3:4] for s in spoken}) > 1:
                events += of_vessel(mmsi, spoken, voyages, heard)
        found.append(events)
    return [_as_heard(e, found[1]) for e in found[0]]


def _as_heard(event: Happened, heard: list[Happened]) -> Happened:
    """As urgent as what was heard makes it; not heard where that makes nothing of it."""
    for e in heard:
        if (e.kind, e.mmsis) == (event.kind, event.mmsis) and abs(
            e.start_us - event.start_us
        ) <= HOLD_US:
            return e if e.start_us == event.start_us else _event(
                event.kind, event.mmsis, event.start_us, e.priority
            )  # fmt: skip
    return Happened(
        event.rule, event.kind, event.mmsis, event.start_us, event.end_us, event.told_us,
        event.priority, heard=False,
    )  # fmt: skip
