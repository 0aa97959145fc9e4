"""A receiver has fallen silent, or all of them have: the step and its state.

`sense.health` finds the silences (they come as `batch.outages`); this rule makes one alert of each,
and one alarm instead of many when nothing is heard at all. See docs/detectors/receiver.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from littoral.area.world import World
from littoral.detect.receiver.settings import PROFILES, ReceiverSettings
from littoral.detect.receiver.words import sentence_of
from littoral.schema.batch import Batch, Outage
from littoral.schema.finding import Fact, Finding
from littoral.schema.fleet import Fleet

EVERYTHING = "receiver:*"  # the thing of `feed_silent`
BY_FEED = "feed silent: no receiver is heard"
SECOND_US = 1_000_000


@dataclass(slots=True)
class ReceiverState:
    """Shapes (stations,), int64 microseconds of event time, 0 for never or none: when each receiver
    was last heard, with the obs_id of the last position; the start of its alert that is open and
    why that is held (index of `why_held`); the end of its last silence that was dealt with.
    feed_us: the start of the open `feed_silent`; feed_held: whether it is as planned; feed_obs: the
    last position before it. last_obs: the last position that any receiver heard."""

    heard_us: np.ndarray
    heard_obs: np.ndarray
    told_us: np.ndarray
    told_held: np.ndarray
    dealt_us: np.ndarray
    feed_us: int = 0
    feed_held: int = 0
    feed_obs: int = 0
    last_obs: int = 0

    def reserve(self, stations: int) -> None:
        more = stations - len(self.heard_us)
        if more > 0:
            for name in ("heard_us", "heard_obs", "told_us", "told_held", "dealt_us"):
                setattr(self, name, np.append(getattr(self, name), np.zeros(more, np.int64)))


NOT_HELD, PLANNED, FEED = range(3)


class Receiver:
    """See docs/detectors/receiver.md."""

    name = "receiver"
    version = "1.0.0"
    summary: Mapping[str, str] = {
        "zh": "接收站中断，或全部数据中断",
        "en": "A receiver has fallen silent, or all of them have",
    }
    profiles = PROFILES

    def start(self, settings: ReceiverSettings, world: World) -> ReceiverState:
        none = np.zeros(0, np.int64)
        return ReceiverState(none, none.copy(), none.copy(), none.copy(), none.copy())

    def step(
        self,
        state: ReceiverState,
        batch: Batch,
        fleet: Fleet,
        settings: ReceiverSettings,
        world: World,
    ) -> tuple[ReceiverState, list[Finding]]:
        listen(state, batch, fleet)
        found = [o for o in batch.outages if not o.planned]
        if not found and not state.feed_us and not state.told_us.any():
            return state, []
        planned = [o for o in batch.outages if o.planned]
        open_now = {o.station: o for o in found if o.end_us is None}
        findings = self._feed(state, batch, found, open_now, planned, settings)
        for k, o in open_now.items():
            held = self._held(state, o, planned, batch.until_us, settings)
            if state.told_us[k] == o.start_us:
                if state.told_held[k] != held:
                    findings.append(self._finding(state, o, held, planned, batch, settings))
            elif held != FEED:
                findings.append(self._finding(state, o, held, planned, batch, settings))
                state.told_us[k] = o.start_us
            state.told_held[k] = held
        for o in found:
            if o.end_us is not None and o.end_us > state.dealt_us[o.station]:
                findings += self._ended(state, o, planned, batch, settings)
        return state, findings

    def _feed(
        self,
        state: ReceiverState,
        batch: Batch,
        found: list[Outage],
        open_now: dict[int, Outage],
        planned: list[Outage],
        settings: ReceiverSettings,
    ) -> list[Finding]:
        """`feed_silent` begins, ends or changes its reason."""
        heard = state.heard_us
        active = np.flatnonzero(
            (heard > 0) & (heard >= heard.max() - int(settings.active_s * SECOND_US))
        ).tolist()
        silent = [open_now[k] for k in active if k in open_now]
        all_silent = bool(active) and len(silent) == len(active)
        if not all_silent:
            if not state.feed_us:
                return []
            ends = [o.end_us for o in found if o.end_us is not None and o.end_us > state.feed_us]
            end_us = min(ends, default=batch.until_us)
            ended = self._feed_finding(state, active, batch, end_us, settings)
            state.feed_us, state.feed_held = 0, 0
            return [ended]
        explained = all(plan_of(o, planned, batch.until_us, settings) for o in silent)
        if state.feed_us and state.feed_held == int(explained):
            return []
        if not state.feed_us:
            state.feed_us = max(o.start_us for o in silent)
            state.feed_obs = state.last_obs
        state.feed_held = int(explained)
        return [self._feed_finding(state, active, batch, None, settings)]

    def _feed_finding(
        self,
        state: ReceiverState,
        active: list[int],
        batch: Batch,
        end_us: int | None,
        settings: ReceiverSettings,
    ) -> Finding:
        until_us = batch.until_us if end_us is None else end_us
        facts: dict[str, Fact] = {
            "receivers": len(active),
            "silence_s": (until_us - state.feed_us) // SECOND_US,
        }
        return Finding(
            rule=self.name,
            version=self.version,
            kind="feed_silent",
            things=(EVERYTHING,),
            start_us=state.feed_us,
            end_us=end_us,
            updated_us=until_us,
            lon_deg=None,
            lat_deg=None,
            priority=settings.planned_priority if state.feed_held else settings.feed_priority,
            facts=facts,
            evidence=(state.feed_obs,) if state.feed_obs else (),
            held_by="planned outage: all receivers" if state.feed_held else None,
        )

    def _held(
        self,
        state: ReceiverState,
        o: Outage,
        planned: list[Outage],
        until_us: int,
        settings: ReceiverSettings,
    ) -> int:
        if plan_of(o, planned, until_us, settings) is not None:
            return PLANNED
        return FEED if state.feed_us else NOT_HELD

    def _ended(
        self,
        state: ReceiverState,
        o: Outage,
        planned: list[Outage],
        batch: Batch,
        settings: ReceiverSettings,
    ) -> list[Finding]:
        """The last word on a silence: also of one that began and ended between two looks, but not
        of one that the alarm of the whole feed stood for."""
        k, end_us = o.station, o.end_us
        assert end_us is not None
        was_told = state.told_us[k] == o.start_us
        was_feed = state.told_held[k] == FEED
        state.dealt_us[k] = end_us
        state.told_us[k] = 0
        state.told_held[k] = NOT_HELD
        if not was_told and was_feed:
            return []
        plan = plan_of(o, planned, end_us, settings)
        held = NOT_HELD if plan is None else PLANNED
        return [self._finding(state, o, held, planned, batch, settings)]

    def _finding(
        self,
        state: ReceiverState,
        o: Outage,
        held: int,
        planned: list[Outage],
        batch: Batch,
        settings: ReceiverSettings,
    ) -> Finding:
        until_us = batch.until_us if o.end_us is None else o.end_us
        plan = plan_of(o, planned, until_us, settings)
        why = {
            NOT_HELD: None,
            PLANNED: f"planned outage: {plan.reason}" if plan else None,
            FEED: BY_FEED,
        }[held]
        obs = int(state.heard_obs[o.station]) if o.end_us is None else 0
        return Finding(
            rule=self.name,
            version=self.version,
            kind="receiver_silent",
            things=(f"receiver:{o.name}",),
            start_us=o.start_us,
            end_us=o.end_us,
            updated_us=until_us,
            lon_deg=None,
            lat_deg=None,
            priority=settings.planned_priority if held == PLANNED else settings.silent_priority,
            facts={"silence_s": (until_us - o.start_us) // SECOND_US},
            evidence=(obs,) if obs else (),
            held_by=why,
        )

    def sentence(self, finding: Finding, names: Mapping[str, str], lang: str) -> str:
        return sentence_of(finding, names, lang)


def listen(state: ReceiverState, batch: Batch, fleet: Fleet) -> None:
    """Notes which receivers were heard. Repeats are not in the batch, but the fleet remembers the
    receivers of the vessels that spoke (those below 64)."""
    p = batch.positions
    tables = (p, batch.statics, batch.texts)
    highest = max([int(t.station.max()) for t in tables if len(t)], default=-1)
    highest = max([highest, *(o.station for o in batch.outages)])
    state.reserve(highest + 1)
    for t in tables:
        known = np.flatnonzero(t.station >= 0)
        state.heard_us[t.station[known]] = t.t_us[known]  # in time order: the last one stays
    if not len(p):
        return
    known = np.flatnonzero(p.station >= 0)
    state.heard_obs[p.station[known]] = p.obs_id[known]
    if len(known):
        state.last_obs = int(p.obs_id[known[-1]])
    silent = {o.station for o in batch.outages if o.end_us is None and not o.planned}
    also = int(np.bitwise_or.reduce(fleet.stations[p.track[p.track >= 0]]))
    for k in range(min(64, len(state.heard_us))):
        if also >> k & 1 and k not in silent:
            state.heard_us[k] = int(p.t_us[-1])


def plan_of(
    o: Outage, planned: list[Outage], until_us: int, settings: ReceiverSettings
) -> Outage | None:
    """The planned outage that explains `o` up to `until_us`: the receiver fell silent in it (its
    last message may lie a little before) and it is not over by more than `overrun_s`."""
    slack_us = int(settings.overrun_s * SECOND_US)
    for p in planned:
        if p.station != o.station or o.start_us < p.start_us - slack_us:
            continue
        if p.end_us is None or until_us <= p.end_us + slack_us:
            return p
    return None
