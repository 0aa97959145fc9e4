"""Somebody calls for help by AIS: the step and its state. See docs/detectors/distress.md."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from littoral.area.geodesy import haversine_m
from littoral.area.world import World
from littoral.detect.distress.settings import PROFILES, DistressSettings
from littoral.detect.distress.words import CALL, NOTHING, reading_of, sentence_of
from littoral.schema.ais import DISTRESS_DEVICE
from littoral.schema.batch import Batch
from littoral.schema.finding import Fact, Finding
from littoral.schema.fleet import Fleet

DEVICES = {970: "sart", 972: "mob", 974: "epirb"}  # ITU-R M.585-9 Annex 2
STATUS_DISTRESS = 14  # ITU-R M.1371-5 table 46
SECOND_US = 1_000_000
MOST_EVIDENCE = 64
REPEAT_US = 6_000_000  # a text again within this is one heard twice; as for reports (fuse.settings)
NO_TRACK = -1


class Call(NamedTuple):
    """One thing said that matters, by one sender: plain values, so that a state can hold it."""

    t_us: int
    kind: str  # sart, mob, epirb, status_14, text, test
    mmsi: int
    track: int
    obs_id: int
    lon_deg: float
    lat_deg: float
    text: str


@dataclass(slots=True)
class DistressState:
    """open: by "<kind> <mmsi>" what goes on: (thing, start_us, last_us, messages, told_us,
    told_lon, told_lat, lon, lat, text, evidence ...). heard: when a MMSI last sent a safety
    text, by (MMSI, text), to know repeats."""

    open: dict[str, tuple] = field(default_factory=dict)
    heard: dict[tuple, int] = field(default_factory=dict)


THING, START, LAST, MESSAGES, TOLD, TOLD_LON, TOLD_LAT, LON, LAT, TEXT, EVIDENCE = range(11)


class Distress:
    """See docs/detectors/distress.md."""

    name = "distress"
    version = "1.0.0"
    summary: Mapping[str, str] = {
        "zh": "AIS遇险示位：搜救应答器、人员落水、应急示位标、遇险状态和遇险电文",
        "en": "Distress by AIS: SART, man overboard, EPIRB, status 14, safety texts",
    }
    profiles = PROFILES

    def start(self, settings: DistressSettings, world: World) -> DistressState:
        return DistressState()

    def step(
        self,
        state: DistressState,
        batch: Batch,
        fleet: Fleet,
        settings: DistressSettings,
        world: World,
    ) -> tuple[DistressState, list[Finding]]:
        findings: list[Finding] = []
        changed: set[str] = set()
        for call in sorted(calls_of(state, batch, settings)):
            key = f"{call.kind} {call.mmsi}"
            # What has ended before this call came, so that the cut between slices changes nothing.
            ended = self._ended(state, key, call.t_us, settings)
            if ended is not None:
                findings.append(ended)
                changed.discard(key)
            note(state, key, call, fleet)
            changed.add(key)
        for key in calmed(state, batch):
            findings.append(self._finding(key, state.open.pop(key), settings, over=True))
            changed.discard(key)
        for key in sorted(changed):
            if is_news(state.open[key], settings):
                findings.append(self._finding(key, state.open[key], settings, over=False))
                entry = list(state.open[key])
                entry[TOLD], entry[TOLD_LON], entry[TOLD_LAT] = entry[LAST], entry[LON], entry[LAT]
                state.open[key] = tuple(entry)
        for key in sorted(state.open):
            ended = self._ended(state, key, batch.until_us, settings)
            if ended is not None:
                findings.append(ended)
        return state, findings

    def _ended(
        self, state: DistressState, key: str, now_us: int, settings: DistressSettings
    ) -> Finding | None:
        """The last word on a call that has not been heard for too long."""
        if key not in state.open:
            return None
        entry = state.open[key]
        lost_s = settings.test_lost_s if key.startswith("test") else settings.lost_s
        if now_us - entry[LAST] <= lost_s * SECOND_US:
            return None
        del state.open[key]
        return self._finding(key, entry, settings, over=True)

    def _finding(self, key: str, entry: tuple, settings: DistressSettings, over: bool) -> Finding:
        kind, _, mmsi = key.partition(" ")
        priority = {
            "status_14": settings.status_priority,
            "text": settings.text_priority,
            "test": settings.test_priority,
        }.get(kind, settings.device_priority)
        facts: dict[str, Fact] = {
            "mmsi": int(mmsi),
            "messages": entry[MESSAGES],
            "text": entry[TEXT],
        }
        nowhere = np.isnan(entry[LON])
        return Finding(
            rule=self.name,
            version=self.version,
            kind=kind,
            things=(entry[THING],),
            start_us=entry[START],
            end_us=entry[LAST] if over else None,
            updated_us=entry[LAST],
            lon_deg=None if nowhere else entry[LON],
            lat_deg=None if nowhere else entry[LAT],
            priority=priority,
            facts=facts,
            evidence=tuple(entry[EVIDENCE:]),
        )

    def sentence(self, finding: Finding, names: Mapping[str, str], lang: str) -> str:
        return sentence_of(finding, names, lang)


def calls_of(state: DistressState, batch: Batch, settings: DistressSettings) -> Iterator[Call]:
    """Everything in the slice that calls for help or says that it is a test."""
    p = batch.positions
    prefix = p.mmsi // 1_000_000
    is_device = (p.kind == DISTRESS_DEVICE) | np.isin(prefix, list(DEVICES))
    says_14 = p.nav_status == STATUS_DISTRESS
    for i in np.flatnonzero(is_device | says_14).tolist():
        kind = DEVICES.get(int(prefix[i]), "sart") if is_device[i] else "status_14"
        # Status 15 (null here) of a device is a test (IEC 61097-14); only 1-3 carry a status.
        if is_device[i] and not says_14[i] and p.msg_type[i] <= 3:
            kind = "test"
        yield Call(
            int(p.t_us[i]), kind, int(p.mmsi[i]), int(p.track[i]), int(p.obs_id[i]),
            float(p.lon_deg[i]), float(p.lat_deg[i]), "",
        )  # fmt: skip
    x = batch.texts
    for i in range(len(x)):
        text = bytes(x.text[i]).decode(errors="replace").strip()
        reading = reading_of(text, settings.calls, settings.pinyin_calls, settings.tests)
        if reading == NOTHING or is_repeat(state, int(x.mmsi[i]), int(x.t_us[i]), text):
            continue
        device = DEVICES.get(int(x.mmsi[i]) // 1_000_000)
        kind = (device or "text") if reading == CALL else "test"
        yield Call(
            int(x.t_us[i]), kind, int(x.mmsi[i]), int(x.track[i]), int(x.obs_id[i]),
            np.nan, np.nan, text,
        )  # fmt: skip
    until_us = batch.until_us - REPEAT_US
    state.heard = {said: t_us for said, t_us in state.heard.items() if t_us >= until_us}


def is_repeat(state: DistressState, mmsi: int, t_us: int, text: str) -> bool:
    """Whether this is a text that another receiver has heard too."""
    last_us = state.heard.get((mmsi, text))
    if last_us is not None and t_us - last_us <= REPEAT_US:
        return True
    state.heard[mmsi, text] = t_us
    return False


def note(state: DistressState, key: str, call: Call, fleet: Fleet) -> None:
    """`call` joins what goes on under `key`, or begins it."""
    lon, lat = call.lon_deg, call.lat_deg
    if np.isnan(lon) and call.track != NO_TRACK:
        lon, lat = float(fleet.lon_deg[call.track]), float(fleet.lat_deg[call.track])
    old = state.open.get(key)
    if old is None:
        thing = fleet.thing(call.track) if call.track != NO_TRACK else f"vessel:{call.mmsi:09d}"
        nan = float("nan")
        state.open[key] = (
            thing, call.t_us, call.t_us, 1, 0, nan, nan, lon, lat, call.text, call.obs_id,
        )  # fmt: skip
        return
    if np.isnan(lon):
        lon, lat = old[LON], old[LAT]
    evidence = old[EVIDENCE:]
    if len(evidence) == MOST_EVIDENCE:  # the first half shows how it began, the rest how it goes on
        evidence = evidence[:32] + evidence[33:]
    state.open[key] = (
        old[THING], old[START], call.t_us, old[MESSAGES] + 1, *old[TOLD:LON], lon, lat,
        call.text or old[TEXT], *evidence, call.obs_id,
    )  # fmt: skip


def calmed(state: DistressState, batch: Batch) -> list[str]:
    """Ships with an open status 14 that have since reported another status."""
    keys = [k for k in sorted(state.open) if k.startswith("status_14 ")]
    if not keys:
        return []
    p = batch.positions
    other = (p.nav_status != STATUS_DISTRESS) & (p.msg_type <= 3)
    found = []
    for key in keys:
        own = np.flatnonzero(other & (p.mmsi == int(key.partition(" ")[2])))
        if len(own) and p.t_us[own[-1]] > state.open[key][LAST]:
            found.append(key)
    return found


def is_news(entry: tuple, settings: DistressSettings) -> bool:
    """Not told yet, or long ago, or far from there, or the first position."""
    if entry[TOLD] == 0 or entry[LAST] - entry[TOLD] >= settings.update_s * SECOND_US:
        return True
    if np.isnan(entry[LON]):
        return False
    if np.isnan(entry[TOLD_LON]):
        return True
    moved_m = haversine_m(entry[TOLD_LON], entry[TOLD_LAT], entry[LON], entry[LAT])
    return moved_m >= settings.update_m
