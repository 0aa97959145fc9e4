"""The log's side of the witness protocol (C2SP tlog-witness, add-checkpoint)."""

from __future__ import annotations

import http.client
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from littoral.store.log.checkpoint import parse_size
from littoral.store.log.merkle import ProofError
from littoral.store.log.note import (
    Note,
    NoteError,
    Signature,
    VerifierKey,
    encode64,
    parse_signatures,
)

TIMEOUT_S = 3.0
REST_S = 30.0  # a witness that did not answer is left alone so long
MAX_ANSWER = 1 << 16

Consistency = Callable[[int, int], list[bytes]]  # (old size, new size) -> proof


class WitnessError(Exception):
    """The witness did not cosign; the message says why."""


@dataclass(slots=True)
class Witness:
    """One witness: its submission prefix, its key, and how it went last."""

    url: str
    key: VerifierKey
    size: int = 0  # of the tree that it cosigned last, as far as is known
    cosigned_s: int | None = None  # when, by its own clock
    error: str | None = None
    rest_s: float = REST_S
    _rest_until: float = field(default=0.0, repr=False)
    _connection: http.client.HTTPConnection | None = field(default=None, repr=False)

    def cosign(self, note: Note, size: int, consistency: Consistency) -> Signature:
        """Its cosignature on the checkpoint. WitnessError when there is none to be had."""
        status, body = self._add(note, self.size, size, consistency)
        if status == 409:  # it knows another tree than we thought
            known = parse_size(body.decode("ascii", "replace").removesuffix("\n"))
            if known > size:
                raise WitnessError(f"has cosigned {known} entries, this log has {size}")
            status, body = self._add(note, known, size, consistency)
        if status != 200:
            raise WitnessError(f"answered {status}: {body[:200].decode(errors='replace').strip()}")
        for signature in parse_signatures(body.decode("utf-8")):
            if (signature.name, signature.id) == (self.key.name, self.key.id):
                self.cosigned_s = self.key.verify(note.text, signature.data)
                self.size = size
                return signature
        raise WitnessError("answered without a signature by its key")

    def _add(self, note: Note, old: int, new: int, consistency: Consistency) -> tuple[int, bytes]:
        proof = "".join(encode64(h) + "\n" for h in consistency(old, new))
        return self._post(f"old {old}\n{proof}\n{note}".encode())

    def _post(self, body: bytes) -> tuple[int, bytes]:
        """Over the connection that is open; once more over a new one if that was closed."""
        at = urlsplit(self.url)
        for again in (self._connection is not None, False):
            if self._connection is None:
                self._connection = (
                    http.client.HTTPSConnection(at.netloc, timeout=TIMEOUT_S)
                    if at.scheme == "https"
                    else http.client.HTTPConnection(at.netloc, timeout=TIMEOUT_S)
                )
            try:
                path = at.path.rstrip("/") + "/add-checkpoint"
                self._connection.request("POST", path, body)
                answer = self._connection.getresponse()
                return answer.status, answer.read(MAX_ANSWER)
            except (OSError, http.client.HTTPException):
                self._connection.close()
                self._connection = None
                if not again:
                    raise
        raise AssertionError("unreachable")

    def rests_s(self) -> float:
        """How long it is still to be left alone."""
        return max(0.0, self._rest_until - time.monotonic())

    def behind(self, size: int) -> bool:
        """Whether it has not cosigned the tree of this size, as far as is known."""
        return self.size < size or self.error is not None

    def failed(self, error: Exception) -> None:
        self.error = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
        self._rest_until = time.monotonic() + self.rest_s


@dataclass(frozen=True, slots=True)
class WitnessStanding:
    """How one witness stands to the published log. `size`: entries it is known to have cosigned."""

    name: str
    url: str
    size: int
    behind: bool
    cosigned_s: int | None
    error: str | None


class Witnesses:
    """All that a log asks. One that is down or refuses costs its cosignature, never the log."""

    def __init__(self, witnesses: Iterable[Witness]) -> None:
        self.all = tuple(witnesses)

    def ask(self, note: Note, size: int, consistency: Consistency) -> list[Signature]:
        """The cosignatures that came, of those that are behind; the reasons of those that did not
        are in `error`."""
        asked = [w for w in self.all if w.behind(size) and not w.rests_s()]
        if not asked:
            return []
        with ThreadPoolExecutor(len(asked), "log-witness") as pool:
            found = pool.map(lambda w: _ask(w, note, size, consistency), asked)
            return [s for s in found if s is not None]

    def again_s(self, size: int) -> float | None:
        """When to ask again about the tree of this size; None: all have cosigned it."""
        return min((w.rests_s() for w in self.all if w.behind(size)), default=None)

    def standing(self, size: int) -> tuple[WitnessStanding, ...]:
        """Of each, when `size` entries are published."""
        return tuple(
            WitnessStanding(w.key.name, w.url, w.size, w.behind(size), w.cosigned_s, w.error)
            for w in self.all
        )

    def seen(self, note: Note) -> tuple[tuple[VerifierKey, int], ...]:
        """Which of the witnesses signed the note, and when."""
        keys = {(w.key.name, w.key.id): w.key for w in self.all}
        signed = [(keys.get((s.name, s.id)), s) for s in note.signatures]
        return tuple(
            (key, int.from_bytes(s.data[:8], "big")) for key, s in signed if key is not None
        )


def _ask(witness: Witness, note: Note, size: int, consistency: Consistency) -> Signature | None:
    try:
        signature = witness.cosign(note, size, consistency)
    except (
        WitnessError,
        NoteError,
        ProofError,
        OSError,
        ValueError,
        http.client.HTTPException,
    ) as e:
        witness.failed(e)
        return None
    witness.error = None
    return signature


def parse_witnesses(texts: Sequence[str]) -> Witnesses:
    """From `URL VKEY` each. NoteError when one is not so."""
    found = []
    for text in texts:
        url, _, key = text.strip().partition(" ")
        try:
            fits = urlsplit(url).scheme in ("http", "https")
        except ValueError:  # a bracket that is not closed
            fits = False
        if not fits:
            raise NoteError(f"{url!r} is no address of a witness")
        found.append(Witness(url, VerifierKey.parse(key)))
    return Witnesses(found)
