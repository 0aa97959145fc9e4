"""A written duty regulation as configuration: `regulation_of` reads it from TOML.

It names no person: who stands in which team is the roster's (`shifts.Plan`). `regulations/` has
two to begin with, whose comments say what each field means."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import Any, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

MINUTE_US = 60_000_000
MAX_ROWS = 100  # of anything: a regulation is read by people


class RegulationError(ValueError):
    """What is wrong with a regulation; names the part and the field."""


@dataclass(frozen=True, slots=True)
class Named:
    """`zh`, `en`: what people call it."""

    id: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Post(Named):
    """A place of a watch. `least`: how many stand it at any moment. `on_call`: within reach, not in
    the room. `hands_over`: signs for its watch."""

    least: int
    on_call: bool = False
    hands_over: bool = False


@dataclass(frozen=True, slots=True)
class Turn(Named):
    """One of the shifts of a day, from `begins` by the clock on the wall to when the next begins.
    `teams`: who has it on the days of the rotation, in turn."""

    begins: time
    teams: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rung:
    """Who of the watch is called together; after `wait_us` without an answer the next rung is."""

    posts: frozenset[str]
    wait_us: int


@dataclass(frozen=True, slots=True)
class Check(Named):
    """Falls due `within_us` after each of `at` by the clock on the wall, or else after each
    `every_us` from the begin of a shift on."""

    within_us: int
    at: tuple[time, ...] = ()
    every_us: int = 0


@dataclass(frozen=True, slots=True)
class Item(Named):
    """What a handover has to state; `required`: also that there is nothing."""

    required: bool


@dataclass(frozen=True, slots=True)
class Regulation(Named):
    """`begins`: the first day of the rotation. Longest shift and least rest are hours that pass,
    not hours of the wall: a night in which the clock goes back is an hour longer."""

    source: str
    zone: ZoneInfo
    begins: date
    longest_us: int
    rest_us: int
    posts: tuple[Post, ...]
    turns: tuple[Turn, ...]
    rungs: tuple[Rung, ...]
    checks: tuple[Check, ...]
    items: tuple[Item, ...]

    @property
    def teams(self) -> tuple[str, ...]:
        return tuple(sorted({team for turn in self.turns for team in turn.teams}))

    def post(self, key: str) -> Post | None:
        return next((p for p in self.posts if p.id == key), None)


def regulation_of(document: str) -> Regulation:
    """From TOML. Raises RegulationError."""
    try:
        read = tomllib.loads(document)
    except tomllib.TOMLDecodeError as error:
        raise RegulationError(f"not TOML: {error}") from None
    head = _Row("regulation", read)
    names = _named(head)
    posts = _rows(read, "post", _post)
    known = {p.id for p in posts}
    turns = _rows(read, "shift", _turn)
    found = Regulation(
        *names,
        source=head.text("source"),
        zone=_zone(head),
        begins=head.of("rotation_begins", date),
        longest_us=head.minutes("longest_shift_minutes"),
        rest_us=head.minutes("least_rest_minutes", least=0),
        posts=posts,
        turns=turns,
        rungs=_rows(read, "call", lambda row: _rung(row, known)),
        checks=_rows(read, "check", _check, least=0),
        items=_rows(read, "handover", lambda r: Item(*_named(r), r.flag("required")), least=0),
    )
    head.nothing_else("post", "shift", "call", "check", "handover")
    _check_whole(found)
    return found


def _check_whole(found: Regulation) -> None:
    if len({len(turn.teams) for turn in found.turns}) != 1:
        raise RegulationError("shift: teams of all shifts are for the same number of days")
    times = [turn.begins for turn in found.turns]
    if times != sorted(set(times)):
        raise RegulationError("shift: shifts stand in the order of the day, each with its own time")
    for what, ids in (
        ("post", [p.id for p in found.posts]), ("shift", [t.id for t in found.turns]),
        ("check", [c.id for c in found.checks]), ("handover", [i.id for i in found.items]),
    ):  # fmt: skip
        if twice := {i for i in ids if ids.count(i) > 1}:
            raise RegulationError(f"{what}: the id {min(twice)} stands twice")
    if not any(p.hands_over for p in found.posts):
        raise RegulationError("post: one of them hands over (hands_over = true)")


Made = TypeVar("Made")
Value = TypeVar("Value")


@dataclass
class _Row:
    """A table of the file, and what of it was asked for."""

    where: str
    row: Mapping[str, Any]
    asked: frozenset[str] = frozenset()

    def of(self, name: str, kind: type[Value]) -> Value:
        self.asked |= {name}
        value = self.row.get(name)
        # Of TOML's kinds two are kinds of others: a truth is no number, a time of a day no day.
        if type(value) is not kind:
            raise RegulationError(f"{self.where}: {name} is missing or no {kind.__name__}")
        return value

    def text(self, name: str) -> str:
        value = self.of(name, str).strip()
        if not 0 < len(value) <= 500:
            raise RegulationError(f"{self.where}: {name} has 1 to 500 signs")
        return value

    def key(self, name: str) -> str:
        value = self.text(name)
        if not (value.isascii() and value.replace("_", "").replace("-", "").isalnum()):
            raise RegulationError(f"{self.where}: {name} has letters, digits, - and _ alone")
        if len(value) > 40:
            raise RegulationError(f"{self.where}: {name} has at most 40 signs")
        return value

    def flag(self, name: str) -> bool:
        self.asked |= {name}
        return self.of(name, bool) if name in self.row else False

    def minutes(self, name: str, least: int = 1) -> int:
        value = self.of(name, int)
        if not least <= value <= 366 * 24 * 60:
            raise RegulationError(f"{self.where}: {name} is a number of minutes from {least}")
        return value * MINUTE_US

    def many(self, name: str, kind: type[Value], least: int = 1) -> tuple[Value, ...]:
        values = self.of(name, list)
        if not least <= len(values) <= 366 or any(type(v) is not kind for v in values):
            raise RegulationError(f"{self.where}: {name} is a list of {kind.__name__}")
        return tuple(values)

    def nothing_else(self, *more: str) -> None:
        if odd := set(self.row) - self.asked - set(more):
            raise RegulationError(f"{self.where}: {min(odd)} is no field of it")


def _rows(
    read: Mapping[str, Any], name: str, make: Callable[[_Row], Made], least: int = 1
) -> tuple[Made, ...]:
    rows = read.get(name, [])
    if not isinstance(rows, list) or not all(isinstance(r, dict) for r in rows):
        raise RegulationError(f"{name}: written as [[{name}]]")
    if not least <= len(rows) <= MAX_ROWS:
        raise RegulationError(f"{name}: from {least} to {MAX_ROWS} of them")
    made = []
    for n, table in enumerate(rows, 1):
        row = _Row(f"{name} {n} ({table['id']})" if "id" in table else f"{name} {n}", table)
        made.append(make(row))
        row.nothing_else()
    return tuple(made)


def _named(row: _Row) -> tuple[str, str, str]:
    return row.key("id"), row.text("zh"), row.text("en")


def _post(row: _Row) -> Post:
    least = row.of("least", int)
    if not 0 <= least <= 1000:
        raise RegulationError(f"{row.where}: least is a number from 0")
    return Post(*_named(row), least, row.flag("on_call"), row.flag("hands_over"))


def _turn(row: _Row) -> Turn:
    teams = row.many("teams", str)
    if not all(0 < len(team) <= 40 for team in teams):
        raise RegulationError(f"{row.where}: teams have names of 1 to 40 signs")
    return Turn(*_named(row), row.of("begins", time), teams)


def _rung(row: _Row, known: set[str]) -> Rung:
    posts = row.many("posts", str)
    if odd := set(posts) - known:
        raise RegulationError(f"{row.where}: {min(odd)} is no post")
    return Rung(frozenset(posts), row.minutes("answer_within_minutes"))


def _check(row: _Row) -> Check:
    if ("at" in row.row) == ("every_minutes" in row.row):
        raise RegulationError(f"{row.where}: falls due at times or every so many minutes")
    at = row.many("at", time) if "at" in row.row else ()
    every_us = row.minutes("every_minutes") if "every_minutes" in row.row else 0
    return Check(*_named(row), row.minutes("within_minutes"), tuple(sorted(set(at))), every_us)


def _zone(row: _Row) -> ZoneInfo:
    name = row.text("zone")
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        raise RegulationError(f"{row.where}: {name} is no time zone") from None
