"""Tells people what they are to be told: looks at the ladders, sends, takes reports.

One thread looks at the ladders of `store.reach`; what goes by text message is handed to the thread
of the sender, so that a slow network holds nobody else up. What was sent is written down after the
sender took it: a crash between the two sends again, and never the other way round.
"""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Protocol
from uuid import UUID, uuid4

from littoral.link.sms.gateway import Gateway, GatewayError
from littoral.link.sms.modem import KEEP, Modem, ModemError
from littoral.link.sms.pdu import PduError, StatusReport, submit
from littoral.respond.reach.ladder import Channel, Event, EventKind, Standing, Step
from littoral.store import reach
from littoral.store.database import Database
from littoral.store.people.credentials import Sealer

HOUR_US = 3_600_000_000
REPORTS_FOR_US = int(KEEP / timedelta(microseconds=1)) + HOUR_US
LONGEST_WAIT_S = 30.0
LISTEN_S = 0.5
AGAIN_AFTER_S = 10.0  # a modem that is gone is looked for this often
BY = "system:reach"
_log = logging.getLogger(__name__)


class Sender(Protocol):
    """Sends text messages; `name` stands in the records. Raises SendError."""

    name: str

    def send(self, number: str, text: str, key: str) -> list[str]:
        """References by which reports will name it, one a part."""

    def listen(self, told: Callable[[str, str, str | None], None]) -> None:
        """Gives what came meanwhile: reference, state (delivered, trying, failed), number."""

    def close(self) -> None: ...


class SendError(Exception):
    """It was not taken; the message says why, without text or number."""


class ByModem:
    """At a serial port; opened when it is first needed, and again after it was gone."""

    name = "modem"

    def __init__(self, port: str, pin: str = "") -> None:
        self._port, self._pin = port, pin
        self._modem: Modem | None = None
        self._group = 0

    def send(self, number: str, text: str, key: str) -> list[str]:
        self._group = (self._group + 1) % 65_536
        try:
            parts = submit(number, text, self._group, KEEP)
            return [str(self._opened().send(part)) for part in parts]
        except PduError as error:
            raise SendError(str(error)) from error
        except ModemError as error:
            if error.status is None:
                self.close()  # silent or gone: begin anew
            raise SendError(str(error)) from error

    def listen(self, told: Callable[[str, str, str | None], None]) -> None:
        try:
            modem = self._opened()
            while (found := modem.listen(LISTEN_S)) is not None:
                # What people write back is not kept: they answer on the page or by voice.
                if isinstance(found, StatusReport):
                    told(str(found.reference), found.state, found.number)
                modem.acknowledge()
        except ModemError as error:
            self.close()
            raise SendError(str(error)) from error

    def close(self) -> None:
        if self._modem is not None:
            self._modem.close()
            self._modem = None

    def _opened(self) -> Modem:
        if self._modem is None:
            self._modem = Modem(self._port, self._pin)
        return self._modem


class ByGateway:
    """By HTTP; its reports come to the API (`POST /notices/reports`), not here."""

    name = "gateway"

    def __init__(self, gateway: Gateway) -> None:
        self.gateway = gateway

    def send(self, number: str, text: str, key: str) -> list[str]:
        try:
            return [self.gateway.send(number, text, key)]
        except GatewayError as error:
            raise SendError(str(error)) from error

    def listen(self, told: Callable[[str, str, str | None], None]) -> None:
        return

    def close(self) -> None:
        self.gateway.close()


@dataclass(frozen=True, slots=True)
class Text:
    notice_id: str
    person: str
    text: str


