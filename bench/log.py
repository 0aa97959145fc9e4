"""Appends to the oversight log, durable before the answer, and proofs from tiles on the disk.

Each caller appends one entry of some 300 bytes (an access with purpose, case and commitment; making
its bytes counts), waits for the answer and appends the next; the log publishes tiles every second
meanwhile. Beside it stands what the disk gives: one write of 4 KiB and one fdatasync after another.
After each run the verifier reads the folder and must find every entry that was answered for. Proofs
are of random entries of a log of ten million, each by a reader that has read nothing before.
"""

from __future__ import annotations

import asyncio
import os
import random
import shutil
import sys
import tempfile
import threading
import time
from pathlib import Path

from bench import _biglog
from bench._harness import QUICK, report, row
from littoral.cli import process
from littoral.schema.logentry import LogEntry, Verdict, commit
from littoral.store.log.fsck import fsck_log
from littoral.store.log.reader import LogReader
from littoral.store.log.signing import Signer
from littoral.store.log.writer import Log

KEY = Signer("log.example/bench", 1, bytes(range(32)))
RUN_S = 2.0 if QUICK else 6.0
TASKS = 2000
THREADS = 64
BIG = 500_000 if QUICK else 10_000_000
PROOFS = 300 if QUICK else 2000
BASE_US = 1_764_028_800_000_000
POLICY = bytes(range(32))
DETAILS = commit(b"what was looked at", "key:19", bytes(32))


def entry(number: int) -> LogEntry:
    return LogEntry(
        time_us=BASE_US + number,
        actor="account:0192f0c4-7bbb-8ccc-9ddd-1234567890ab",
        action="person.read",
        thing="person:0192f0c4-aaaa-7bbb-8ccc-1234567890ab",
        verdict=Verdict.ALLOW,
        purpose="search-and-rescue",
        case="case:2026/114",
        legal_basis="LED-10a",
        policy_hash=POLICY,
        details=DETAILS,
    )


def bare_syncs(folder: Path) -> float:
    """Writes with one fdatasync each, a second."""
    fd = os.open(folder / "bare", os.O_WRONLY | os.O_CREAT)
    data, count, start = os.urandom(4096), 0, time.perf_counter()
    while (spent := time.perf_counter() - start) < RUN_S / 2:
        os.write(fd, data)
        os.fdatasync(fd)
        count += 1
    os.close(fd)
    return count / spent


def by_tasks(root: Path, callers: int) -> tuple[float, list[float]]:
    """Answers a second and the seconds that each took, callers being tasks of one event loop."""
    waits: list[float] = []

    async def caller(log: Log, until: float) -> None:
        while (asked := time.perf_counter()) < until:
            await log.append_async([entry(len(waits))])
            waits.append(time.perf_counter() - asked)

    async def all_callers(log: Log) -> float:
        start = time.perf_counter()
        await asyncio.gather(*(caller(log, start + RUN_S) for _ in range(callers)))
        return time.perf_counter() - start

    with Log(root, KEY) as log:
        spent = asyncio.run(all_callers(log))
    verify(root, len(waits))
    return len(waits) / spent, sorted(waits)


def by_threads(root: Path, callers: int) -> tuple[float, list[float]]:
    """The same by threads."""
    waits: list[float] = []

    def caller(until: float) -> None:
        while (asked := time.perf_counter()) < until:
            log.append([entry(len(waits))]).result()
            waits.append(time.perf_counter() - asked)

    with Log(root, KEY) as log:
        start = time.perf_counter()
        threads = [threading.Thread(target=caller, args=(start + RUN_S,)) for _ in range(callers)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        spent = time.perf_counter() - start
    verify(root, len(waits))
    return len(waits) / spent, sorted(waits)


def verify(root: Path, answered: int) -> None:
    found = fsck_log(root, KEY.public)
    if not found.ok or found.size != answered:
        raise RuntimeError(f"{answered} answered, {found.size} kept, damage: {found.damage[:3]}")


def proofs(root: Path) -> list[float]:
    """Seconds of each, sorted; a proof that did not verify would have raised."""
    chance, seconds = random.Random(1), []
    for _ in range(PROOFS):
        index = chance.randrange(BIG)
        start = time.perf_counter()
        proof = LogReader(root, KEY.public).proof(index)
        seconds.append(time.perf_counter() - start)
        if proof.entry != _biglog.entry(index):
            raise RuntimeError(f"entry {index} is another")
    return sorted(seconds)


def main() -> int:
    process.prepare()  # as the server does
    folder = Path(tempfile.mkdtemp(prefix="littoral-log-", dir=Path(__file__).parent))
    try:
        before = bare_syncs(folder)
        rows = []
        for callers, bound in ((TASKS, 5000), (100, None), (1, None)):
            rate, waits = by_tasks(folder / f"tasks{callers}", callers)
            who = "1 caller alone" if callers == 1 else f"{callers:,} callers of one event loop"
            rows.append(row(f"appends, {who}", rate, "1/s", at_least=bound))
            rows.append(row(f"its answer, 99 of 100, {who}", 1e3 * at(waits, 0.99), "ms"))
        rate, waits = by_threads(folder / "threads", THREADS)
        rows.append(row(f"appends, {THREADS} threads", rate, "1/s"))
        rows.append(row(f"its answer, 99 of 100, {THREADS} threads", 1e3 * at(waits, 0.99), "ms"))
        after = bare_syncs(folder)
        rows.insert(0, row("writes with a sync each, before", before, "1/s"))
        rows.insert(1, row("writes with a sync each, after", after, "1/s"))
        start = time.perf_counter()
        _biglog.build(folder / "big", BIG, KEY)
        print(f"built {BIG:,} entries in {time.perf_counter() - start:.0f} s", flush=True)
        seconds = proofs(folder / "big")
        rows.append(row("entries of the log that proofs are of", BIG, "1"))
        rows.append(row("proof, half of them", 1e3 * at(seconds, 0.5), "ms"))
        rows.append(row("proof, 99 of 100", 1e3 * at(seconds, 0.99), "ms", at_most=10))
        rows.append(row("proof, slowest", 1e3 * seconds[-1], "ms"))
    finally:
        shutil.rmtree(folder)
    return report("log", rows)


def at(ordered: list[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


if __name__ == "__main__":
    sys.exit(main())
