"""Who is it really? The step. See docs/detectors/identity.md."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from littoral.area.geodesy import haversine_m
from littoral.area.world import World
from littoral.detect.identity.conflict import (
    claimed_twice,
    events_of,
    flip,
    keep_together,
    shared_imo,
)
from littoral.detect.identity.pairs import SECOND_US, clashing, goes_on, new_pairs, same_ship
from littoral.detect.identity.settings import PROFILES, IdentitySettings
from littoral.detect.identity.state import (
    BAD_IMO,
    FLIP,
    TOLD_BAD_MMSI,
    Going,
    IdentityState,
    empty,
    read_positions,
)
from littoral.detect.identity.words import sentence_of
from littoral.schema.ais import FLAG_BAD_MMSI
from littoral.schema.batch import Batch
from littoral.schema.finding import Fact, Finding
from littoral.schema.fleet import Fleet

MOST_EVIDENCE = 64


class Identity:
    """One alert for each cause and vessel: it goes on as long as more of its cause comes."""

    name = "identity"
    version = "1.0.0"
    summary: Mapping[str, str] = {
        "zh": "身份可疑：一号多船、船位跳变、更换MMSI、编号无效、静态信息矛盾",
        "en": "Doubtful identity: shared or changed MMSI, jumps, bad numbers, conflicting data",
    }
    profiles = PROFILES

    def start(self, settings: IdentitySettings, world: World) -> IdentityState:
        return empty()

    def step(
        self,
        state: IdentityState,
        batch: Batch,
        fleet: Fleet,
        settings: IdentitySettings,
        world: World,
    ) -> tuple[IdentityState, list[Finding]]:
        state.reserve(fleet.capacity)
        state.begin_us = state.begin_us or batch.from_us
        findings = self._bad_mmsi(state, batch, fleet, settings)
        changed = self._jumps(state, batch, fleet, settings)
        changed |= self._statics(state, batch, fleet, settings, findings)
        keep_together(state, fleet)
        new_pairs(state, fleet)
        changed |= self._clashes(state, batch, fleet, settings)
        findings += self._changes(state, batch, fleet, settings)
        state.tracks = fleet.count
        for key in sorted(changed):
            findings.append(self._finding(state.open[key], None))
            state.open[key] = state.open[key]._replace(told=state.open[key].times)
        quiet_us = int(settings.quiet_s * SECOND_US)
        for key in sorted(
            k for k, g in state.open.items() if g.last_us + quiet_us < batch.until_us
        ):
            going = state.open.pop(key)
            findings.append(self._finding(going, going.last_us))
        return state, findings

    def _finding(self, g: Going, end_us: int | None) -> Finding:
        facts: dict[str, Fact] = dict(g.facts)
        return Finding(
            rule=self.name,
            version=self.version,
            kind=g.kind,
            things=g.things,
            start_us=g.start_us,
            end_us=end_us,
            updated_us=g.last_us,
            lon_deg=None if np.isnan(g.lon_deg) else g.lon_deg,
            lat_deg=None if np.isnan(g.lat_deg) else g.lat_deg,
            priority=g.priority,
            facts=facts,
            evidence=g.evidence,
        )

    def _once(
        self,
        kind: str,
        track: int,
        t_us: int,
        lon: float,
        lat: float,
        priority: int,
        facts: tuple[tuple[str, float | int | str], ...],
        evidence: tuple[int, ...],
        fleet: Fleet,
        others: tuple[int, ...] = (),
    ) -> Finding:
        """A finding that is complete with what shows it."""
        things = (fleet.thing(track), *sorted(fleet.thing(k) for k in others))
        going = Going(kind, things, t_us, t_us, lon, lat, priority, 1, 1, facts, evidence, ())
        return self._finding(going, t_us)

    def _bad_mmsi(
        self, state: IdentityState, batch: Batch, fleet: Fleet, settings: IdentitySettings
    ) -> list[Finding]:
        p = batch.positions
        rows = np.flatnonzero(p.flags & np.uint32(FLAG_BAD_MMSI))
        rows = rows[(state.told[p.track[rows]] & TOLD_BAD_MMSI) == 0]
        tracks, first = np.unique(p.track[rows], return_index=True)
        state.told[tracks] |= TOLD_BAD_MMSI
        return [
            self._once(
                "bad_mmsi", int(k), int(p.t_us[i]), float(p.lon_deg[i]), float(p.lat_deg[i]),
                settings.bad_number_priority, (("mmsi", int(p.mmsi[i])),), (int(p.obs_id[i]),),
                fleet,
            )
            for k, i in zip(tracks, rows[first], strict=True)
        ]  # fmt: skip

    def _jumps(
        self, state: IdentityState, batch: Batch, fleet: Fleet, settings: IdentitySettings
    ) -> set[str]:
        """Follows every track; opens or goes on with the alert of each that jumped."""
        p = batch.positions
        whole, real = np.empty((len(p), 4), np.int64), np.empty(len(p))
        n, firsts = read_positions(
            p.track, p.t_us, p.obs_id, p.lon_deg, p.lat_deg, p.flags, state.last, state.last_us,
            state.last_obs, settings.jump_m, whole, real,
        )  # fmt: skip
        self._begun(state, batch, fleet, settings, whole[len(p) - firsts :, 0][::-1])
        changed = set()
        for (row, track, obs_before, since_us), far in zip(
            whole[:n].tolist(), real[:n].tolist(), strict=True
        ):
            key = f"jump {track}"
            t_us = int(p.t_us[row])
            g = state.open.get(key)
            if g is not None and g.last_us + int(settings.quiet_s * SECOND_US) < t_us:
                g = None
            old = dict(g.facts) if g else {"jumps": 0, "distance_m": 0.0, "speed_mps": 0.0}
            count = int(old["jumps"]) + 1
            is_farthest = far > float(old["distance_m"])
            speed = far / max(since_us / SECOND_US, 1.0) if is_farthest else old["speed_mps"]
            many = count >= settings.jumps_many
            facts = (
                ("jumps", count),
                ("distance_m", round(max(far, float(old["distance_m"])))),
                ("speed_mps", round(float(speed), 1)),
            )
            seen = (obs_before, int(p.obs_id[row]))
            state.open[key] = Going(
                "jump",
                (fleet.thing(track),),
                g.start_us if g else t_us,
                t_us,
                float(p.lon_deg[row]),
                float(p.lat_deg[row]),
                settings.jumps_many_priority if many else settings.jump_priority,
                count,
                g.told if g else 0,
                facts,
                seen if g is None else (*g.evidence, *seen)[:MOST_EVIDENCE],
                (),
            )
            g = state.open[key]
            if g.told == 0 or count == settings.jumps_many or count >= 2 * g.told:
                changed.add(key)
        return changed

    def _begun(
        self,
        state: IdentityState,
        batch: Batch,
        fleet: Fleet,
        settings: IdentitySettings,
        rows: np.ndarray,
    ) -> None:
        """Of each first position: does it go on from a track of another MMSI that has just ended?
        Nothing can have ended before the stream has lasted as long as is waited for."""
        p = batch.positions
        confirm_us = int(settings.change_confirm_s * SECOND_US)
        if batch.from_us < state.begin_us + confirm_us:
            return
        for row in rows.tolist():
            old, miss_m = goes_on(
                row, p.t_us, p.mmsi, p.lon_deg, p.lat_deg, p.sog_mps, p.cog_deg,
                fleet.count, fleet.mmsi, fleet.last_us, fleet.positions, fleet.lon_deg,
                fleet.lat_deg, fleet.sog_mps, fleet.cog_deg, fleet.kind, p.kind,
                int(settings.change_gap_s * SECOND_US), settings.change_base_m,
                settings.change_mps, settings.change_min_mps, settings.change_speed_mps,
                settings.change_course_deg, settings.change_old_positions,
            )  # fmt: skip
            if old >= 0:
                entry = [
                    int(p.track[row]), old, int(fleet.last_us[old]), int(p.t_us[row]) + confirm_us,
                    round(miss_m),
                ]  # fmt: skip
                state.waiting = np.concatenate([state.waiting, np.array([entry])])

    def _changes(
        self, state: IdentityState, batch: Batch, fleet: Fleet, settings: IdentitySettings
    ) -> list[Finding]:
        """Exchanges of MMSI that time has confirmed: the old is silent, the new was heard on."""
        if not len(state.waiting):
            return []
        due = state.waiting[:, 3] <= batch.until_us
        ready, state.waiting = state.waiting[due], state.waiting[~due]
        findings = []
        for new, old, ended_us, due_us, miss_m in ready.tolist():
            begun_us = due_us - int(settings.change_confirm_s * SECOND_US)
            heard_us = int(fleet.last_us[new]) - begun_us
            static = same_ship(new, old, fleet, settings)
            if fleet.last_us[old] != ended_us or 2 * heard_us < due_us - begun_us:
                continue
            if static is None:
                continue
            facts = (
                ("old_mmsi", int(fleet.mmsi[old])),
                ("new_mmsi", int(fleet.mmsi[new])),
                ("gap_s", round((begun_us - ended_us) / SECOND_US)),
                ("miss_m", miss_m),
                ("static", static),
            )
            found = self._once(
                "mmsi_change", new, begun_us, float(fleet.lon_deg[new]), float(fleet.lat_deg[new]),
                settings.change_priority, facts,
                (int(fleet.last_obs_id[old]), int(fleet.last_obs_id[new])), fleet, (old,),
            )  # fmt: skip
            findings.append(found)
        return findings

    def _clashes(
        self, state: IdentityState, batch: Batch, fleet: Fleet, settings: IdentitySettings
    ) -> set[str]:
        changed = set()
        by_mmsi: dict[int, list[tuple[int, int]]] = {}
        for a, b in clashing(state, fleet, batch.until_us, settings).tolist():
            by_mmsi.setdefault(int(fleet.mmsi[a]), []).append((a, b))
        for mmsi, pairs in by_mmsi.items():
            key = f"clash {mmsi}"
            a, b = pairs[0]
            tracks = len({k for pair in pairs for k in pair})
            g = state.open.get(key)
            facts = (
                ("mmsi", mmsi),
                ("tracks", tracks),
                (
                    "distance_m",
                    round(
                        haversine_m(
                            fleet.lon_deg[a], fleet.lat_deg[a], fleet.lon_deg[b], fleet.lat_deg[b]
                        )
                    ),
                ),
            )
            last_us = max(min(int(fleet.last_us[x]), int(fleet.last_us[y])) for x, y in pairs)
            state.open[key] = Going(
                "clash",
                g.things if g else (fleet.thing(a), fleet.thing(b)),
                g.start_us if g else int(max(fleet.first_us[a], fleet.first_us[b])),
                last_us,
                float(fleet.lon_deg[b]),
                float(fleet.lat_deg[b]),
                settings.clash_priority,
                tracks,
                g.told if g else 0,
                facts,
                g.evidence if g else (int(fleet.last_obs_id[a]), int(fleet.last_obs_id[b])),
                (),
            )
            if tracks > state.open[key].told:
                changed.add(key)
        return changed

    def _statics(
        self,
        state: IdentityState,
        batch: Batch,
        fleet: Fleet,
        settings: IdentitySettings,
        findings: list[Finding],
    ) -> set[str]:
        """Numbers that cannot be, and static data in conflict."""
        changed = set()
        s = batch.statics
        twice = claimed_twice(fleet) if len(s) else set()
        for event, row, f, flips in events_of(state, s, settings):
            track = int(s.track[row])
            if event == BAD_IMO:
                findings.append(
                    self._once(
                        "bad_imo", track, int(s.t_us[row]), float(fleet.lon_deg[track]),
                        float(fleet.lat_deg[track]), settings.bad_number_priority,
                        (("imo", int(s.imo[row])),), (int(s.obs_id[row]),), fleet,
                    )
                )  # fmt: skip
            elif event == FLIP:
                changed |= flip(state, s, row, f, flips, fleet, settings)
            elif int(s.imo[row]) in twice:
                changed |= shared_imo(state, s, row, fleet, settings)
        return changed

    def sentence(self, finding: Finding, names: Mapping[str, str], lang: str) -> str:
        return sentence_of(finding, names, lang)
