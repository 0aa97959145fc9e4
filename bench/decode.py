"""AIVDM lines to columns, one core, quarantine on, beside the decoders that others publish.

Lines of a realistic mix (`bench._lines`): tag blocks, multi-sentence messages interleaved, 2 %
damaged. Everybody gets the same mix in the same run on the same core. aiscat is asked in each way
that its documentation offers for decoding, in chunks of the size that it is fastest with, and the
fastest way that gives values (not text) counts. Slow peers get fewer lines; gpsdecode reads a file
and writes to nothing; what is not installed (tools/peers.sh) is said in its row. Rates are by
processor time.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from typing import Any

from bench._harness import QUICK, pin_one_core, report, row
from bench._lines import realistic
from littoral.cli.decode_only import json_lines
from littoral.sense.ais import AisDecoder, StationList
from littoral.sense.ais.messages import decode_lines

LINES = 300_000 if QUICK else 2_000_000
SLOW_LINES = 20_000 if QUICK else 100_000
RUNS = 3 if QUICK else 5
CHUNK = 4 << 20  # as the engine reads files


def chunks(data: bytes, size: int) -> list[bytes]:
    """As a file or socket gives them: cut beforehand, since cutting is nobody's decoding."""
    return [data[i : i + size] for i in range(0, len(data), size)]


def littoral(data: Sequence[bytes]) -> tuple[int, int]:
    """Lines in the account and messages; rejects are taken out with their bytes, as always."""
    decoder = AisDecoder(0, stations=StationList(), default_station="bench")
    lines = messages = 0
    for chunk in data:
        counts = decoder.feed(chunk).counts
        lines += counts.lines
        messages += counts.messages
    counts = decoder.close().counts
    return lines + counts.lines, messages + counts.messages


def aiscat_dicts(data: Sequence[bytes]) -> int:
    import aiscat

    return sum(1 for _ in aiscat.iter_decode(data))


def aiscat_queue(data: Sequence[bytes]) -> int:
    import aiscat

    decoder, messages = aiscat.Decoder(), 0
    take = decoder.next
    for chunk in data:
        decoder.feed(chunk)
        while take() is not None:
            messages += 1
    return messages


def aiscat_json(data: Sequence[bytes]) -> int:
    import aiscat

    return sum(1 for _ in aiscat.iter_decode(data, format="json"))


def pyais_messages(data: bytes) -> int:
    from pyais.exceptions import AISBaseException
    from pyais.queue import NMEAQueue

    queue, messages = NMEAQueue(), 0
    for line in data.splitlines():
        try:
            queue.put_line(line)
            while (sentence := queue.get_or_none()) is not None:
                sentence.decode()
                messages += 1
        except (AISBaseException, ValueError, IndexError):
            continue
    return messages


def libais_messages(data: bytes) -> int:
    """libais has no reader of lines for bytes: the single sentences are cut out here."""
    import ais

    messages = 0
    for line in data.decode("latin1").splitlines():
        fields = line.split("!", 1)[-1].split(",")
        if len(fields) != 7 or fields[1] != "1":
            continue
        try:
            ais.decode(fields[5], int(fields[6][0]))
            messages += 1
        except (ais.DecodeError, ValueError, IndexError):
            continue
    return messages


def littoral_json(data: bytes) -> int:
    """Every field for people to read, in plain Python; the account is kept beside it."""
    decoder = AisDecoder(0, stations=StationList(), default_station="bench")
    decoder.feed(data).counts.check()
    decoder.close()
    return sum(len(line) for line in json_lines(decode_lines([data]), "bench"))


def gpsdecode_rate(data: bytes, lines: int) -> float:
    with tempfile.TemporaryFile() as file:
        file.write(data)
        file.seek(0)
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(
            ["gpsdecode", "-j"], stdin=file, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, check=True,
        )  # fmt: skip
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return lines / (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def rate(work: Callable[[Any], object], data: Any, lines: int, runs: int = RUNS) -> float:
    """Lines a second of processor time, best of `runs`: all here is one thread, and on a core that
    others use too the clock on the wall would measure them."""
    best = float("inf")
    for _ in range(runs):
        start = time.process_time()
        work(data)
        best = min(best, time.process_time() - start)
    return lines / best


def main() -> int:
    core = pin_one_core()
    data, lines = realistic(LINES)
    small, small_lines = realistic(SLOW_LINES)
    tagless, tagless_lines = realistic(LINES // 4, tagged=False, damaged=0.0)
    print(f"{lines:,} lines, {len(data) / lines:.1f} bytes each, core {core}")

    start = time.perf_counter()
    littoral([small])
    warm_s = time.perf_counter() - start
    mega, kilo64 = chunks(data, CHUNK), chunks(data, 1 << 16)
    counted, messages = littoral(mega)
    assert counted == lines, (counted, lines)

    # Ours and aiscat by turns, so that a disturbance of the machine meets both.
    ours, theirs = 0.0, dict[str, float]()
    ways = {"dict": aiscat_dicts, "dict, queue": aiscat_queue, "json bytes": aiscat_json}
    for _ in range(2):
        ours = max(ours, rate(littoral, mega, lines))
        for name, way in ways.items():
            theirs[name] = max(theirs.get(name, 0.0), rate(way, kilo64, lines, 1))
    objects = max(theirs["dict"], theirs["dict, queue"])
    rows = [
        row("littoral, bytes to columns", ours, "lines/s"),
        row("messages in them", float(messages), "messages"),
        row("ratio to aiscat (aim 10)", ours / objects, "times", at_least=5, peer="aiscat"),
        row("ratio to aiscat writing JSON", ours / theirs["json bytes"], "times", peer="aiscat"),
        *(row(f"aiscat, {n}", v, "lines/s", peer="aiscat") for n, v in theirs.items()),
        row(
            "littoral, without tag blocks or damage",
            rate(littoral, chunks(tagless, CHUNK), tagless_lines), "lines/s",
        ),
        row("littoral, chunks of 64 KiB", rate(littoral, kilo64, lines),
            "lines/s"),
        row("littoral, chunks of 8 MiB", rate(littoral, chunks(data, 8 << 20), lines),
            "lines/s"),
        row("first call, code compiled or loaded", warm_s, "s"),
    ]  # fmt: skip
    peers: list[tuple[str, str, Callable[[bytes], float]]] = [
        ("pyais", "pyais", lambda d: rate(pyais_messages, d, small_lines, 1)),
        ("libais", "libais, single sentences", lambda d: rate(libais_messages, d, small_lines, 1)),
        ("gpsdecode", "gpsdecode to JSON", lambda d: gpsdecode_rate(d, small_lines)),
    ]
    for name, what, measure in peers:
        try:
            speed = measure(small)
        except (ImportError, FileNotFoundError):
            what, speed = f"{what} (not installed here)", None
        rows.append(row(what, speed, "lines/s", peer=name))
    rows.append(
        row(
            "littoral to gpsd's JSON (run --decode-only)",
            rate(littoral_json, small, small_lines, 1), "lines/s",
        )
    )  # fmt: skip
    return report("decode", rows)


if __name__ == "__main__":
    os.environ.setdefault("NUMBA_NUM_THREADS", "1")
    sys.exit(main())
