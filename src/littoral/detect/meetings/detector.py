"""One vessel meets several in turn, each for minutes: the step and its state."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from littoral.area.places import circle_array
from littoral.area.world import World
from littoral.detect.meetings.loop import CLASSES, TRACK, VESSEL_COLUMNS, sample
from littoral.detect.meetings.pairs import CAME, FIRST, LAST, Board, Going, Meeting, both_sides
from littoral.detect.meetings.settings import PROFILES, MeetingsSettings
from littoral.detect.meetings.words import finding_of, sentence_of
from littoral.schema.batch import Batch
from littoral.schema.finding import Finding
from littoral.schema.fleet import Fleet
from littoral.schema.growing import grown


class Open(NamedTuple):
    """An event that goes on: what its next version says."""

    kind: str
    things: tuple[str, ...]
    first: int  # tick at which it began; one that counted later may have begun before
    meetings: tuple[Meeting, ...]

    @property
    def last(self) -> int:
        return max(m.last for m in self.meetings)


@dataclass(slots=True)
class MeetingsState:
    """`vessels` (capacity, 5) as in `loop`; `met`: those
    that count, by track, in the order of their ends; `open` by track."""

    vessels: np.ndarray = field(default_factory=lambda: np.zeros((0, VESSEL_COLUMNS)))
    board: Board = field(default_factory=Board)
    going: Going = field(default_factory=Going)
    met: dict[int, list[Meeting]] = field(default_factory=dict)
    open: dict[int, Open] = field(default_factory=dict)


class Meetings:
    """See docs/detectors/meetings.md."""

    name = "meetings"
    version = "1.0.0"
    summary: Mapping[str, str] = {
        "zh": "一船在数小时内与多船轮番短暂靠近",
        "en": "A vessel meets several others in turn, each for minutes",
    }
    profiles = PROFILES

    def start(self, settings: MeetingsSettings, world: World) -> MeetingsState:
        return MeetingsState()

    def step(
        self,
        state: MeetingsState,
        batch: Batch,
        fleet: Fleet,
        settings: MeetingsSettings,
        world: World,
    ) -> tuple[MeetingsState, list[Finding]]:
        self._take(state, batch, fleet, settings)
        merge, most = (
            settings.merge_s // settings.tick_s,
            settings.meeting_most_s // settings.tick_s,
        )
        complete = (batch.until_us // 1_000_000 - settings.max_gap_s) // settings.tick_s
        findings: list[Finding] = []
        circles: np.ndarray | None = None
        for tick, at, place in state.board.take(complete):
            if circles is None:
                circles = circle_array((*world.ports, *world.anchorages), settings.min_port_m)
            state.going.add(tick, at, place, fleet, circles, settings.max_distance_m)
            state.going.part(tick, at[:, TRACK], fleet.capacity, merge)
            findings += self._close(state, tick - merge - most, fleet, settings)
        findings += self._quiet(state, complete - merge - most, fleet, settings)
        return state, findings

    def _take(
        self,
        state: MeetingsState,
        batch: Batch,
        fleet: Fleet,
        settings: MeetingsSettings,
    ) -> None:
        """The slow vessels off port among the slice's reports, to the board."""
        if len(state.vessels) < fleet.capacity:
            state.vessels = grown(state.vessels, fleet.capacity)
        p, board = batch.positions, state.board
        if not len(p):
            return
        tick_us, gap_us = settings.tick_s * 1_000_000, settings.max_gap_s * 1_000_000
        # What is not complete yet, or what is known before this slice may be made of.
        board.done = max(board.done, (batch.from_us - gap_us) // tick_us - 1)
        board.make_room(batch.until_us // tick_us, 64)
        row = 0
        while True:
            row = sample(
                row, board.done, state.vessels, board.whole, board.real, board.counts, p.t_us,
                p.track, p.kind, p.flags, p.obs_id, p.lon_deg, p.lat_deg, p.sog_mps, p.ring,
                fleet.ship_type, CLASSES, tick_us, gap_us, settings.tick_speed_mps,
                settings.waiting_mps, bool(settings.off_shore),
            )  # fmt: skip
            if row == len(p):
                return
            board.make_room(batch.until_us // tick_us, 2 * board.whole.shape[1])

    def _close(
        self, state: MeetingsState, forget: int, fleet: Fleet, settings: MeetingsSettings
    ) -> list[Finding]:
        """Judges the meetings that are over and count."""
        whole, real = state.going.close(forget)
        lasted_s = (whole[:, LAST] - whole[:, FIRST]) * settings.tick_s
        counts = (lasted_s >= settings.meeting_least_s) & (lasted_s <= settings.meeting_most_s)
        counts &= whole[:, CAME] == 1
        findings: list[Finding] = []
        for i in np.flatnonzero(counts).tolist():
            for track, meeting in both_sides(whole[i], real[i]):
                findings += self._counted(state, track, meeting, fleet, settings)
        return findings

    def _counted(
        self,
        state: MeetingsState,
        track: int,
        meeting: Meeting,
        fleet: Fleet,
        settings: MeetingsSettings,
    ) -> list[Finding]:
        """One more meeting of a vessel: an event begins, goes on, or not yet."""
        findings = self._quiet(state, meeting.last, fleet, settings, (track,))
        before = state.open.get(track)
        if before is not None:
            state.open[track] = before._replace(meetings=(*before.meetings, meeting))
            return [
                *findings,
                finding_of(
                    track, state.open[track], False, fleet, settings, self.name, self.version
                ),
            ]
        met = [*state.met.get(track, ()), meeting]
        oldest = max(m.last for m in met) - settings.meetings_window_s / settings.tick_s
        met = [m for m in met if m.first >= oldest]
        state.met[track] = met
        partners = {int(fleet.mmsi[m.partner]): m.partner for m in met}
        if len(partners) < settings.partners:
            return findings
        first = min(m.first for m in met)
        start_us = first * settings.tick_s * 1_000_000
        others = sorted(fleet.thing(k) for k in partners.values())
        state.open[track] = Open(
            "visited" if met[-1].slow_us <= start_us else "repeated",
            (fleet.thing(track), *others),
            first,
            tuple(met),
        )
        del state.met[track]
        return [
            *findings,
            finding_of(track, state.open[track], False, fleet, settings, self.name, self.version),
        ]

    def _quiet(
        self,
        state: MeetingsState,
        known: int,
        fleet: Fleet,
        settings: MeetingsSettings,
        of: tuple[int, ...] | None = None,
    ) -> list[Finding]:
        """Events (of the tracks `of`) end that no meeting that ended by tick `known` goes on with;
        what is too old to count is forgotten."""
        quiet = settings.quiet_s / settings.tick_s
        tracks = sorted(state.open) if of is None else of
        ended = [k for k in tracks if k in state.open and known - state.open[k].last >= quiet]
        if of is None:
            oldest = known - settings.meetings_window_s / settings.tick_s
            for k in [k for k, met in state.met.items() if max(m.last for m in met) < oldest]:
                del state.met[k]
        return [
            finding_of(k, state.open.pop(k), True, fleet, settings, self.name, self.version)
            for k in ended
        ]

    def sentence(self, finding: Finding, names: Mapping[str, str], lang: str) -> str:
        return sentence_of(finding, names, lang)
