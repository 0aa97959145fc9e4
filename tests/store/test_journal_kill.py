"""A writer process killed at random moments: everything it acknowledged is there, once."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
from pathlib import Path

from littoral.store.journal import Journal
from littoral.store.journal_fsck import fsck_journal

WRITER = """
import sys
from littoral.store.journal import Journal
journal = Journal.open(sys.argv[1], segment_bytes=20_000)
number = int(sys.argv[2])
while True:
    for _ in range(number % 7 + 1):
        journal.append(1, 9, number, b"%d" % number * (number % 90))
        number += 1
    journal.sync()
    print(number, flush=True)
"""

KILLS = 12


def test_killed_at_random_moments(tmp_path: Path) -> None:
    chance = random.Random(7)
    kept = 0
    for _ in range(KILLS):
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(tmp_path), str(kept)], stdout=subprocess.PIPE
        )
        assert writer.stdout is not None
        acknowledged = kept
        for _ in range(chance.randrange(1, 120)):
            acknowledged = int(writer.stdout.readline())
        writer.send_signal(signal.SIGKILL)
        rest = writer.stdout.read().split(b"\n")[:-1]  # acknowledged before the signal arrived
        writer.wait()
        acknowledged = int(rest[-1]) if rest else acknowledged
        assert fsck_journal(tmp_path).ok
        with Journal.open(tmp_path) as journal:
            entries = list(journal.read(0))
        kept = len(entries)
        assert kept >= acknowledged > 0
        assert [e.at_us for e in entries] == list(range(kept))
        assert all(e.payload == b"%d" % e.at_us * (e.at_us % 90) for e in entries)
    assert fsck_journal(tmp_path).records == kept
