"""Checklists: what a desk sees to in an incident of a type, and what of it is ticked.

The lists are a deployment's files (TOML), read by `checklist_of`; `checklists/` has those to begin
with. What is ticked is what the steps `tick` and `untick` of the incident say: each with the
sentence that its signer saw, so that an edit of the file changes nothing that was signed."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from littoral.respond.incident.step import Step
from littoral.respond.incident.words import TYPES

MAX_ITEMS = 60
MAX_TEXT = 300
MAX_KEY = 40

_TABLE = re.compile(r"\s*\[\[\s*(item|source)\s*\]\]")
_KEY = re.compile(r"""\s*["']?([A-Za-z0-9_-]+)["']?\s*=""")
_AT_LINE = re.compile(r"line (\d+)")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in a file of a checklist; `line` from 1."""

    line: int
    field: str
    why: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.field}: {self.why}"


class ChecklistError(ValueError):
    """All that is wrong with the file, in the order of its lines."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(sorted(faults, key=lambda f: (f.line, f.field)))
        super().__init__("\n".join(map(str, self.faults)))


@dataclass(frozen=True, slots=True)
class Source:
    """What a list was written after."""

    id: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to do; `source`: the id of one, or empty."""

    id: str
    zh: str
    en: str
    source: str = ""

    def says(self, seen: Any) -> bool:
        """Whether that is the sentence that somebody saw."""
        return isinstance(seen, Mapping) and dict(seen) == {"zh": self.zh, "en": self.en}


@dataclass(frozen=True, slots=True)
class Checklist:
    """`type`: of the incidents for which it is."""

    type: str
    zh: str
    en: str
    sources: tuple[Source, ...]
    items: tuple[Item, ...]

    def item(self, key: str) -> Item | None:
        return next((i for i in self.items if i.id == key), None)


def checklist_of(document: str) -> Checklist:
    """From TOML. Raises ChecklistError with all that is wrong."""
    try:
        read = tomllib.loads(document)
    except tomllib.TOMLDecodeError as error:
        at = _AT_LINE.search(str(error))
        # An end of the document that comes too soon has no line in the message.
        line = int(at[1]) if at else max(1, len(document.splitlines()))
        raise ChecklistError([Fault(line, "TOML", str(error))]) from None
    lines = _Lines.of(document)
    faults = list(lines.faults)
    head = _Row(lines, None, 0, read, faults)
    kind = head.text("type", MAX_KEY)
    if kind and kind not in TYPES:
        head.fault("type", f"one of {', '.join(TYPES)}")
    names = head.text("zh"), head.text("en")
    head.nothing_but({"type", "zh", "en", "source", "item"})
    sources = tuple(_source(row) for row in _rows(lines, read, "source", faults))
    known = {s.id for s in sources}
    items = tuple(_item(row, known) for row in _rows(lines, read, "item", faults))
    if not items and not faults:
        head.fault("item", "the list has no [[item]]")
    if faults:
        raise ChecklistError(faults)
    return Checklist(kind, *names, sources, items)


def ticked(steps: Iterable[Step], kind: str) -> dict[str, Step]:
    """By item of the list of that type the step that ticked it, where none took it back since.
    `steps`: in the order in which they were taken. Who ticks what is ticked confirms it: the first
    one stands."""
    done: dict[str, Step] = {}
    for step in steps:
        if step.fields.get("checklist") != kind:
            continue
        if step.kind == "tick":
            done.setdefault(str(step.fields["item"]), step)
        elif step.kind == "untick":
            done.pop(str(step.fields["item"]), None)
    return done


@dataclass(frozen=True, slots=True)
class _Lines:
    """Where in the file tables and fields stand: by name of the table (None: the head), its number
    and the field. A sentence stands on one line, so every field begins the line it is on."""

    tables: Mapping[tuple[str | None, int], int]
    fields: Mapping[tuple[str | None, int, str], int]
    counts: Mapping[str, int]
    faults: tuple[Fault, ...]

    @classmethod
    def of(cls, document: str) -> _Lines:
        tables: dict[tuple[str | None, int], int] = {(None, 0): 1}
        fields: dict[tuple[str | None, int, str], int] = {}
        counts = {"source": 0, "item": 0}
        faults: list[Fault] = []
        at: tuple[str | None, int] = (None, 0)
        for n, line in enumerate(document.split("\n"), 1):
            if line.lstrip().startswith("#"):
                continue
            if ('"""' in line or "'''" in line) and not faults:
                faults.append(Fault(n, "text", "a sentence stands on one line, in single quotes"))
            if table := _TABLE.match(line):
                at = table[1], counts[table[1]]
                counts[table[1]] += 1
                tables[at] = n
            elif field := _KEY.match(line):
                fields[(*at, field[1])] = n
        return cls(tables, fields, counts, tuple(faults))


@dataclass
class _Row:
    """A table of the file and where it stands; what is wrong with it goes to `faults`."""

    lines: _Lines
    table: str | None
    number: int
    row: Mapping[str, Any]
    faults: list[Fault]

    def fault(self, field: str, why: str) -> None:
        """At the line of the field; of one that is missing at that of its table."""
        at = self.table, self.number
        line = self.lines.fields.get((*at, field), self.lines.tables.get(at, 1))
        self.faults.append(Fault(line, field, why))

    def text(self, name: str, most: int = MAX_TEXT) -> str:
        value = self.row.get(name)
        if value is None:
            self.fault(name, "is missing")
        elif not isinstance(value, str):
            self.fault(name, "is no text")
        elif not 0 < len(value.strip()) <= most or "\0" in value:
            self.fault(name, f"has 1 to {most} signs")
        else:
            return value.strip()
        return ""

    def key(self) -> str:
        value = self.text("id", MAX_KEY)
        if value and not (value.isascii() and value.replace("_", "").replace("-", "").isalnum()):
            self.fault("id", "has letters, digits, - and _ alone")
            return ""
        return value

    def nothing_but(self, known: set[str]) -> None:
        for odd in sorted(set(self.row) - known):
            self.fault(odd, "is no field here")


def _rows(lines: _Lines, read: Mapping[str, Any], name: str, faults: list[Fault]) -> Iterable[_Row]:
    given = read.get(name, [])
    first = lines.tables.get((name, 0), lines.fields.get((None, 0, name), 1))
    if not isinstance(given, list) or len(given) != lines.counts[name]:
        faults.append(Fault(first, name, f"each is written as [[{name}]]"))
        return
    if len(given) > MAX_ITEMS:
        faults.append(Fault(lines.tables[name, MAX_ITEMS], name, f"at most {MAX_ITEMS} of them"))
        return
    seen: set[str] = set()
    for number, table in enumerate(given):
        row = _Row(lines, name, number, table, faults)
        if (key := table.get("id")) in seen and isinstance(key, str):
            row.fault("id", f"{key} stands twice")
        if isinstance(key, str):
            seen.add(key)
        yield row


def _source(row: _Row) -> Source:
    row.nothing_but({"id", "zh", "en"})
    return Source(row.key(), row.text("zh"), row.text("en"))


def _item(row: _Row, known: set[str]) -> Item:
    row.nothing_but({"id", "zh", "en", "source"})
    source = ""
    if "source" in row.row and (source := row.text("source", MAX_KEY)) and source not in known:
        row.fault("source", f"there is no [[source]] {source}")
    return Item(row.key(), row.text("zh"), row.text("en"), source)
