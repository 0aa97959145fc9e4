"""Which column of a table is what, in which unit and datum; said by names or by the user.

Nothing is guessed: two columns that could be one field, a date that can be read two ways and a
datum that no standard settles are asked for.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from littoral.area.datum import DATUMS
from littoral.sense.table.names import DMA_SIZES, EPOCH, NAMES, UNITS, plain, read_name

NEEDED = ("time", "mmsi", "lat", "lon")
MARINE_CADASTRE, DMA, NAMED = "marine_cadastre", "dma", "named"
_OFFSET = re.compile(r"(dmy|mdy)?([+-]\d\d:\d\d)?\Z")
_CHINESE = re.compile(r"[\u4e00-\u9fff]")


class TableError(ValueError):
    """The table cannot be read as it is; the message says what to add to the command or call."""


@dataclass(frozen=True, slots=True)
class TableOptions:
    """What a user says of tables: the datum (`area.datum.DATUMS`), and columns by field.

    A key of `columns` is a field, or field:unit (`sog:mps`, `time:ms`, `time:dmy`, `time:+08:00`);
    the value is the column's name as in the header, or its number from 1. `called`: said in a call
    of the library and not on the command line, for the words of errors.
    """

    datum: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    called: bool = False

    def naming(self, fields: Sequence[str], column: str = "COLUMN") -> str:
        """How the user says which column each of `fields` is."""
        if self.called:
            return "columns={" + ", ".join(f'"{name}": "{column}"' for name in fields) + "}"
        return " ".join(f"--map {name}={column}" for name in fields)

    def naming_datum(self, datum: str) -> str:
        """How the user says the datum."""
        return f'datum="{datum}"' if self.called else f"--datum {datum}"


@dataclass(frozen=True, slots=True)
class Source:
    """The column (from 0) of a field and its unit, "" for the usual one."""

    column: int
    name: str
    unit: str


@dataclass(frozen=True, slots=True)
class Layout:
    """`kind`: marine_cadastre, dma or named. `unused`: names of columns that say nothing here."""

    kind: str
    fields: Mapping[str, Source]
    datum: str
    unused: tuple[str, ...]


def recognise(header: Sequence[str], options: TableOptions) -> Layout:
    """The layout of a table with these column names. Raises TableError."""
    kind = _kind({plain(name) for name in header})
    fields = _mapped(header, options)
    taken = {source.column for source in fields.values()}
    found: dict[str, list[Source]] = {}
    for column, name in enumerate(header):
        said: tuple[str, str] | None = read_name(name)
        if kind == DMA and plain(name) in DMA_SIZES:
            said = DMA_SIZES[plain(name)], ""
        if said is not None and column not in taken and said[0] not in fields:
            found.setdefault(said[0], []).append(Source(column, name, said[1]))
    for name, candidates in found.items():
        if len(candidates) > 1:
            listed = ", ".join(c.name for c in candidates)
            raise TableError(f"{name} may be any of {listed}; say which: {options.naming([name])}")
        fields[name] = candidates[0]
    if "rot" in fields and kind != DMA and not fields["rot"].unit:
        del fields["rot"]  # degrees a minute or the code of messages 1 to 3: the name does not say
    missing = [needed for needed in NEEDED if needed not in fields]
    if missing:
        listed = ", ".join(n for n in header[:40] if n.strip()) or "none"
        asked = options.naming(missing)
        raise TableError(f"no column for {', '.join(missing)} among {listed}; name it: {asked}")
    used = {source.column for source in fields.values()}
    unused = tuple(n for i, n in enumerate(header) if i not in used)
    return Layout(kind, fields, _datum(kind, header, fields, options), unused)


def _kind(names: set[str]) -> str:
    if {"mmsi", "basedatetime"} <= names:
        return MARINE_CADASTRE
    if {"timestamp", "typeofmobile", "mmsi"} <= names:
        return DMA
    return NAMED


def _mapped(header: Sequence[str], options: TableOptions) -> dict[str, Source]:
    fields: dict[str, Source] = {}
    for key, wanted in options.columns.items():
        said_so = options.naming([key], wanted)
        name, _, unit = key.partition(":")
        if name not in NAMES:
            raise TableError(f"{said_so}: fields are {', '.join(NAMES)}")
        _check_unit(name, unit, said_so)
        places = [i for i, n in enumerate(header) if n.strip() == wanted.strip()]
        if not places and wanted.isascii() and wanted.isdigit() and 0 < int(wanted) <= len(header):
            places = [int(wanted) - 1]
        if len(places) != 1:
            count = "no column" if not places else f"{len(places)} columns"
            raise TableError(f"{said_so}: {count} of this name; give its number from 1")
        said = read_name(header[places[0]])
        if not unit and said is not None and said[0] == name:
            unit = said[1]
        fields[name] = Source(places[0], header[places[0]], unit)
    return fields


def _check_unit(name: str, unit: str, said_so: str) -> None:
    if not unit:
        return
    if name in ("time", "date"):
        if unit in EPOCH or _OFFSET.match(unit):
            return
        raise TableError(f"{said_so}: write s, ms, us, ns, dmy, mdy or an offset +08:00")
    if unit not in UNITS.get(name, {}):
        known = ", ".join(UNITS.get(name, {})) or "none"
        raise TableError(f"{said_so}: units of {name} are {known}")


def _datum(
    kind: str, header: Sequence[str], fields: Mapping[str, Source], options: TableOptions
) -> str:
    """AIS gives WGS 84 (ITU-R M.1371-5, Annex 8), so a table whose own header says MMSI is WGS 84.

    Not so where the user had to say which column is the MMSI, and where longitude and latitude are
    named in Chinese: such tables come from maps of the mainland as often as from a receiver.
    """
    if options.datum is not None:
        if options.datum not in DATUMS:
            said_so = options.naming_datum(options.datum)
            raise TableError(f"{said_so}: one of {', '.join(DATUMS)}")
        return options.datum
    own = read_name(fields["mmsi"].name)
    chinese = _CHINESE.search(fields["lat"].name + fields["lon"].name)
    if kind != NAMED or (own is not None and own[0] == "mmsi" and not chinese):
        return "wgs84"
    raise TableError(
        "nothing says in which datum its positions are (mainland maps are hundreds of metres off "
        f"WGS 84); add {options.naming_datum('|'.join(DATUMS))}"
    )
