"""A text message gateway by HTTP, described by a file, since each has a form of its own.

    url = "https://sms.example/send"
    headers = { Authorization = "Bearer @TOKEN" }      # @TOKEN: the secret of --sms-gateway-secret
    body = { to = "@NUMBER", content = "@TEXT", ref = "@ID" }
    taken = "/data/id"                                  # where its answer has the message's number

    [report]                                            # what it says later, of each message
    id = "/id"
    state = "/status"
    delivered = ["DELIVRD"]
    trying = ["ENROUTE", "ACCEPTD"]                     # any other state is a failure

`@NUMBER`, `@TEXT` and `@ID` stand for the receiver, the text and Littoral's number of it, within
values of `body` and, percent-encoded, of `url`; places are JSON pointers (RFC 6901).
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import httpx

from littoral.link.sms.pdu import NUMBER, State
from littoral.link.words import why

TIMEOUT_S = 10.0
MOST_BYTES = 64 * 1024
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


class GatewayError(Exception):
    """It cannot be used, or refuses; the message says what, never the text nor the number."""


@dataclass(frozen=True, slots=True)
class Report:
    """What became of the message that it took as `taken`."""

    taken: str
    state: State


@dataclass(frozen=True, slots=True)
class Form:
    """How a gateway wants to be asked, as its file says."""

    url: str
    headers: Mapping[str, str]
    body: Any
    taken: str
    report_id: str
    report_state: str
    delivered: frozenset[str]
    trying: frozenset[str]

    @classmethod
    def read(cls, path: Path) -> Form:
        """Raises GatewayError that names the file and the field."""
        try:
            document = tomllib.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise GatewayError(f"{path.name}: {why(error)}") from error
        try:
            return cls.of(document)
        except GatewayError as error:
            raise GatewayError(f"{path.name}: {error}") from None

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> Form:
        known = {"url", "headers", "body", "taken", "report"}
        if unknown := sorted(set(document) - known):
            raise GatewayError(f"{unknown[0]}: not known; known are {', '.join(sorted(known))}")
        report = _table(document, "report")
        headers = _table(document, "headers")
        for name, value in headers.items():
            if not isinstance(value, str):
                raise GatewayError(f"headers.{name}: no text")
        form = cls(
            _text(document, "url"),
            headers,
            document.get("body"),
            _pointer(document, "taken"),
            _pointer(report, "id", "report."),
            _pointer(report, "state", "report."),
            frozenset(_texts(report, "delivered")),
            frozenset(_texts(report, "trying")),
        )
        address = urlsplit(form.url)
        if address.scheme != "https" and address.hostname not in LOOPBACK:
            raise GatewayError("url: https alone, except on this machine")
        if not form.delivered:
            raise GatewayError("report.delivered: empty, so nothing would ever be delivered")
        return form


class Gateway:
    """Safe for several threads."""

    def __init__(self, form: Form, secret: str = "") -> None:
        self._form, self._secret = form, secret
        # No redirects: the secret goes where the file says. No proxy from the environment.
        self._client = httpx.Client(timeout=TIMEOUT_S, trust_env=False)

    def close(self) -> None:
        self._client.close()

    def send(self, number: str, text: str, key: str) -> str:
        """The gateway's own number of the message, by which its reports name it."""
        if not NUMBER.fullmatch(number):
            raise GatewayError("no telephone number")
        said = {"@NUMBER": number, "@TEXT": text, "@ID": key, "@TOKEN": self._secret}
        form = self._form
        url = _filled(form.url, {name: quote(value, safe="") for name, value in said.items()})
        headers = {name: _filled(value, said) for name, value in form.headers.items()}
        try:
            answer = self._client.post(url, headers=headers, json=_filled(form.body, said))
        except (httpx.HTTPError, httpx.InvalidURL, UnicodeError) as error:
            raise GatewayError(f"the gateway cannot be reached ({type(error).__name__})") from error
        if not answer.is_success:
            raise GatewayError(f"the gateway answered {answer.status_code}")
        if len(answer.content) > MOST_BYTES:
            raise GatewayError("the gateway's answer is too long")
        try:
            taken = _at(answer.json(), form.taken)
        except ValueError:
            raise GatewayError("the gateway's answer is no JSON") from None
        if not isinstance(taken, str | int) or isinstance(taken, bool) or taken == "":
            raise GatewayError(f"the gateway took no message: nothing at {form.taken}")
        return str(taken)

    def report(self, document: Any) -> Report:
        """Of what it said. GatewayError where it is none."""
        form = self._form
        taken, state = _at(document, form.report_id), _at(document, form.report_state)
        if not isinstance(taken, str | int) or isinstance(taken, bool):
            raise GatewayError(f"{form.report_id}: names no message")
        if not isinstance(state, str | int):
            raise GatewayError(f"{form.report_state}: says no state")
        if str(state) in form.delivered:
            return Report(str(taken), "delivered")
        return Report(str(taken), "trying" if str(state) in form.trying else "failed")


def _filled(value: Any, said: Mapping[str, str]) -> Any:
    """With what the names stand for; in one pass, so that a text may hold a name."""
    if isinstance(value, str):
        pieces, at = [], 0
        while at < len(value):
            name = next((n for n in said if value.startswith(n, at)), None)
            pieces.append(said[name] if name else value[at])
            at += len(name) if name else 1
        return "".join(pieces)
    if isinstance(value, Mapping):
        return {key: _filled(item, said) for key, item in value.items()}
    if isinstance(value, list):
        return [_filled(item, said) for item in value]
    return value


def _at(document: Any, pointer: str) -> Any:
    """None where there is nothing."""
    for part in pointer.split("/")[1:]:
        name = part.replace("~1", "/").replace("~0", "~")
        if isinstance(document, Mapping):
            document = document.get(name)
        elif isinstance(document, list) and name.isdecimal() and int(name) < len(document):
            document = document[int(name)]
        else:
            return None
    return document


def _table(document: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = document.get(name, {})
    if not isinstance(found, Mapping):
        raise GatewayError(f"{name}: no table")
    return found


def _text(document: Mapping[str, Any], name: str, within: str = "") -> str:
    found = document.get(name)
    if not isinstance(found, str) or not found:
        raise GatewayError(f"{within}{name}: missing, or no text")
    return found


def _pointer(document: Mapping[str, Any], name: str, within: str = "") -> str:
    found = _text(document, name, within)
    if not found.startswith("/"):
        raise GatewayError(f"{within}{name}: {found!r} is no JSON pointer, which begins with /")
    return found


def _texts(document: Mapping[str, Any], name: str) -> list[str]:
    found = document.get(name, [])
    if not isinstance(found, list) or not all(isinstance(item, str) for item in found):
        raise GatewayError(f"report.{name}: no list of texts")
    return found
