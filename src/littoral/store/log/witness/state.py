"""What a witness remembers: the latest checkpoint of each log that it cosigned, durable first."""

from __future__ import annotations

import hashlib
import os
import threading
import time
from pathlib import Path

from littoral.store.files import Held, lock_alone, sync_directory, write_new
from littoral.store.log.checkpoint import Checkpoint, parse_text
from littoral.store.log.note import Signature, parse_note
from littoral.store.log.signing import Signer
from littoral.store.log.witness.judge import (
    Keys,
    check_consistency,
    check_signature,
    parse_request,
)


class WitnessBusy(Exception):
    """Another process uses the folder: two would cosign two histories."""


class WitnessState:
    """The folder of one witness. `logs/<SHA-256 of the origin>/checkpoint` is the memory."""

    def __init__(self, root: Path, key: Signer, logs: Keys) -> None:
        self.root = root
        self.key = key
        self.logs = logs
        self._lock = threading.Lock()
        (root / "logs").mkdir(parents=True, exist_ok=True)
        try:
            self._lock_fd = lock_alone(root)
        except Held:
            raise WitnessBusy(f"{root} is used by another witness") from None
        for origin in logs:
            folder = self.folder(origin_hash(origin))
            folder.mkdir(exist_ok=True)
            for left in folder.glob("*.tmp"):
                left.unlink()
        sync_directory(root / "logs")
        sync_directory(root)

    def folder(self, hashed: str) -> Path:
        return self.root / "logs" / hashed

    def latest(self, origin: str) -> Checkpoint | None:
        """NoteError when the memory is damaged: then nothing may be cosigned."""
        data = self.stored(origin_hash(origin))
        return None if data is None else parse_text(parse_note(data).text)

    def stored(self, hashed: str) -> bytes | None:
        """The latest checkpoint with the log's signature and ours, by the hash of its origin."""
        if hashed not in {origin_hash(origin) for origin in self.logs}:
            return None
        try:
            return (self.folder(hashed) / "checkpoint").read_bytes()
        except FileNotFoundError:
            return None

    def add_checkpoint(self, body: bytes) -> Signature:
        """Our cosignature, once the checkpoint is durable here. Refused where there is none."""
        request = parse_request(body)
        note = check_signature(request, self.logs)
        with self._lock:  # comparing and keeping are one step
            check_consistency(request, self.latest(request.checkpoint.origin))
            signature = self.key.cosign(note.text, int(time.time()))
            cosigned = note.with_signatures([signature])
            folder = self.folder(origin_hash(request.checkpoint.origin))
            write_new(folder / "checkpoint", str(cosigned).encode())
        return signature

    def close(self) -> None:
        os.close(self._lock_fd)


def origin_hash(origin: str) -> str:
    return hashlib.sha256(origin.encode()).hexdigest()
