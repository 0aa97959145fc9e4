"""`littoral run --decode-only FILE... --json-lines`: every message as gpsd's scaled AIS JSON.

One message a line on standard output, null for what is not available (docs/decode.md). The account
of the lines goes to standard error. It is kept by the compiled decoder that `run` uses, so that
both commands count alike.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from itertools import islice

import orjson

from littoral.cli import say
from littoral.engine.files_in import Problem
from littoral.link.files import InputError, Stream, sniff
from littoral.link.words import why
from littoral.sense.ais import AisDecoder, Counts, StationList
from littoral.sense.ais.messages import Reader, Value

BATCH = 1000  # messages written at once; each is about 400 bytes


def run(files: list[str], as_json: bool) -> int:
    """Decodes all inputs one after another; 2 when one could not be read, or not to its end."""
    counted, problems = Counts(), []
    for path in files:
        counts, problem = decode(path)
        counted.add(counts)
        if counts.lines and not as_json:
            say.error(f"{device_of(path)}: {in_words(counts)}")
        if problem:
            problems.append(Problem(path, problem))
            say.error(f"{path}: {problem}")
    if as_json:
        said = {**counted.as_json(), "problems": [p.as_json() for p in problems]}
        sys.stderr.write(orjson.dumps(said).decode() + "\n")
    elif len(files) > 1:
        say.error(f"all: {in_words(counted)}")
    return 2 if problems else 0


def decode(path: str) -> tuple[Counts, str]:
    """Print the messages of one input; gives the account and what was wrong, "" for nothing."""
    device, counts, problem = device_of(path), Counts(), ""
    reader = Reader()
    account = AisDecoder(1, stations=StationList(), default_station=device)
    try:
        for chunk in chunks(path):
            counts.add(account.feed(chunk).counts)
            write(reader.feed(chunk), device)
    except InputError as error:
        problem = str(error)  # what came before it counts
    counts.add(account.close().counts)
    write(reader.close(), device)
    return counts, problem


def chunks(path: str) -> Iterator[bytes]:
    """The bytes of one input; raises InputError for whatever is wrong with it."""
    try:
        kind = sniff(path)
        if kind != "nmea":
            raise InputError(f"holds a table ({kind}), no messages to decode")
        for chunk, _ in Stream(path):
            yield chunk
    except OSError as error:
        raise InputError(why(error)) from None


def device_of(path: str) -> str:
    """What gpsd calls the source; a file's name need not be text, JSON must be."""
    return "stdin" if path == "-" else os.fsencode(path).decode(errors="replace")


def write(messages: Iterable[dict[str, Value]], device: str) -> None:
    """Print messages in batches and flush, so that a live pipe's reader sees them at once."""
    lines = json_lines(messages, device)
    while batch := b"".join(islice(lines, BATCH)):
        sys.stdout.buffer.write(batch)
    sys.stdout.buffer.flush()


def json_lines(messages: Iterable[dict[str, Value]], device: str) -> Iterator[bytes]:
    for message in messages:
        named = {"class": message.pop("class"), "device": device, **message}
        yield orjson.dumps(named, option=orjson.OPT_APPEND_NEWLINE)


def in_words(counts: Counts) -> str:
    """The account on one line."""
    said = f"{counts.lines:,} lines, {counts.messages:,} messages in {counts.used:,} of them"
    for title, by_reason in (("rejected", counts.rejected), ("ignored", counts.ignored)):
        listed = ", ".join(f"{reason} {n:,}" for reason, n in sorted(by_reason.items()))
        said += f"; {title} {sum(by_reason.values()):,}" + (f" ({listed})" if listed else "")
    return said
