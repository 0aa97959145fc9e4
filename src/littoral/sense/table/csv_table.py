"""CSV bytes to observations: any separator, cut anywhere, every line accounted for."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pyarrow.csv

from littoral.schema.ais import Observations
from littoral.sense.decoded import Counts, Decoded, Rejects, StationList
from littoral.sense.table.layout import TableError, TableOptions, recognise
from littoral.sense.table.rows import RowReader
from littoral.sense.table.values import NULLS

MAX_LINE = 64 << 10  # bytes; a longer line is not a row of a table of ships
MAX_RAW = 512  # bytes of a rejected line that the quarantine keeps
BLOCK = 4 << 20
SEPARATORS = (",", ";", "\t", "|")
BOM = b"\xef\xbb\xbf"
_NULL_SET = frozenset(NULLS)


class CsvTable:
    """One source. `feed` it bytes, `close` it at the end.

    Raises TableError when the header is not that of an AIS table. A quoted value may not run over
    a line's end: such lines are rejected (`open_quote`), and so is a line with a NUL or a return in
    it (`control_character`; RFC 4180 has neither). Text that is not UTF-8 is kept with the
    replacement character.
    """

    def __init__(
        self,
        source: int,
        *,
        stations: StationList,
        default_station: str,
        options: TableOptions | None = None,
    ) -> None:
        self._make = (source, stations, default_station, options or TableOptions())
        self._tail = bytearray()
        self._long: bytes | None = None  # beginning of a line that is too long, to its end
        self._lines = 0
        self._header: bytes | None = None
        self._separator = ","
        self._width = 0  # columns of a row; 0 until the first row was seen
        self._reader: RowReader | None = None

    def feed(self, chunk: bytes) -> Decoded:
        """Takes some bytes; gives what whole lines they complete."""
        parts = []
        for start in range(0, len(chunk), BLOCK):
            parts += self._take(chunk[start : start + BLOCK])
        return _joined(parts)

    def close(self) -> Decoded:
        """The input has ended: takes a last line that lacks its end. Raises TableError when no
        header came."""
        parts = self._take(b"\n") if self._tail or self._long is not None else []
        if self._header is None:
            raise TableError("holds no line with the names of the columns")
        return _joined(parts)

    def _take(self, chunk: bytes) -> list[Decoded]:
        parts = []
        if self._long is not None:
            end = chunk.find(b"\n")
            if end < 0:
                return []
            parts.append(self._reject_line(self._long, "too_long"))
            self._long, chunk = None, chunk[end + 1 :]
        data = bytes(self._tail) + chunk
        end = data.rfind(b"\n") + 1
        self._tail = bytearray(data[end:])
        if end:
            parts.append(self._block(data[:end]))
        if len(self._tail) > MAX_LINE:
            self._long = bytes(self._tail[:MAX_RAW])
            self._tail.clear()
        return parts

    def _reject_line(self, raw: bytes, reason: str) -> Decoded:
        self._lines += 1
        counts = Counts(lines=1)
        counts.reject(reason)
        rejects = Rejects(np.array([self._lines], np.int64), [reason], [raw[:MAX_RAW]])
        return Decoded(Observations.empty(), rejects, counts)

    def _block(self, data: bytes) -> Decoded:
        """Whole lines."""
        lines = _Lines(data, self._lines)
        self._lines += lines.count
        counts = Counts(lines=lines.count)
        rejected: list[tuple[int, str]] = []
        blank = lines.blank()
        counts.ignore("blank", int(blank.sum()))
        too_long = lines.too_long()
        rejected += [(i, "too_long") for i in np.flatnonzero(too_long).tolist()]
        keep = ~blank & ~too_long
        if self._header is None and keep.any():
            self._read_header(lines.raw(int(np.argmax(keep))))
        if self._header is not None:
            for i in lines.equal_to(self._header):
                keep[i] = False  # also where files were put one after another
                counts.ignore("header")
            odd = keep & lines.open_quote()
            rejected += [(i, "open_quote") for i in np.flatnonzero(odd).tolist()]
            keep &= ~odd
            odd = keep & lines.broken()
            rejected += [(i, "control_character") for i in np.flatnonzero(odd).tolist()]
            keep &= ~odd
        columns, rows = self._parse(lines, np.flatnonzero(keep), rejected)
        read = Decoded.empty()
        if self._reader is not None and len(rows):
            read = self._reader.read(columns, lines.numbers(rows), lambda i: lines.raw(rows[i]))
        for _, reason in rejected:
            counts.reject(reason)
        read.counts.lines = 0  # counted above, with the others
        counts.add(read.counts)
        own = Rejects(
            lines.numbers(np.array([i for i, _ in rejected], np.int64)),
            [reason for _, reason in rejected],
            [lines.raw(i)[:MAX_RAW] for i, _ in rejected],
        )
        return Decoded(read.observations, _sorted(Rejects.concat([own, read.rejects])), counts)

    def _read_header(self, raw: bytes) -> None:
        if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
            raise TableError("is UTF-16; save it as UTF-8")
        try:
            text = raw.removeprefix(BOM).decode()
        except UnicodeDecodeError:
            raise TableError("its first line is not UTF-8; save it as UTF-8") from None
        separator = max(SEPARATORS, key=text.count)
        names = cells(text, separator)
        source, stations, default_station, options = self._make
        layout = recognise(names, options)
        self._reader = RowReader(layout, source, stations, default_station, separator != ",")
        self._header, self._separator, self._width = raw, separator, 0
        self._names = len(names)

    def _parse(
        self, lines: _Lines, keep: np.ndarray, rejected: list[tuple[int, str]]
    ) -> tuple[dict[str, pa.Array], np.ndarray]:
        """(text by field, indices of the rows' lines); adds rows of another width to `rejected`."""
        if not len(keep) or self._reader is None:
            return {}, keep[:0]
        if not self._width:
            self._width = self._names
            # Some writers end each row, but not the header, with a separator.
            first = cells(lines.text(keep[0]), self._separator)
            if len(first) == self._names + 1 and not first[-1].strip():
                self._width += 1
        fields = self._reader.layout.fields
        wanted = sorted({s.column for s in fields.values()})
        skipped: list[int] = []

        def skip(row: pyarrow.csv.InvalidRow) -> str:
            skipped.append(row.number - 1)
            return "skip"

        table = self._read_csv(lines.joined(keep), wanted, skip)
        if table is None or table.num_rows + len(skipped) != len(keep):
            values, skipped = self._row_by_row(lines, keep, wanted)
        else:
            values = {c: table.column(f"f{c}").combine_chunks() for c in wanted}
        fine = np.ones(len(keep), bool)
        fine[skipped] = False
        rejected += [(int(i), "bad_columns") for i in keep[~fine]]
        return {name: values[s.column] for name, s in fields.items()}, keep[fine]

    def _read_csv(
        self, data: bytes, wanted: list[int], skip: Callable[[pyarrow.csv.InvalidRow], str]
    ) -> pa.Table | None:
        names = [f"f{c}" for c in range(self._width)]
        try:
            return pyarrow.csv.read_csv(
                io.BytesIO(data),
                read_options=pyarrow.csv.ReadOptions(
                    use_threads=False, column_names=names, block_size=len(data) + 1
                ),
                parse_options=pyarrow.csv.ParseOptions(
                    delimiter=self._separator, invalid_row_handler=skip, ignore_empty_lines=False
                ),
                convert_options=pyarrow.csv.ConvertOptions(
                    include_columns=[f"f{c}" for c in wanted],
                    column_types={f"f{c}": pa.string() for c in wanted},
                    null_values=list(NULLS),
                    strings_can_be_null=True,
                ),
            )
        except pa.ArrowInvalid:
            return None

    def _row_by_row(
        self, lines: _Lines, keep: np.ndarray, wanted: list[int]
    ) -> tuple[dict[int, pa.Array], list[int]]:
        """The same, slowly, for a block in which quotes stand where Arrow takes them for something
        else."""
        values: dict[int, list[str | None]] = {c: [] for c in wanted}
        skipped = []
        for place, i in enumerate(keep.tolist()):
            row = cells(lines.text(i), self._separator)
            if len(row) != self._width:
                skipped.append(place)
                continue
            for c in wanted:
                values[c].append(None if row[c] in _NULL_SET else row[c])
        return {c: pa.array(v, pa.string()) for c, v in values.items()}, skipped


class _Lines:
    """The lines of a block and where each begins and ends."""

    def __init__(self, data: bytes, before: int) -> None:
        self._data = data
        self._before = before
        self._bytes = np.frombuffer(data, np.uint8)
        self._ends = np.flatnonzero(self._bytes == 10)
        self._starts = np.r_[0, self._ends[:-1] + 1]
        self.count = len(self._ends)

    def numbers(self, rows: np.ndarray) -> np.ndarray:
        return rows.astype(np.int64) + self._before + 1

    def raw(self, i: int) -> bytes:
        return self._data[self._starts[i] : self._ends[i]].removesuffix(b"\r")

    def text(self, i: int) -> str:
        return self.raw(i).decode(errors="replace")

    def blank(self) -> np.ndarray:
        size = self._ends - self._starts
        returns = (size == 1) & (self._bytes[self._starts] == 13)
        return (size == 0) | returns

    def too_long(self) -> np.ndarray:
        return self._ends - self._starts > MAX_LINE

    def open_quote(self) -> np.ndarray:
        if b'"' not in self._data:
            return np.zeros(self.count, bool)
        quotes = np.flatnonzero(self._bytes == 34)
        return np.bincount(np.searchsorted(self._ends, quotes), minlength=self.count) % 2 == 1

    def broken(self) -> np.ndarray:
        """Lines with a NUL or with a return that does not end them: readers of CSV do not agree on
        what they mean."""
        found = np.flatnonzero((self._bytes == 13) | (self._bytes == 0))
        at = np.searchsorted(self._ends, found)
        inside = (self._bytes[found] == 0) | (found + 1 != self._ends[at])
        return np.bincount(at[inside], minlength=self.count) > 0

    def equal_to(self, line: bytes) -> list[int]:
        found = []
        at = self._data.find(line) if line else -1
        while at >= 0:
            i = int(np.searchsorted(self._ends, at))
            if self._starts[i] == at and self.raw(i) == line:
                found.append(i)
            at = self._data.find(line, at + 1)
        return found

    def joined(self, keep: np.ndarray) -> bytes:
        """The lines kept, in UTF-8."""
        if len(keep) == self.count:
            data = self._data
        else:
            gaps = np.flatnonzero(np.diff(keep) != 1)
            starts = self._starts[np.r_[keep[0], keep[gaps + 1]]]
            ends = self._ends[np.r_[keep[gaps], keep[-1]]] + 1
            data = b"".join(
                self._data[a:b] for a, b in zip(starts.tolist(), ends.tolist(), strict=True)
            )
        if data.isascii():
            return data
        return data.decode(errors="replace").encode()


def _joined(parts: list[Decoded]) -> Decoded:
    if len(parts) == 1:
        return parts[0]
    counts = Counts()
    for part in parts:
        counts.add(part.counts)
    return Decoded(
        Observations.concat([p.observations for p in parts]),
        Rejects.concat([p.rejects for p in parts]),
        counts,
    )


def _sorted(rejects: Rejects) -> Rejects:
    """By line, so that the order does not tell how the input was cut."""
    order = np.argsort(rejects.line, kind="stable").tolist()
    return Rejects(
        rejects.line[order],
        [rejects.reason[i] for i in order],
        [rejects.raw[i] for i in order],
        [rejects.field[i] for i in order],
    )


def cells(text: str, separator: str) -> list[str]:
    """One line's values; none where it is no line of CSV."""
    try:
        return next(csv.reader([text], delimiter=separator), [])
    except csv.Error:
        return []