class Reaching:
    """Running from the start until `close`. `on_duty`: whether somebody may be told now. Without a
    sender nobody is told by text message."""

    def __init__(
        self,
        database: Database,
        sealer: Sealer,
        now_us: Callable[[], int],
        on_duty: Callable[[str], bool] = lambda _: True,
        sender: Sender | None = None,
        language_of: Callable[[str], str] = lambda _: "zh",
        changed: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._database, self._sealer, self.now_us = database, sealer, now_us
        self._on_duty, self._sender = on_duty, sender
        self._language_of, self._changed = language_of, changed
        self._texts: queue.Queue[Text | None] = queue.Queue()
        self._sending: set[tuple[str, str]] = set()  # notice, person
        self._lock = threading.Lock()
        self._stop, self._wake = threading.Event(), threading.Event()
        self._listen_from = 0.0
        self.error = ""  # of the sender, as long as it lasts
        self._threads = [threading.Thread(target=self._look_on, name="reach", daemon=True)]
        if sender is not None:
            self._threads.append(
                threading.Thread(target=self._send_on, args=(sender,), name="texts", daemon=True)
            )
        for thread in self._threads:
            thread.start()

    @property
    def channels(self) -> tuple[Channel, ...]:
        """Those that can be used here."""
        return ("app", "sms", "voice") if self._sender is not None else ("app", "voice")

    def wake(self) -> None:
        """Something changed: the ladders are looked at now."""
        self._wake.set()

    def close(self) -> None:
        self._stop.set()
        self._wake.set()
        self._texts.put(None)
        for thread in self._threads:
            thread.join()
        if self._sender is not None:
            self._sender.close()

    def tell(
        self,
        notice_id: str,
        person: str,
        channel: Channel | None,
        kind: EventKind,
        by: str = BY,
        detail: str = "",
        key: UUID | None = None,
    ) -> bool:
        """Keeps what happened and looks at the ladder. Raises what `reach.happened` raises."""
        with self._database.write() as connection:
            now_us = self.now_us()
            event = Event(person, channel, kind, now_us)
            fresh = reach.happened(connection, notice_id, key or uuid4(), event, by, detail)
            reach.look(connection, notice_id, now_us)
        if fresh:
            self._changed(notice_id)
            self.wake()
        return fresh

    def reported(self, sender: str, reference: str, state: str, number: str | None = None) -> bool:
        """A status report; whether it is of a message that waits for one."""
        mac = None if number is None else self._mac(number)
        with self._database.write() as connection:
            since_us = self.now_us() - REPORTS_FOR_US
            found = reach.text_reported(connection, sender, reference, state, since_us, mac)
        if found is None:
            return False
        notice_id, person, kind = found
        return self.tell(notice_id, person, "sms", kind, f"system:{sender}")

    def report_of_gateway(self, document: Any) -> bool:
        """One in the gateway's own form. GatewayError where it is none, or no gateway is used."""
        if not isinstance(self._sender, ByGateway):
            raise GatewayError("no gateway for text messages is used here")
        report = self._sender.gateway.report(document)
        return self.reported(self._sender.name, report.taken, report.state)

    def _look_on(self) -> None:
        while not self._stop.is_set():
            try:
                wait_s = self._look_once()
            except Exception:
                _log.exception("the ladders of notices are looked at again in a while")
                wait_s = AGAIN_AFTER_S
            self._wake.wait(wait_s)
            self._wake.clear()

    def _look_once(self) -> float:
        """Seconds until something is due."""
        with self._database.read() as connection:
            rows = reach.to_look_at(connection, self.now_us())
        for row in rows:
            with self._database.write() as connection:
                found = reach.look(connection, row.id, self.now_us())
            if found.due:
                self._do(row, found)
            elif found.state != row.state:
                self._changed(row.id)
        with self._database.read() as connection:
            next_us = reach.next_look_us(connection)
        if next_us is None:
            return LONGEST_WAIT_S
        wait_s = (next_us - self.now_us()) / 1e6
        # What waits for its sender stays due; the sender's thread wakes this one.
        return min(LONGEST_WAIT_S, max(wait_s, 0.0 if not self._sending else 1.0))

    def _do(self, row: reach.NoticeRow, found: Standing) -> None:
        for step in found.due:
            if not self._on_duty(step.person):
                self.tell(row.id, step.person, None, "off_duty")
            elif step.channel == "sms":
                self._hand_to_sender(row, step)
            else:
                # The page asks for it, or the desk calls: from here on its time runs.
                self.tell(row.id, step.person, step.channel, "sent")

    def _hand_to_sender(self, row: reach.NoticeRow, step: Step) -> None:
        if self._sender is None:
            self.tell(row.id, step.person, "sms", "failed", detail="no sender of text messages")
            return
        with self._lock:
            if (row.id, step.person) in self._sending:
                return
            self._sending.add((row.id, step.person))
        text = row.en if self._language_of(step.person) == "en" else row.zh
        self._texts.put(Text(row.id, step.person, text))

    def _send_on(self, sender: Sender) -> None:
        while not self._stop.is_set():
            try:
                text = self._texts.get(timeout=LISTEN_S)
            except queue.Empty:
                self._listen(sender)
                continue
            if text is not None:
                self._send(sender, text)
                with self._lock:
                    self._sending.discard((text.notice_id, text.person))
                self.wake()

    def _send(self, sender: Sender, text: Text) -> None:
        try:
            number = self._number(text.person)
            references = sender.send(number, text.text, text.notice_id)
            self.error = ""
        except SendError as error:
            self.error = str(error)
            self.tell(text.notice_id, text.person, "sms", "failed", detail=str(error))
            return
        with self._database.write() as connection:
            now_us = self.now_us()
            reach.text_sent(
                connection, sender.name, references, text.notice_id, text.person,
                self._mac(number), now_us,
            )  # fmt: skip
            reach.forget_texts(connection, now_us - REPORTS_FOR_US)
        self.tell(text.notice_id, text.person, "sms", "sent", f"system:{sender.name}")

    def _number(self, person: str) -> str:
        with self._database.read() as connection:
            account = person.removeprefix("account:")
            number = reach.contact(connection, account, "sms", self._sealer)
        if number is None:
            raise SendError("no number is known")
        return number

    def _listen(self, sender: Sender) -> None:
        def told(reference: str, state: str, number: str | None) -> None:
            self.reported(sender.name, reference, state, number)

        if time.monotonic() < self._listen_from:
            return
        try:
            sender.listen(told)
            self.error = ""
        except SendError as error:
            self.error = str(error)
            self._listen_from = time.monotonic() + AGAIN_AFTER_S

    def _mac(self, number: str) -> str:
        """Of the last eight digits: a report may name a number with or without its country."""
        return self._sealer.digest(number[-8:], "text message")
