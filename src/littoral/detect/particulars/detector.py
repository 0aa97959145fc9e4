"""What a vessel says of itself has changed for good: the step (docs/detectors/particulars.md)."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from littoral.area.anchorages import index_of
from littoral.area.world import World
from littoral.detect.particulars.change import go_on, paired, say, settle
from littoral.detect.particulars.loop import (
    DRAUGHT_BEFORE,
    FIELD,
    NEW_COLUMNS,
    NEW_LAT,
    NEW_LON,
    OBS_BEFORE,
    OLD,
    OLD_LAST_US,
    OLD_SEA_US,
    ROW,
    SEA_US,
    read,
    rehashed,
)
from littoral.detect.particulars.settings import PROFILES, ParticularsSettings
from littoral.detect.particulars.state import (
    CALL_SIGN,
    CAME_BACK,
    DRAUGHT,
    IMO,
    SECOND_US,
    Began,
    ParticularsState,
    Reflagged,
    empty,
)
from littoral.detect.particulars.tell import finding_of, reflagged
from littoral.detect.particulars.values import Value, typed
from littoral.detect.particulars.words import sentence_of
from littoral.schema.batch import Batch
from littoral.schema.columns import as_bytes
from littoral.schema.finding import Finding
from littoral.schema.fleet import Fleet


class Particulars:
    """One finding a change, told once, when it has stood long enough."""

    name = "particulars"
    version = "1.1.0"
    summary: Mapping[str, str] = {
        "zh": "船舶静态信息变更：船名、呼号、吃水、船旗",
        "en": "What a vessel says of itself has changed: name, call sign, draught, flag",
    }
    profiles = PROFILES

    def start(self, settings: ParticularsSettings, world: World) -> ParticularsState:
        return empty()

    def step(
        self,
        state: ParticularsState,
        batch: Batch,
        fleet: Fleet,
        settings: ParticularsSettings,
        world: World,
    ) -> tuple[ParticularsState, list[Finding]]:
        state.reserve(fleet.capacity)
        self._read(state, batch, fleet, settings, world)
        findings: list[Finding] = []
        if state.due or state.half:
            found = settle(state, batch.until_us, fleet, settings)
            for track, changes in paired(state, found, settings):
                findings.append(
                    finding_of(track, changes, fleet, settings, self.name, self.version)
                )
        if state.flags:
            findings += reflagged(state, batch.until_us, fleet, settings, self.name, self.version)
        return state, findings

    def _read(
        self,
        state: ParticularsState,
        batch: Batch,
        fleet: Fleet,
        settings: ParticularsSettings,
        world: World,
    ) -> None:
        """Takes the slice; what is said anew begins or ends changes."""
        p, s = batch.positions, batch.statics
        while 2 * (state.slots_used + len(s)) > len(state.slots):
            state.slots = rehashed(state.slots, 2 * len(state.slots))
        while 2 * fleet.count > len(state.mmsis):
            state.mmsis = rehashed(state.mmsis, 2 * len(state.mmsis))
        room = 4 * len(s) + fleet.count - state.tracks
        state.tracks = fleet.count
        out = np.empty((room, NEW_COLUMNS), np.int64)
        texts, reals = np.empty((len(out), state.name.shape[1]), np.uint8), np.empty((len(out), 3))
        n, state.slots_used = read(
            index_of(world)[1], settings.call_m, round(settings.unheard_s * SECOND_US),
            round(settings.flag_apart_s * SECOND_US), state.near, state.when,
            (p.t_us, p.track, p.kind, p.flags, p.lon_deg, p.lat_deg),
            (s.t_us, s.track, s.msg_type, s.obs_id, as_bytes(s.name), as_bytes(s.call_sign),
             s.draught_m, s.imo),
            (state.name, state.call_sign, state.draught_m, state.imo), state.obs,
            state.slots, state.slots_used, state.mmsis, fleet.mmsi, out, texts, reals,
        )  # fmt: skip
        for new, text, real in zip(out[:n].tolist(), texts[:n], reals[:n].tolist(), strict=True):
            f, row = new[FIELD], new[ROW]
            if f == CAME_BACK:
                go_on(state, row, new[OLD], settings)
                continue
            track = int(s.track[row])
            t_us, obs_id = int(s.t_us[row]), int(s.obs_id[row])
            if f == IMO:
                state.flags.append(
                    Reflagged(
                        track, new[OLD], int(s.imo[row]), t_us, obs_id, new[OBS_BEFORE],
                        new[OLD_LAST_US], new[OLD_SEA_US], real[NEW_LON], real[NEW_LAT],
                    )
                )  # fmt: skip
                continue
            value: Value
            before: tuple[Value, str, int]
            if f == DRAUGHT:
                value = round(float(s.draught_m[row]), 1)
                shown = f"{value:.1f}"
                old = round(real[DRAUGHT_BEFORE], 1)
                before = (old, f"{old:.1f}", new[OBS_BEFORE])
            else:
                raw = bytes((s.call_sign if f == CALL_SIGN else s.name)[row])
                value, shown = typed(raw), _shown(raw)
                was = text.tobytes().rstrip(b"\0")
                before = (typed(was), _shown(was), new[OBS_BEFORE])
            began = Began(value, shown, t_us, obs_id, new[SEA_US], real[NEW_LON], real[NEW_LAT])
            say(state, (track, f), before, began, settings)

    def sentence(self, finding: Finding, names: Mapping[str, str], lang: str) -> str:
        return sentence_of(finding, names, lang)


def _shown(text: bytes) -> str:
    return text.decode(errors="replace").strip()
