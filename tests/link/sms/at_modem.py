"""A modem at a pseudo-terminal, written from 3GPP TS 27.005 and TS 27.007, for tests.

It echoes, asks for a PIN, takes messages in PDU mode, which an independent decoder reads, and gives
reports and messages unasked, each again until it was acknowledged (TS 27.005, 3.4.1 and 3.4.4).
"""

from __future__ import annotations

import os
import pty
import re
import threading
import tty
from io import StringIO
from typing import Any

from smspdudecoder.fields import SMSSubmit

CENTRE = "0891683108200805F0"
STAMP = "62119232950123"  # 2026-11-29 23:59:10, eight hours east


def semi_octets(digits: str) -> str:
    padded = digits + "F" * (len(digits) % 2)
    return "".join(padded[i + 1] + padded[i] for i in range(0, len(padded), 2))


class AtModem:
    """`port` is where it answers."""

    def __init__(self, pin: str = "") -> None:
        self.pin, self.locked = pin, bool(pin)
        self.refuse: int | None = None  # +CMS ERROR to all messages
        self.mute = False
        self.registered, self.quality = 1, 20
        self.split = False  # writes byte by byte
        self.in_between: list[str] = []  # said before the end of the next answer
        self.sent: list[dict[str, Any]] = []
        self.commands: list[str] = []
        self.waiting: list[str] = []  # for an acknowledgement
        self._echo, self._pdu_mode, self._gives = True, False, False
        self._expects: int | None = None
        self._reference = 0
        self._write_lock = threading.Lock()
        self.changed = threading.Condition()
        self._master, slave = pty.openpty()
        tty.setraw(slave)
        self._slave = slave  # held open, so that the line is there while nobody has it open
        self.port = os.ttyname(slave)
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def close(self) -> None:
        os.close(self._slave)
        os.close(self._master)
        self._thread.join(5)

    def say(self, text: str) -> None:
        with self._write_lock:
            data = text.encode()
            for piece in [data[i : i + 1] for i in range(len(data))] if self.split else [data]:
                os.write(self._master, piece)

    def report(self, reference: int, number: str, status: int) -> None:
        address = f"{len(number):02X}91{semi_octets(number)}"
        pdu = f"{CENTRE}06{reference:02X}{address}{STAMP}{STAMP}{status:02X}"
        self._give(f"\r\n+CDS: {len(pdu) // 2 - 9}\r\n{pdu}\r\n")

    def message(self, number: str, text: str) -> None:
        body = text.encode("utf-16-be").hex().upper()
        address = f"{len(number):02X}91{semi_octets(number)}"
        pdu = f"{CENTRE}04{address}0008{STAMP}{len(body) // 2:02X}{body}"
        self._give(f"\r\n+CMT: ,{len(pdu) // 2 - 9}\r\n{pdu}\r\n")

    def _give(self, text: str) -> None:
        self.waiting.append(text)
        if len(self.waiting) == 1:
            self.say(text)

    def _run(self) -> None:
        got = b""
        while True:
            try:
                more = os.read(self._master, 4096)
            except OSError:
                return
            got += more
            while got:
                if self._expects is not None:
                    if b"\x1b" in got:
                        got, self._expects = got.split(b"\x1b", 1)[1], None
                    elif b"\x1a" in got:
                        pdu, got = got.split(b"\x1a", 1)
                        self._message(pdu.decode().strip())
                    else:
                        break
                elif b"\r" in got:
                    line, got = got.split(b"\r", 1)
                    self._command(line.decode().strip("\x1b\n "), line)
                else:
                    break

    def _command(self, command: str, line: bytes) -> None:
        self.commands.append(command)
        if self.mute:
            return
        if self._echo:
            self.say(line.decode() + "\r")
        lines, end = self._answer(command)
        if end == ">":
            self.say("\r\n> ")
            return
        said = "".join(f"\r\n{text}\r\n" for text in lines)
        between = "".join(self.in_between)
        self.in_between.clear()
        self.say(f"{said}{between}\r\n{end}\r\n")
        if command == "AT+CNMA" and end == "OK":
            if self.waiting:
                self.say(self.waiting[0])
            with self.changed:
                self.changed.notify_all()

    def _answer(self, command: str) -> tuple[list[str], str]:
        if command == "ATE0":
            self._echo = False
        elif command == "AT+CPIN?":
            return ["+CPIN: SIM PIN" if self.locked else "+CPIN: READY"], "OK"
        elif command.startswith("AT+CPIN="):
            if command != f'AT+CPIN="{self.pin}"':
                return [], "+CME ERROR: 16"
            self.locked = False
        elif self.locked and command.startswith("AT+C") and command != "AT+CMEE=1":
            return [], "+CME ERROR: 11"
        elif command == "AT+CMGF=0":
            self._pdu_mode = True
        elif command == "AT+CSMS=1":
            return ["+CSMS: 1,1,1"], "OK"
        elif command == "AT+CNMI=2,2,0,1,0":
            self._gives = True
            if self.waiting:
                self.in_between.append(self.waiting[0])
        elif command == "AT+CNMA":
            if not self.waiting:
                return [], "+CMS ERROR: 340"  # no acknowledgement expected
            self.waiting.pop(0)
        elif command == "AT+CREG?":
            return [f"+CREG: 0,{self.registered}"], "OK"
        elif command == "AT+CEREG?":
            return [], "ERROR"
        elif command == "AT+CSQ":
            return [f"+CSQ: {self.quality},99"], "OK"
        elif wanted := re.fullmatch(r"AT\+CMGS=(\d+)", command):
            if not self._pdu_mode or not self._gives:
                return [], "+CMS ERROR: 302"
            self._expects = int(wanted[1])
            return [], ">"
        elif command not in ("AT+CMEE=1", ""):
            return [], "ERROR"
        return [], "OK"

    def _message(self, pdu: str) -> None:
        octets, self._expects = self._expects, None
        if octets != len(pdu) // 2 - 1:
            self.say("\r\n+CMS ERROR: 304\r\n")  # invalid PDU mode parameter
            return
        if self.refuse is not None:
            self.say(f"\r\n+CMS ERROR: {self.refuse}\r\n")
            return
        self._reference = self._reference % 255 + 1
        self.sent.append(SMSSubmit.decode(StringIO(pdu)) | {"given": self._reference})
        between = "".join(self.in_between)
        self.in_between.clear()
        self.say(f"{between}\r\n+CMGS: {self._reference}\r\n\r\nOK\r\n")
        with self.changed:
            self.changed.notify_all()
