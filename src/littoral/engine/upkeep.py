"""What a running server does by itself now and then: retention, and forgetting phones that are not
heard any more and files that nobody went on sending."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from littoral.access.retention import Decision
from littoral.engine.trust import Trust
from littoral.store import bulletins, responders
from littoral.store.sync import scope
from littoral.store.sync.uploads import Staging
from littoral.store.vault import pausing, retention, rule_changes
from littoral.store.vault.pausing import Paused
from littoral.store.vault.retention import Ran

RETENTION_EVERY_S = 3600.0
FORGET_EVERY_S = 3600.0
FIRST_AFTER_S = 60.0  # a server that has just started has better to do
BY_ITSELF = "system:retention"
_log = logging.getLogger(__name__)
_running = threading.Lock()  # two runs at once would refuse each other's erasures


class RetentionPaused(Exception):
    """Until the operator of the machine resumes it."""

    def __init__(self, paused: Paused) -> None:
        super().__init__(
            "Retention is paused since the records were put back from a backup; the operator of "
            "the machine resumes it (littoral retention resume)."
        )
        self.paused = paused


@dataclass(frozen=True)
class Job:
    name: str
    every_s: float
    do: Callable[[], object]


class Upkeep:
    """Runs jobs in one thread, each `first_s` after the start and then in its interval. One that
    fails is tried again in its turn; the server's log says why."""

    def __init__(self, jobs: Sequence[Job], first_s: float = FIRST_AFTER_S) -> None:
        self._due = {job: time.monotonic() + first_s for job in jobs}
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="upkeep", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        while self._due:
            job = min(self._due, key=lambda j: self._due[j])
            if self._stop.wait(max(0.0, self._due[job] - time.monotonic())):
                return
            try:
                job.do()
            except Exception:
                _log.exception("%s failed and is tried again in %g s", job.name, job.every_s)
            self._due[job] = time.monotonic() + job.every_s

    def close(self) -> None:
        self._stop.set()
        self._thread.join()


def run_retention(
    trust: Trust,
    actor: str = BY_ITSELF,
    chosen: Callable[[list[Decision]], list[Decision]] | None = None,
) -> Ran:
    """Erases what is due now (and `chosen`, for who may not erase all of it), once what the run
    before left undone is made up for. While it is paused nothing is erased: by itself it says so
    in the server's log; asked for it raises RetentionPaused."""
    with _running:
        with trust.vault.db.read() as connection:
            waits = pausing.paused(connection)
        if waits is not None and actor == BY_ITSELF:
            _log.warning(
                "retention is paused: the records were put back from before entry %d of the log. "
                "Look at the holds, then `littoral retention resume`", waits.first,
            )  # fmt: skip
            return Ran((), (), (), "")
        if waits is not None:
            raise RetentionPaused(waits)
        now_us = trust.now_us()
        rules = trust.rules
        if actor == BY_ITSELF and (
            _rules_are_new(trust, now_us)
            or not any(
                d.state == retention.DUE for d in retention.preview(trust.vault, rules, now_us)
            )
        ):
            # Quiet: where nothing was done, nothing is to be proved.
            made = retention.make_up(trust.vault, actor, now_us, trust.record, trust.evidence)
            return made or Ran((), (), (), "")
        return retention.run(
            trust.vault, rules, actor, now_us, trust.record, trust.evidence, chosen
        )


def _rules_are_new(trust: Trust, now_us: int) -> bool:
    """So new that what ends by them waits; said in the server's log."""
    with trust.vault.db.read() as connection:
        until_us = rule_changes.waits_until(connection, now_us)
    if until_us is not None:
        _log.warning(
            "rules of retention have changed: look at the preview; what is due by itself waits "
            "for %.0f h more", (until_us - now_us) / 3.6e9,
        )  # fmt: skip
    return until_us is not None


def forget_phones(trust: Trust) -> None:
    """What a phone held that has long not been heard, files whose sending stopped, where somebody
    was whose task nobody ended, and who read bulletins that are long over."""
    now_us = trust.now_us()
    with trust.records.database.write() as connection:
        scope.forget(connection, now_us)
        responders.free_all(connection, now_us)
        bulletins.forget_reads(connection, now_us)
    Staging(trust.evidence.parent, trust.vault).sweep(now_us)
