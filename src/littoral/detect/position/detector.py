"""A reported position that cannot be: the step and its state. See docs/detectors/position.md."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from littoral.area.geodesy import haversine_m
from littoral.area.places import circle_array
from littoral.area.world import World
from littoral.detect.position import loop
from littoral.detect.position.circle import T_S, CircleLimits
from littoral.detect.position.followed import KEEP_US, Followed
from littoral.detect.position.interference import SECOND_US, Area, Interferences, Moved
from littoral.detect.position.settings import PROFILES, PositionSettings
from littoral.detect.position.words import Single, interference_of, sentence_of, single_of
from littoral.schema.batch import Batch
from littoral.schema.finding import Finding
from littoral.schema.fleet import Fleet
from littoral.schema.growing import grown

REACH = 2.2  # circle diameters that fit: a vessel that leaves such a square does not circle
MOST_EVIDENCE = 64


@dataclass(slots=True)
class PositionState:
    """`light` (capacity, LIGHT) as in `loop`; `land`, `circles`: findings that go on, by MMSI."""

    light: np.ndarray = field(default_factory=lambda: np.zeros((0, loop.LIGHT)))
    followed: Followed = field(default_factory=Followed)
    land: dict[int, Single] = field(default_factory=dict)
    circles: dict[int, Single] = field(default_factory=dict)
    interferences: Interferences = field(default_factory=Interferences)


class Position:
    """See docs/detectors/position.md."""

    name = "position"
    version = "1.0.1"
    summary: Mapping[str, str] = {
        "zh": "不可能的船位：在陆上、绕圈，或多船同受卫星导航干扰",
        "en": "Positions that cannot be: on land, in circles, or many at once by interference",
    }
    profiles = PROFILES

    def start(self, settings: PositionSettings, world: World) -> PositionState:
        return PositionState()

    def step(
        self,
        state: PositionState,
        batch: Batch,
        fleet: Fleet,
        settings: PositionSettings,
        world: World,
    ) -> tuple[PositionState, list[Finding]]:
        if len(state.light) < fleet.capacity:
            state.light = grown(state.light, fleet.capacity)
            state.followed.reserve(fleet.capacity)
        if len(batch.positions):
            self._doubts(state, batch, fleet, settings)
        f = state.followed
        if not f.count:
            return state, []
        findings: dict[str, Finding] = {}
        changed: set[int] = set()  # indices of interferences
        for what, row, w, r in self._follow(state, batch, settings, world):
            mmsi = int(w[loop.MMSI])
            if what == loop.SETTLED:
                changed.add(state.interferences.add(moved_of(w, r, fleet), settings))
            elif what == loop.LAND:
                cause = self._cause(state.interferences.of(mmsi), settings)
                state.land[mmsi] = land_of(w, r, int(batch.positions.t_us[row]), cause, fleet)
                self._tell(state.land[mmsi], settings, findings)
            else:
                last_us = int(w[loop.LAND_LAST_US])
                self._land_over(state, mmsi, last_us, settings, findings)
        self._on_land(state, batch, settings, findings)
        self._circles(state, batch, fleet, settings, findings, changed)
        self._interferences(state, batch, settings, findings, changed)
        f.drop(batch.until_us, {*state.land, *state.circles})
        return state, list(findings.values())

    def _doubts(
        self, state: PositionState, batch: Batch, fleet: Fleet, settings: PositionSettings
    ) -> None:
        """Begin to follow whom this slice casts doubt on."""
        p, f = batch.positions, state.followed
        out, real = np.empty((2 * len(p), 2), np.int64), np.empty((2 * len(p), 3))
        n = loop.scan(
            state.light, f.slot, p.track, p.t_us, p.kind, p.flags, p.lon_deg, p.lat_deg, p.sog_mps,
            p.cog_deg, settings.jump_m, settings.circle_speed_mps,
            REACH * settings.circle_most_m, out, real,
        )  # fmt: skip
        if not n:
            return
        out, real = out[:n], real[:n]
        rows = out[out[:, 0] == loop.FIRST, 1]
        again = f.learn(p.track[rows].astype(np.int64), fleet) if len(rows) else rows
        row_of = {int(p.track[i]): i for i in rows.tolist()} if len(again) else {}
        doubts = [(row_of[k], loop.FIRST, (0.0, 0.0, 0.0)) for k in again.tolist()]
        rest = np.flatnonzero(out[:, 0] != loop.FIRST)
        doubts += [(int(out[i, 1]), int(out[i, 0]), tuple(real[i].tolist())) for i in rest]
        for row, what, (last_us, lon, lat) in sorted(doubts):
            track, mmsi, t_us = int(p.track[row]), int(p.mmsi[row]), int(p.t_us[row])
            if f.slot[track] >= 0:
                continue
            last_obs = 0
            if what == loop.FIRST:
                others = f.tracks_of(mmsi)
                others = others[others != track]
                k = int(others[np.argmax(state.light[others, loop.T_US])])
                if fleet.positions[k] < settings.known_positions:
                    continue
                last_us, lon, lat = state.light[k, : loop.LAT + 1].tolist()
                last_s = (t_us - last_us) / SECOND_US
                far = haversine_m(lon, lat, float(p.lon_deg[row]), float(p.lat_deg[row]))
                if last_s > settings.jump_gap_s or far < settings.jump_m:
                    continue
                track, last_obs = k, int(fleet.last_obs_id[k])
            elif what == loop.TURNING:
                last_us, lon, lat = t_us, float(p.lon_deg[row]), float(p.lat_deg[row])
            f.begin(mmsi, track, t_us, int(last_us), last_obs, lon, lat)

    def _follow(
        self, state: PositionState, batch: Batch, settings: PositionSettings, world: World
    ) -> list[tuple[int, int, np.ndarray, np.ndarray]]:
        """(what, row, the vessel's `whole` and `real` at that moment), see `loop.follow`."""
        p, f = batch.positions, state.followed
        most = 2 * len(p)
        out, whole = np.empty((most, 2), np.int64), np.empty((most, loop.WHOLE), np.int64)
        real = np.empty((most, loop.REAL))
        n = loop.follow(
            f.slot, f.whole, f.real, f.points, f.obs, p.track, p.t_us, p.obs_id, p.kind, p.flags,
            p.lon_deg, p.lat_deg, p.sog_mps, circle_array(world.ports, settings.land_port_m),
            settings.jump_m, settings.jump_mps, settings.jump_gap_s, settings.settle_s,
            settings.land_reports, settings.land_s, settings.circle_speed_mps,
            settings.circle_every_s, out, whole, real,
        )  # fmt: skip
        return [(int(out[i, 0]), int(out[i, 1]), whole[i], real[i]) for i in range(n)]

    def _land_over(
        self,
        state: PositionState,
        mmsi: int,
        last_us: int,
        settings: PositionSettings,
        findings: dict[str, Finding],
    ) -> None:
        one = state.land.pop(mmsi, None)
        if one is not None:
            self._tell(one._replace(last_us=last_us, is_over=True), settings, findings)

    def _on_land(
        self,
        state: PositionState,
        batch: Batch,
        settings: PositionSettings,
        findings: dict[str, Finding],
    ) -> None:
        """Who goes on reporting from land, and who has fallen silent there."""
        whole = state.followed.whole[: state.followed.count]
        for w in whole[whole[:, loop.LAND_TOLD] == 1] if state.land else ():
            mmsi, last_us = int(w[loop.MMSI]), int(w[loop.LAND_LAST_US])
            state.land[mmsi] = state.land[mmsi]._replace(last_us=last_us)
            state.interferences.go_on(mmsi, last_us)
            if last_us + KEEP_US < batch.until_us:
                w[loop.LAND_RUN], w[loop.LAND_TOLD] = 0, 0
                self._land_over(state, mmsi, last_us, settings, findings)

    def _circles(
        self,
        state: PositionState,
        batch: Batch,
        fleet: Fleet,
        settings: PositionSettings,
        findings: dict[str, Finding],
        changed: set[int],
    ) -> None:
        """`circling` begins, goes on or is over."""
        f = state.followed
        limits = CircleLimits(
            settings.circle_points, settings.circle_s, settings.circle_least_m,
            settings.circle_most_m, settings.circle_share, settings.circle_turns,
        )  # fmt: skip
        for s, first, (lon, lat, radius, turns) in f.circles(limits):
            w = f.whole[s]
            mmsi, last_us = int(w[loop.MMSI]), int(w[loop.LAST_US])
            one = state.circles.get(mmsi)
            if one is not None and one.start_us >= int(w[loop.MOVED_US]):
                state.circles[mmsi] = one._replace(last_us=last_us)
                continue
            if one is not None:  # displaced from one circle to another
                self._tell(state.circles.pop(mmsi)._replace(is_over=True), settings, findings)
            count = int(w[loop.COUNT])
            seen = tuple(f.obs[s, first:count].tolist())
            thing = fleet.thing(int(w[loop.TRACK]))
            state.circles[mmsi] = Single(
                "circling",
                thing,
                round(float(f.points[s, first, T_S]) * SECOND_US),
                last_us,
                lon,
                lat,
                {
                    "radius_m": round(radius),
                    "turns": round(turns, 1),
                    "sog_mps": round(float(np.median(f.points[s, first:count, 3])), 2),
                },
                seen[-MOST_EVIDENCE:],
                self._cause(state.interferences.of(mmsi), settings),
                is_silent=mmsi in state.land,
            )
            nan = float("nan")
            at_place = Moved(last_us, mmsi, thing, nan, nan, lon, lat, seen[-1:])
            changed.add(state.interferences.add(at_place, settings))
            self._tell(state.circles[mmsi], settings, findings)
        off_us = int(settings.circle_off_s * SECOND_US)
        for mmsi in sorted(
            m for m, c in state.circles.items() if c.last_us + off_us < batch.until_us
        ):
            self._tell(state.circles.pop(mmsi)._replace(is_over=True), settings, findings)

    def _interferences(
        self,
        state: PositionState,
        batch: Batch,
        settings: PositionSettings,
        findings: dict[str, Finding],
        changed: set[int],
    ) -> None:
        """Tells of those that changed, holds what they explain, ends those that are over."""
        all_of = state.interferences
        if not all_of.open:
            return
        for mmsi, one in state.circles.items():
            all_of.go_on(mmsi, one.last_us)
        for i in sorted(changed - {-1}):
            area = all_of.open[i]
            self._put(interference_of(area, False, settings, self.name, self.version), findings)
            for singles in (state.land, state.circles):
                for mmsi in [m for m in singles if m in area.members]:
                    if singles[mmsi].held_by is None:
                        singles[mmsi] = singles[mmsi]._replace(held_by=self._cause(area, settings))
                        self._tell(singles[mmsi], settings, findings)
        quiet_us = int(settings.group_time_s * SECOND_US)
        for area in [a for a in all_of.open if a.last_us + quiet_us < batch.until_us]:
            all_of.open.remove(area)
            self._put(interference_of(area, True, settings, self.name, self.version), findings)

    def _cause(self, area: Area | None, settings: PositionSettings) -> str | None:
        """What holds the findings of its members."""
        if area is None:
            return None
        cause = interference_of(area, False, settings, self.name, self.version)
        return f"interference {cause.alert_id()}"

    def _tell(self, one: Single, settings: PositionSettings, findings: dict[str, Finding]) -> None:
        if not one.is_silent:
            self._put(single_of(one, settings, self.name, self.version), findings)

    def _put(self, finding: Finding, findings: dict[str, Finding]) -> None:
        findings[finding.alert_id()] = finding

    def sentence(self, finding: Finding, names: Mapping[str, str], lang: str) -> str:
        return sentence_of(finding, names, lang)


def moved_of(w: np.ndarray, r: np.ndarray, fleet: Fleet) -> Moved:
    """The displacement of a vessel that is followed."""
    evidence = (int(w[loop.BEFORE_OBS]), int(w[loop.MOVED_OBS]))
    return Moved(
        int(w[loop.MOVED_US]),
        int(w[loop.MMSI]),
        fleet.thing(int(w[loop.TRACK])),
        float(r[loop.SOURCE_LON]),
        float(r[loop.SOURCE_LAT]),
        float(r[loop.TARGET_LON]),
        float(r[loop.TARGET_LAT]),
        tuple(o for o in evidence if o),
    )


def land_of(w: np.ndarray, r: np.ndarray, last_us: int, cause: str | None, fleet: Fleet) -> Single:
    """`on_land` of a vessel that is followed, as it begins."""
    return Single(
        "on_land",
        fleet.thing(int(w[loop.TRACK])),
        int(w[loop.LAND_FIRST_US]),
        last_us,
        float(r[loop.TARGET_LON]),
        float(r[loop.TARGET_LAT]),
        {
            "reports": int(w[loop.LAND_RUN]),
            "distance_m": round(haversine_m(*r[loop.SOURCE_LON :].tolist())),
        },
        tuple(int(o) for o in w[[loop.BEFORE_OBS, loop.MOVED_OBS, loop.LAND_OBS]] if o),
        cause,
    )
