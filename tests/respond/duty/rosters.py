"""Regulations and rosters for the tests of duty."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from importlib import resources

from littoral.respond.duty.regulation import Regulation, regulation_of
from littoral.respond.duty.shifts import Member, Plan

HOUR_US = 3_600_000_000
MINUTE_US = 60_000_000
DAY_US = 24 * HOUR_US

HEAD = """
id = "watch"
zh = "值班规定"
en = "Duty regulation"
source = "a test"
zone = "{zone}"
longest_shift_minutes = {longest}
least_rest_minutes = {rest}
rotation_begins = 2026-01-01

[[post]]
id = "lead"
zh = "值班长"
en = "watch lead"
least = 1
hands_over = true

[[post]]
id = "officer"
zh = "值班员"
en = "watch officer"
least = {officers}

[[post]]
id = "leader"
zh = "带班领导"
en = "leader on call"
least = 0
on_call = true

[[call]]
posts = ["officer"]
answer_within_minutes = 3

[[call]]
posts = ["lead"]
answer_within_minutes = 5

[[call]]
posts = ["leader"]
answer_within_minutes = 10
"""
SHIFT = """
[[shift]]
id = "{id}"
zh = "班"
en = "shift"
begins = {begins}
teams = [{teams}]
"""
TWO = (("day", "08:00:00"), ("night", "20:00:00"))


def regulation(
    zone: str = "Asia/Shanghai",
    turns: Sequence[tuple[str, str]] = TWO,
    teams: Sequence[str] = ("A", "B"),
    longest: int = 720,
    rest: int = 600,
    officers: int = 1,
    more: str = "",
) -> Regulation:
    """Turn n of a day has the team that is n places before in `teams`: with four of them a team has
    a day, then a night, then two days off."""
    text = HEAD.format(zone=zone, longest=longest, rest=rest, officers=officers) + more
    for n, (key, begins) in enumerate(turns):
        first = -n % len(teams)
        in_turn = [*teams[first:], *teams[:first]]
        quoted = ", ".join(f'"{t}"' for t in in_turn)
        text += SHIFT.format(id=key, begins=begins, teams=quoted)
    return regulation_of(text)


def packaged(name: str) -> str:
    folder = resources.files("littoral.respond.duty").joinpath("regulations")
    return folder.joinpath(f"{name}.toml").read_text("utf-8")


TEAMS = {
    "A": (Member("ann", "lead"), Member("bao", "officer"), Member("hui", "leader")),
    "B": (Member("cai", "lead"), Member("dan", "officer"), Member("hui", "leader")),
}


def plan(
    of: Regulation | None = None,
    from_day: date = date(2026, 1, 1),
    teams: Mapping[str, tuple[Member, ...]] = TEAMS,
) -> Plan:
    return Plan(from_day, of or regulation(), teams)


def us(text: str) -> int:
    """`2026-03-29 00:30` UTC in microseconds."""
    at = datetime.fromisoformat(text).replace(tzinfo=UTC)
    return int(at.timestamp()) * 1_000_000
