"""Silence that calls somebody: where a roll-call is late, or help is needed, who has the watch is
paged, at the desk that sent the task first and then at each tier to which the silence has gone up.

Each turn of a roll-call pages each desk once, by a notice whose id is made of both, so that a
restart pages nobody twice and forgets nobody. Once the roll is answered, ended or the task over,
what is still under way of these notices is recalled."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import NAMESPACE_OID, UUID, uuid5

from sqlalchemy.engine import Connection

from littoral.api.gate import Gate, areas_of
from littoral.api.reach.sight import person
from littoral.engine.reaching import Reaching
from littoral.respond.duty.call import order
from littoral.respond.duty.layers import stints
from littoral.respond.duty.shifts import shift_at
from littoral.respond.reach.ladder import Notice, Waits
from littoral.respond.task.rollcall import asked
from littoral.store import reach, tasks
from littoral.store.duty import entries, papers, rosters
from littoral.store.duty.seats import seats
from littoral.store.reach import Desk
from littoral.store.tasks import Kept
from littoral.store.vault.entries import Entry

# Somebody may be drowning: quicker than other notices, and on to the next person sooner.
WAITS = Waits({"app": 30, "sms": 60, "voice": 120}, answer_s=120)
LOOK_S = 5.0
BY = "system:roll-call"

_log = logging.getLogger(__name__)


class Silence:
    """Looks every `LOOK_S` from `start` until `close`. Its clock is that of `reaching`."""

    def __init__(self, gate: Gate, reaching: Reaching) -> None:
        self._gate, self._reaching = gate, reaching
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._look_on, name="silence", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join()

    def look(self) -> None:
        """Pages whom silence has reached, and recalls what it no longer means."""
        now_us, database = self._reaching.now_us(), self._gate.people.base.database
        with database.read() as connection:
            pages = {page.key: page for page in self._late(connection, now_us)}
            going = reach.open_calls(connection, BY)
            made = reach.known(connection, pages)
        fresh = [page for key, page in pages.items() if key not in made]
        for page in fresh:
            self._tell(page, now_us)
        for row in going:
            if row.id not in pages:
                self._reaching.tell(row.id, row.notice.people[0].ref, None, "recalled", BY)
        if fresh:
            self._reaching.wake()

    def _late(self, connection: Connection, now_us: int) -> Iterator[Page]:
        """Of each task one for each desk that its silence has reached by now."""
        for kept in tasks.called(connection):
            call = kept.task.call
            assert call is not None  # `called` looked
            unit, _, agency = kept.task.desk.partition("/")
            around = areas_of(self._gate, unit) or (unit,)
            # The own desk as soon as it is late, one more above for each further such time; a call
            # for help reaches all.
            for at in range(asked(call, now_us, len(around)).rung):
                turn = f"{max(call.begun_us, call.answered_us)} {call.help} {around[at]}"
                key = uuid5(NAMESPACE_OID, f"{kept.task.id} {turn}")
                desks = tuple(Desk(code, agency) for code in around[at:])
                yield Page(str(key), kept, call.help, desks)

    def _tell(self, page: Page, now_us: int) -> None:
        kept, gate = page.kept, self._gate
        zh, en = (
            ("呼救", "calls for help") if page.help
            else ("点名逾期未答", "is silent, its roll-call is late")
        )  # fmt: skip
        words = (
            f"{zh}：任务 {kept.code}，请立即核实。",
            f"Task {kept.code} {en}. Find out at once.",
        )
        with gate.people.base.database.write() as connection:
            found = ((desk, on_duty(gate, connection, desk, now_us)) for desk in page.desks)
            desk, accounts = next(((d, a) for d, a in found if a), (page.desks[0], ()))
            if not accounts:
                # Kept as exhausted: the desk's notices show that there was nobody to tell.
                _log.warning("nobody has the watch at %s/%s or above to be paged", *desk)
            people = tuple(person(connection, a, self._reaching.channels) for a in accounts)
            notice = Notice(now_us, people, True, WAITS)
            thing = reach.call_of(kept.task.id)
            reach.make(connection, UUID(page.key), thing, desk, words, notice, BY)
            reach.look(connection, page.key, now_us)
            facts = {
                "task": kept.task.id, "unit": desk.unit, "agency": desk.agency, "help": page.help,
                "people": len(people),
            }  # fmt: skip
            ref = f"notice:{page.key}"
            entry = Entry(BY, "notice.send", ref, "", "", "", gate.trust.now_us(), "allow", facts)
            gate.keep(connection, [entry])
        gate.settle()

    def _look_on(self) -> None:
        while not self._stop.wait(LOOK_S):
            try:
                self.look()
            except Exception:
                _log.exception("roll-calls are looked at again in a while")


@dataclass(frozen=True, slots=True)
class Page:
    """`key`: id of its notice. `desks`: whose watch is to be paged, and those above, for where
    nobody has it."""

    key: str
    kept: Kept
    help: bool
    desks: tuple[Desk, ...]


def on_duty(gate: Gate, connection: Connection, desk: Desk, now_us: int) -> tuple[str, ...]:
    """Accounts in the order in which they are called: by the roster who has the watch and has not
    signed out of it; of a desk without a roster whoever may stand its watches."""
    plans = [row.plan for row in rosters.of_desk(connection, *desk)]
    if not plans:
        kinds = gate.people.directory.organisation().agencies
        found = [
            seat.account
            for seat in seats(connection, desk.unit, now_us)
            if seat.agency in kinds and kinds[seat.agency].kind == desk.agency
        ]
        return tuple(dict.fromkeys(found))
    shift = shift_at(plans, now_us)
    if shift is None:
        return ()
    standing = stints(shift, papers.changes_of(connection, *desk))
    signed = entries.signed(connection, *desk, shift.key)
    out = {account for account, kind in signed.items() if kind == entries.SIGN_OUT}
    calls = order(shift, standing, out, now_us).calls
    return tuple(account for call in calls for account in call.accounts)
