"""Logs and lines of AIS to decoded rows."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from littoral.engine.library import frames, sentences
from littoral.engine.library.reading import warn
from littoral.link.files import InputError, Stream, sniff
from littoral.schema.ais import Observations
from littoral.sense.ais import AisDecoder
from littoral.sense.decoded import Counts, StationList
from littoral.sense.table import TableError

Lines = Iterable[str | bytes]
Source = Any  # path (str | os.PathLike[str]), bytes, Lines, or a table or column of lines
LINES_AT_ONCE = 100_000


def held(source: Source) -> Source:
    """The source; a column alone as a table of it, a stream of Arrow as a table."""
    column = frames.of_column(source, "line")
    if column is not None:
        return column
    return source if kind_of(source) is None else frames.once(source)


def kind_of(source: Source) -> frames.Kind | None:
    """Of a table; None for every other source."""
    try:
        return frames.kind_of(source)
    except TypeError:
        return None


def decoded(
    sources: Sequence[Source], stations: StationList, columns: Mapping[str, str]
) -> Observations:
    """All messages, source by source, in the order of their lines; `obs_id` is source << 40 | line.
    Warns of lines that hold no message. Raises ValueError where there is none at all."""
    parts: list[Observations] = []
    counts = Counts()
    for number, source in enumerate(sources, start=1):
        is_path = isinstance(source, str | os.PathLike)
        name = Path(os.fspath(source)).name if is_path else "lines"
        decoder = AisDecoder(number, stations=stations, default_station=name)
        for chunk in chunks(source, columns):
            got = decoder.feed(chunk)
            counts.add(got.counts)
            parts.append(got.observations)
        last = decoder.close()
        counts.add(last.counts)
        parts.append(last.observations)
    _account(counts)
    return Observations.concat(parts)


def chunks(source: Source, columns: Mapping[str, str]) -> Iterator[bytes]:
    """Bytes of a log or of lines."""
    if kind_of(source) is not None:
        yield from sentences.as_lines(source, columns)
        return
    if columns:
        raise TableError(f"columns={dict(columns)}: a log has no columns, tables do")
    if isinstance(source, str | os.PathLike):
        path = os.fspath(source)
        if path.lstrip().startswith(("!", "\\")) and not os.path.exists(path):
            raise ValueError("a text is the path of a log; give lines as a list: text.splitlines()")
        kind = sniff(path)
        if kind != "nmea":
            raise ValueError(
                f"{path} is a table ({kind}): read it with pandas, Polars or Arrow; it is taken "
                "wherever positions are"
            )
        try:
            for chunk, _ in Stream(path):
                yield chunk
        except InputError as error:
            warn(f"{path}: {error}; what came before it is used")
        return
    if isinstance(source, bytes):
        yield source
        return
    waiting: list[bytes] = []
    for line in source:
        whole = line if isinstance(line, bytes) else line.encode(errors="replace")
        waiting.append(whole if whole.endswith(b"\n") else whole + b"\n")
        if len(waiting) >= LINES_AT_ONCE:
            yield b"".join(waiting)
            waiting.clear()
    yield b"".join(waiting)


def _account(counts: Counts) -> None:
    said = ", ".join(f"{n:,} {reason}" for reason, n in Counter(counts.rejected).most_common())
    rejected = sum(counts.rejected.values())
    if rejected and not counts.used:
        raise ValueError(f"no AIS message in {counts.lines:,} lines: {said}")
    if rejected:
        warn(f"{rejected:,} of {counts.lines:,} lines were not used: {said}")
