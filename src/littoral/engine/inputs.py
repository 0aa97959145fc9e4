"""Opens what a user named: logs and tables, told apart by their content."""

from __future__ import annotations

from collections.abc import Iterator

from littoral.engine.files_in import Merge
from littoral.engine.tables import read_table
from littoral.link.files import InputError, Stream, is_pipe, sniff
from littoral.sense.ais import AisDecoder
from littoral.sense.decoded import Counts, Decoded, StationList
from littoral.sense.table import TableOptions


def merge(paths: list[str], stations: StationList, options: TableOptions | None = None) -> Merge:
    """All inputs as one stream in order of event time; `options` are for tables."""
    said = options or TableOptions()

    def open_input(source: int, path: str) -> Iterator[tuple[Decoded, float]]:
        kind = sniff(path)
        name = "stdin" if path == "-" else path.rsplit("/", 1)[-1]
        if kind == "nmea":
            yield from _log(source, path, name, stations)
            return
        yield from read_table(source, path, kind, name, stations, said)

    return Merge(paths, open_input)


def _log(
    source: int, path: str, name: str, stations: StationList
) -> Iterator[tuple[Decoded, float]]:
    decoder = AisDecoder(source, stations=stations, default_station=name)
    broken: InputError | None = None
    share = 0.0
    counts = Counts()
    try:
        for chunk, share in Stream(path):
            decoded = decoder.feed(chunk)
            counts.add(decoded.counts)
            yield decoded, share
    except InputError as error:
        broken = error  # told after the last line was used
    decoded = decoder.close()
    counts.add(decoded.counts)
    yield decoded, share
    if is_pipe(path) and counts.rejected and not counts.used and broken is None:
        # A file's form is known before it is read; a pipe can be read once only.
        broken = InputError("holds no AIS sentence; tables are read from files, not from a pipe")
    if broken is not None:
        raise broken
