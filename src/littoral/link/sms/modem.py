"""A GSM, UMTS or LTE modem by AT commands: 3GPP TS 27.005 (messages, in PDU mode) and TS 27.007.

One thread owns a modem. What it says unasked (a status report, a message) is kept in order until
`listen` gives it. Whoever has stored it says `acknowledge`: until then the modem and the network
keep it, and give it again after a restart.
"""

from __future__ import annotations

import re
import time
from collections import deque
from dataclasses import dataclass
from datetime import timedelta

import serial

from littoral.link.sms.pdu import Part, PduError, Received, StatusReport, read
from littoral.link.words import why

ANSWER_S = 10.0
SENT_S = 60.0  # TS 27.005 leaves it open; networks answer in seconds
BAUD = 115_200
LONGEST_LINE = 2_048
KEEP = timedelta(hours=1)  # a page of yesterday pages nobody
END, ESCAPE = "\x1a", "\x1b"

_ENDS = re.compile(r"OK|ERROR|\+CM[ES] ERROR: .*|NO CARRIER|COMMAND NOT SUPPORT")
_TAKEN = re.compile(r"\+CMGS: ?(\d+)")
_UNASKED = re.compile(r"\+(CDS|CMT):")
_REGISTERED = re.compile(r"\+C(?:E|G)?REG: ?\d, ?([15])\b")
_QUALITY = re.compile(r"\+CSQ: ?(\d+)")


class ModemError(Exception):
    """It does not answer or refuses; the message says what. `status`: the network's number of
    TS 27.005, 3.2.5, where it gave one."""

    def __init__(self, message: str, status: int | None = None) -> None:
        super().__init__(message)
        self.status = status


@dataclass(frozen=True, slots=True)
class Line:
    """`signal_dbm`: None where the modem does not know."""

    registered: bool
    signal_dbm: int | None


