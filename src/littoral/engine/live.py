"""The live engine: journal in, picture and alerts out, in one thread of its own.

It implements `runtime.Runtime` for the API. docs/life-of-an-alert.md says what it promises.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from littoral.area.geofence_json import fence_from_feature
from littoral.area.world import World
from littoral.engine import core, live_state, order, resume, slices
from littoral.engine.fleet_view import FleetView, empty_view, next_view
from littoral.engine.intake import Intake
from littoral.engine.lake_out import ROW_TABLES
from littoral.engine.ledger import KEEP_US, Ledger, Row
from littoral.engine.live_health import Pace, receivers
from littoral.engine.lookahead import LookAhead
from littoral.engine.rule_settings import RuleSettings
from littoral.engine.runtime import (
    Health,
    RawLine,
    RunningDetector,
    RuntimeSettings,
)
from littoral.engine.saving import Saver
from littoral.engine.taking import Taker
from littoral.engine.tidy import Tidier
from littoral.schema.ais import Observations
from littoral.schema.batch import Outage
from littoral.sense.decoded import StationList
from littoral.store.journal import Journal
from littoral.store.lake import Lake
from littoral.store.quarantine import Quarantine
from littoral.store.records import Records

BATCH_S = 0.2  # a live batch closes after this at the latest
# From the beginning of a look to the next, as long as little is waiting: a look costs milliseconds
# however little came, and a feed that sends line by line makes a hundred pieces durable a second.
# One that took long is followed by a longer rest: people's requests are answered in between.
LOOK_S, REST_SHARE, LONGEST_REST_S = 0.1, 2.5, 0.3
READ_BYTES = 8 << 20  # of the journal at a time, so that catching up stays interruptible
CHECKPOINT_S = 20.0
CHECKPOINT_ROWS = 250_000  # a fleet that catches up fills this each second or so: bounds memory
PUBLISH_S = 1.0  # while catching up, how often the settled fleet is shown
QUIET_TICK_US = 3_000_000  # silence after which the live clock speaks
ESCALATE_SINCE_US = 3_600_000_000
CALLS_SINCE_US = 1_800_000_000  # as the page: half an hour after its end nothing calls


@dataclass(slots=True)
class Options:
    """How a live engine runs. `speed`: event seconds a second while no data say otherwise."""

    lateness_us: int = order.LATENESS_US
    speed: float = 1.0
    history_until_us: int | None = None  # shown as progress until event time has come there
    escalate_after_s: float = 300.0
    checkpoint_s: float = CHECKPOINT_S


class Live:
    """Open, `start`, feed `intake`, `stop`. Everything public may be called from any thread."""

    def __init__(
        self,
        settings: RuntimeSettings,
        world: World,
        rules: tuple[core.Rule, ...],
        options: Options | None = None,
        now_us: Callable[[], int] = lambda: time.time_ns() // 1000,
    ) -> None:
        self.settings = settings
        self.options = options or Options()
        self._now_us = now_us
        folder = settings.data_dir
        folder.mkdir(parents=True, exist_ok=True)
        self._journal = Journal.open(folder / "journal")
        self._records = Records.open(f"sqlite:///{folder / 'records.sqlite'}")
        self._lake = Lake(folder / "lake")
        self._saver = Saver(self._lake, folder)
        self._tidier = Tidier(self._lake, ROW_TABLES)
        self._quarantine = Quarantine(folder / "quarantine")
        self._settings = RuleSettings(self._records, rules, now_us)
        self._rules = rules = self._settings.base
        self._changes = self._settings.changes()
        self._ledger = Ledger(rules)
        self._base_world = world
        self._world = world
        self._planned: tuple[Outage, ...] = ()
        self._state = live_state.load(folder, rules, world) or live_state.fresh(rules, world)
        self._state.order.lateness_us = self.options.lateness_us
        self._stations = StationList(self._state.stations)
        self._taker = Taker(self._state, self._stations, self._quarantine, world)
        self._ahead = LookAhead()
        self._lake_rows: list[Observations] = []
        self._lake_from = self._state.position
        self._view = empty_view()
        self._heard = self._state.core.health
        self._subscribers: list[Callable[[], None]] = []
        self._wake = threading.Condition()
        self._stored_to = self._state.position  # of the journal, settled and stored
        self._reference_stale = True
        self._settings_stale = True
        self._looked_at = 0.0  # on the monotonic clock: when the last look began
        self._stopping = False
        self._take_all = True
        self._failed: BaseException | None = None
        self._pace = Pace()
        self._ticked_us = 0
        self._watched_at = 0.0
        self._stored_until_us = 0
        self._thread = threading.Thread(target=self._run, name="engine", daemon=True)
        self._restore()
        self.intake = Intake(self._journal, self._nudge, now_us)
        self.intake.engine_read_to(self._state.position)

    # -- life -------------------------------------------------------------------------------

    def start(self) -> None:
        self.intake.resume(*resume.close_broken(self._journal, self._state, self._now_us()))
        self.intake.start()
        self._thread.start()

    def stop(self, take_all: bool = True) -> None:
        """Take in what is durable, write a checkpoint, close the stores. Without `take_all` what is
        durable and not taken in yet is left to the next start."""
        self.intake.stop()
        with self._wake:
            self._stopping = True
            self._take_all = take_all
            self._wake.notify_all()
        if self._thread.is_alive():
            self._thread.join()
        self._saver.close()
        self._quarantine.close()
        self._tidier.close()
        self._lake.close()
        self._records.close()
        self._journal.close()
        if self._failed is not None:
            raise self._failed

    def drain(self, timeout_s: float = 60.0) -> bool:
        """Wait until everything durable has been taken in, settled and stored; False when the
        time ran out."""
        deadline = time.monotonic() + timeout_s
        with self._wake:
            return self._wake.wait_for(
                lambda: self._stored_to >= self._journal.synced or self._failed is not None,
                max(0.0, deadline - time.monotonic()),
            )

    # -- what the API reads -----------------------------------------------------------------

    @property
    def world(self) -> World:
        return self._world

    @property
    def detectors(self) -> tuple[RunningDetector, ...]:
        rules = self._changes[-1].rules if self._changes else self._rules
        return tuple(RunningDetector(r.detector, r.profile) for r in rules)

    @property
    def records(self) -> Records:
        return self._records

    @property
    def lake(self) -> Lake:
        return self._lake

    @property
    def quarantine(self) -> Quarantine:
        return self._quarantine

    def fleet(self) -> FleetView:
        return self._view

    def subscribe(self, callback: Callable[[], None]) -> Callable[[], None]:
        self._subscribers = [*self._subscribers, callback]

        def end() -> None:
            self._subscribers = [s for s in self._subscribers if s is not callback]

        return end

    def geofences_changed(self) -> None:
        self._reference_stale = True
        self._nudge()

    def watch_list_changed(self) -> None:
        self._reference_stale = True
        self._nudge()

    def outages_changed(self) -> None:
        self._reference_stale = True
        self._nudge()

    def settings_changed(self) -> None:
        self._settings_stale = True
        self._nudge()

    def matters_changed(self) -> None:
        self._tell()

    def raw_line(self, obs_id: int) -> RawLine | None:
        return resume.raw_line(self._journal, self._state, obs_id)

    def health(self) -> Health:
        state = self._state
        event = state.order.event_us
        known = event != order.NEVER
        floor = state.order.floor_us
        until = self.options.history_until_us
        progress = 1.0
        if until is not None and known and state.first_event_us and event < until:
            progress = (event - state.first_event_us) / max(1, until - state.first_event_us)
        elif until is not None and not known:
            progress = 0.0
        return Health(
            event_time_us=event if known else None,
            watermark_us=floor if known else None,
            speed=self._pace.speed(self.options.speed),
            mode="history" if progress < 1.0 else "live",
            progress=progress,
            feeds=self.intake.feeds(dict(state.rejected)),
            receivers=receivers(self._heard, self._stations.names, self._planned, event),
            counts={
                "lines": state.lines,
                "messages": state.messages,
                "positions": state.positions,
                "rejected": sum(state.reasons.values()),
                "late": state.order.late_rows,
                "time_off": state.order.off_rows,
                "tracks": self._view.count,
                "beacons": self._view.beacons,
                "journal_bytes": self._journal.end,
                "behind_bytes": self._journal.end - state.position,
            },
        )

    # -- the engine's thread ----------------------------------------------------------------

    def _run(self) -> None:
        last_checkpoint = last_publish = time.monotonic()
        try:
            while True:
                self._wait()
                stopping = self._stopping
                behind = self._take_in()
                changed = self._settle()
                now = time.monotonic()
                if not behind:
                    changed += self._look_ahead()
                    last_publish = now
                elif now - last_publish >= PUBLISH_S:
                    self._publish(self._state.core)
                    last_publish = now
                self._store(changed)
                self._watch()
                self._keep_time()
                self._pace.mark(time.monotonic(), self._state.order.event_us)
                # Before the next checkpoint takes the last one's place.
                if not behind and (saved := self._saver.take_saved()) is not None:
                    self._tidier.start(saved.position, saved.until_us)
                rows = sum(len(r) for r in self._lake_rows)
                due = now - last_checkpoint >= self.options.checkpoint_s
                if rows >= CHECKPOINT_ROWS or (due and not self._saver.busy()):
                    self._checkpoint()
                    last_checkpoint = time.monotonic()
                if stopping and not (behind and self._take_all):
                    self._checkpoint()
                    self._saver.wait()
                    return
        except BaseException as error:  # kept for `stop`; health shows that time stands still
            self._failed = error
            raise
        finally:
            with self._wake:
                self._wake.notify_all()

    def _nudge(self) -> None:
        with self._wake:
            self._wake.notify_all()

    def _wait(self) -> None:
        """Until something is durable that was not read, at the latest when a batch must close; then
        for as long as it is too soon to look again."""
        ended = time.monotonic()
        look_at = max(self._looked_at + LOOK_S, ended + REST_SHARE * (ended - self._looked_at))
        with self._wake:
            self._stored_to = self._state.position
            self._wake.notify_all()  # whoever drains
            self._wake.wait_for(lambda: self._waiting() > 0 or self._stopping, BATCH_S)
            self._wake.wait_for(
                lambda: self._waiting() > READ_BYTES or self._stopping,
                min(LONGEST_REST_S, max(0.0, look_at - time.monotonic())),
            )
        self._looked_at = time.monotonic()

    def _waiting(self) -> int:
        """Bytes of the journal that are durable and not read."""
        return self._journal.synced - self._state.position

    def _take_in(self) -> bool:
        """Read what is durable, at most READ_BYTES; True when more of it is waiting. What becomes
        durable meanwhile waits for the next turn: of a feed that never rests there is always more,
        and a look is due all the same."""
        state, synced = self._state, self._journal.synced
        if state.position >= synced:
            return False
        begun = state.position
        for entry in self._journal.read(state.position):
            if entry.next_position > synced:
                break
            self._taker.take(entry)
            state.position = entry.next_position
            if state.position - begun > READ_BYTES:
                break
        else:  # headers of segments and marks of clean stops hold nothing to take
            state.position = max(state.position, synced)
        self._lake_rows += self._taker.left_out()
        self.intake.engine_read_to(state.position)
        return state.position < synced

    def _settle(self) -> list[Row]:
        """Slices that the watermark has passed, through every step; the rows that changed."""
        reference = self._reference()
        state = self._state
        changed: list[Row] = []
        rows = slices.take_settled(state.order)
        for settled in core.advance(state.core, rows, state.order.floor_us, reference):
            kept = settled.observations()
            self._lake_rows += kept
            if reports := sum(map(len, kept)):
                self._ahead.settled(state.core.until_us, reports)
            names = core.names_of(state.core.fuse.fleet, settled.findings)
            said = self._ledger.settle(settled.findings, names, state.core.until_us, settled.rules)
            if state.core.until_us > self._stored_until_us:
                changed += said
        return changed

    def _look_ahead(self) -> list[Row]:
        """The same on a copy, over what is not settled yet; shown at once as provisional."""
        state = self._state
        if state.order.highest_us == order.NEVER:
            return []
        now = state.order.event_us + 1
        reference = self._reference()
        copy, found = self._ahead.run(state.core, state.order, now, reference)
        names = core.names_of(copy.fuse.fleet, [finding for _, finding in found])
        self._publish(copy)
        rules = reference.rules_at(state.core.until_us)
        return self._ledger.look_ahead(found, names, now, rules)

    def _publish(self, state: core.CoreState) -> None:
        event = self._state.order.event_us
        if event == order.NEVER:
            return
        self._heard = state.health
        self._view = next_view(self._view, core.picture(state), event)
        self._tell()

    def _tell(self) -> None:
        for callback in self._subscribers:
            callback()

    def _store(self, changed: list[Row]) -> None:
        until = self._state.core.until_us
        if changed or until > self._stored_until_us:
            self._records.upsert_alerts(
                changed, {"settled_until_us": until}, self._calls_since_us()
            )
            self._stored_until_us = max(self._stored_until_us, until)
        if changed:
            self._tell()

    def _calls_since_us(self) -> int | None:
        """What ended before calls nobody any more; None while history is filled: nobody is on watch
        in the past."""
        until, event_us = self.options.history_until_us, self._state.order.event_us
        return None if until is not None and event_us < until else event_us - CALLS_SINCE_US

    def _watch(self) -> None:
        """Once a second: warnings that nobody has dealt with become alarms while their cause goes
        on (not while history is filled), and what lay on a shelf comes back."""
        now = time.monotonic()
        if now - self._watched_at < 1.0:
            return
        self._watched_at = now
        back = self._records.end_shelves(self._now_us())
        risen = []
        if self._calls_since_us() is not None:
            since = self._state.order.highest_us - ESCALATE_SINCE_US
            risen = self._records.escalate(self._now_us(), self.options.escalate_after_s, since)
        if back or risen:
            self._tell()

    def _reference(self) -> core.Reference:
        """Geofences, watch-list, outages, receivers and settings as they are now."""
        # A planned outage is of a receiver by name: it counts from when the receiver is known.
        if self._reference_stale or len(self._world.stations) != len(self._stations):
            self._reference_stale = False
            stored = self._records.geofences()
            drawn = [fence_from_feature({**row.document, "id": row.id}) for row in stored]
            fences = (*self._base_world.geofences, *drawn)
            watched = self._records.watched()
            self._world = replace(self._world, geofences=fences, watched=watched)
            self._planned = self._records.current_outages(self._stations.names)
        self._world = core.with_stations(self._world, self._stations)
        # Not while what was judged before a crash is read again: it is judged as the first time.
        until = self._state.core.until_us
        if self._settings_stale and until >= self._stored_until_us:
            self._settings_stale = False
            self._settings.begin(until)
            self._changes = self._settings.changes()
        return core.Reference(self._rules, self._world, self._planned, self._changes)

    def _keep_time(self) -> None:
        """When all feeds are quiet, the clock goes into the journal as a tick, once a second."""
        quiet = self.intake.quiet_for_us()
        highest = self._state.order.highest_us
        if quiet < QUIET_TICK_US or highest == order.NEVER:
            return
        if self._now_us() - self._ticked_us >= 1_000_000:
            self._ticked_us = self._now_us()
            self.intake.tick(highest + int(quiet * self.options.speed))

    def _checkpoint(self) -> None:
        """Begin one; it becomes durable beside the engine (`saving`)."""
        state = self._state
        self._taker.remember()
        self._ledger.forget_before(state.core.until_us - KEEP_US)
        state.hidden = self._ledger.hidden()
        self._saver.start(self._lake_rows, f"{self._lake_from:020d}", state)
        self._lake_rows = []
        self._lake_from = state.position

    def _restore(self) -> None:
        """Take up where the last checkpoint stands, and what the records already have."""
        state = self._state
        for rows in (*state.order.pending, *state.order.held):
            # Checkpoints once held reports whose areas were marked only as they settled.
            core.mark_areas(rows.positions, self._base_world)
        resume.drop_beyond(self._lake, state.position)
        stored = self._records.checkpoint() or {}
        self._stored_until_us = int(stored.get("settled_until_us", 0))
        settled, ahead = self._records.ledger_rows(state.core.until_us - KEEP_US)
        self._ledger.restore(settled, ahead, state.hidden)
