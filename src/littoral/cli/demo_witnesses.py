"""Two witnesses of the demonstration's log, each a process of its own with a key of its own."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from littoral.engine.trust import log_signer
from littoral.store.log.cosign import Witness
from littoral.store.log.note import VerifierKey
from littoral.store.records import Records

NAMES = ("harbour.demo.invalid/witness", "court.demo.invalid/witness")
FOLDER = "-witnesses"  # beside the data folder: theirs, not ours


@contextmanager
def demo_witnesses(data: Path, records: Records) -> Iterator[tuple[Witness, ...]]:
    """They run until the end of the block. Raises OSError when one does not start."""
    key = str(log_signer(data, records).public)
    folder = data.with_name(data.name + FOLDER)
    running = [_start(folder / str(n), name, key) for n, name in enumerate(NAMES, 1)]
    try:
        found = tuple(_witness(process) for process in running)
        for n, witness in enumerate(found, 1):  # by which anybody checks what they cosigned
            (folder / f"{n}.vkey").write_text(f"{witness.key}\n", encoding="utf-8")
        yield found
    finally:
        for process in running:
            process.terminate()
        for process in running:
            process.wait(10)
            if process.stdout is not None:
                process.stdout.close()


def _start(folder: Path, name: str, log_key: str) -> subprocess.Popen[str]:
    command = [
        sys.executable, "-m", "littoral.cli", "witness", "--dir", str(folder), "--name", name,
        "--log-key", log_key, "--port", "0",
    ]  # fmt: skip
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def _witness(process: subprocess.Popen[str]) -> Witness:
    """Address and key from what it prints when it listens."""
    said = process.stdout
    if said is None:
        raise OSError("a witness says nothing")
    key, address = said.readline(), said.readline()
    if not key.startswith("witness key: ") or not address.startswith("http"):
        raise OSError(f"a witness did not start: {key}{address}")
    print(f"witness: {address.strip()}", flush=True)
    return Witness(address.split(" ", 1)[0], VerifierKey.parse(key.removeprefix("witness key: ")))