class Modem:
    """At a serial port. Raises ModemError where nothing answers there, or the SIM card is not
    ready. Not safe for several threads."""

    def __init__(self, port: str, pin: str = "", answer_s: float = ANSWER_S) -> None:
        self.port = port
        self._answer_s = answer_s
        self._unasked: deque[StatusReport | Received] = deque()
        self._rest = b""
        self._rejected = 0
        try:
            self._line = serial.Serial(port, BAUD, timeout=0.05, write_timeout=answer_s)
        except (OSError, ValueError) as error:  # SerialException is an OSError
            raise ModemError(f"{port}: {why(error)}") from error
        try:
            self._prepare(pin)
        except ModemError:
            self._line.close()
            raise

    @property
    def rejected(self) -> int:
        """Messages and reports that could not be read."""
        return self._rejected

    def close(self) -> None:
        self._line.close()

    def __enter__(self) -> Modem:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def line(self) -> Line:
        """How it stands with the network."""
        said = self._ask("AT+CREG?") + self._ask("AT+CEREG?", may_refuse=True)
        quality = next(
            (int(m[1]) for text in self._ask("AT+CSQ") if (m := _QUALITY.match(text))), 99
        )
        # TS 27.007, 8.5: 0 to 31 are -113 dBm to -51 dBm in steps of two.
        dbm = -113 + 2 * quality if quality <= 31 else None
        return Line(any(_REGISTERED.match(text) for text in said), dbm)

    def send(self, part: Part) -> int:
        """Hands a part to the network; the reference that its status report will have."""
        self._write(f"AT+CMGS={part.octets}\r")
        self._prompt()
        self._write(part.text + END)
        for text in self._until_end("AT+CMGS", SENT_S):
            if taken := _TAKEN.match(text):
                return int(taken[1])
        raise ModemError(f"{self.port}: it took a message and did not say by which number")

    def listen(self, seconds: float) -> StatusReport | Received | None:
        """What came unasked, the oldest first; waits at most `seconds`."""
        end = time.monotonic() + seconds
        while not self._unasked:
            left = end - time.monotonic()
            if left <= 0:
                return None
            text = self._read_line(left)
            if text:
                self._take(text)
        return self._unasked.popleft()

    def acknowledge(self) -> None:
        """What `listen` gave is stored."""
        self._ask("AT+CNMA", may_refuse=True)  # some acknowledge by themselves and say ERROR

    def _prepare(self, pin: str) -> None:
        self._write(ESCAPE)  # out of a message that a former run left unfinished
        self._ask("ATE0", tries=3)
        self._ask("AT+CMEE=1")
        if not any("READY" in text for text in self._ask("AT+CPIN?")):
            if not pin:
                raise ModemError(f"{self.port}: the SIM card asks for a PIN and none is set")
            # Once: a third wrong one locks the card.
            self._ask(f'AT+CPIN="{pin}"', secret=True)
        self._ask("AT+CMGF=0")
        self._ask("AT+CSMS=1", may_refuse=True)  # reports and messages are acknowledged by us
        self._ask("AT+CNMI=2,2,0,1,0")  # give reports and messages as they come

    def _ask(
        self, command: str, may_refuse: bool = False, tries: int = 1, secret: bool = False
    ) -> list[str]:
        """The lines of the answer before its end."""
        shown = command.split("=", 1)[0] if secret else command
        for left in reversed(range(tries)):
            self._write(command + "\r")
            try:
                return self._until_end(shown, self._answer_s)
            except ModemError as error:
                if may_refuse and error.status is not None:
                    return []
                if left == 0:
                    raise
        return []

    def _until_end(self, shown: str, seconds: float) -> list[str]:
        end, found = time.monotonic() + seconds, list[str]()
        while (left := end - time.monotonic()) > 0:
            text = self._read_line(left)
            if not text or self._take(text):
                continue
            if not _ENDS.fullmatch(text):
                found.append(text)
            elif text == "OK":
                return found
            else:
                number = re.search(r"\d+$", text)
                status = int(number[0]) if number else 0
                raise ModemError(f"{self.port}: {shown} was answered by {text}", status)
        raise ModemError(f"{self.port}: no answer to {shown} in {seconds:g} s")

    def _take(self, text: str) -> bool:
        """Whether the line begins something unasked; then its message is the next line."""
        if not _UNASKED.match(text):
            return False
        message = ""
        end = time.monotonic() + self._answer_s
        while not message and (left := end - time.monotonic()) > 0:
            message = self._read_line(left)
        try:
            self._unasked.append(read(message))
        except PduError:
            self._rejected += 1
        return True

    def _prompt(self) -> None:
        """Waits for `> `, which no line end follows."""
        end = time.monotonic() + self._answer_s
        while (left := end - time.monotonic()) > 0:
            if self._rest.lstrip(b"\r\n").startswith(b">"):
                self._rest = b""
                return
            text = self._read_line(min(left, 0.05))
            if text and not self._take(text) and _ENDS.fullmatch(text):
                raise ModemError(f"{self.port}: it takes no message: {text}")
        self._write(ESCAPE)
        raise ModemError(f"{self.port}: it does not ask for the message")

    def _read_line(self, seconds: float) -> str:
        """The next line without its end; "" where none came in time."""
        end = time.monotonic() + seconds
        while b"\n" not in self._rest:
            if time.monotonic() > end:
                return ""
            try:
                self._rest += self._line.read(max(1, self._line.in_waiting))
            except (OSError, TypeError) as error:  # TypeError: closed under it
                raise ModemError(f"{self.port}: it is gone") from error
            if len(self._rest) > LONGEST_LINE and b"\n" not in self._rest:
                self._rest, self._rejected = b"", self._rejected + 1
        line, self._rest = self._rest.split(b"\n", 1)
        return line.decode("ascii", "replace").strip()

    def _write(self, text: str) -> None:
        try:
            self._line.write(text.encode())
            self._line.flush()
        except OSError as error:
            raise ModemError(f"{self.port}: it is gone") from error
