"""Unusual patterns of access, by rules that can be said in a sentence with their numbers.

Each finding is a fact about accesses for an auditor to look at. None is a score or a rank of
anybody: nothing is added up over rules, and findings stand in the order of time. A list of masked
fields counts as no access here; plain fields do, and so does a file that shows persons (`opened`).
Pure: no clock, no database.
"""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from statistics import median

from littoral.store.oversight.index import MASKED
from littoral.store.oversight.listing import Access
from littoral.store.oversight.places import NOWHERE, Place

HOUR_US = 3_600_000_000
MINUTE_US = 60_000_000
MOST_ENTRIES = 50  # places in the log that a finding names

ALLOW, DENY = "allow", "deny"
OPENING = ("person.read", "person.export")
READ_FILE = "evidence.read"
FILE_OPENED = ("view", "copy", "bundle")  # one that shows persons
# The acts that the rules look at.
ACTIONS = (
    *OPENING, "person.search", "grant.request", "grant.approve", "breakglass.use", READ_FILE,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Settings:
    """The numbers of the rules. Hours are of the deployment's time zone."""

    days: int = 30
    persons_an_hour: int = 20
    times_usual: float = 5.0
    night_from_h: int = 22
    night_to_h: int = 6
    night_least: int = 3
    night_share: float = 0.2
    refusals: int = 3
    within_minutes: int = 60
    break_glass_more_than: int = 2
    accounts_a_person: int = 5
    exports_least: int = 1


@dataclass(frozen=True, slots=True)
class Finding:
    """`entries`: where in the log, at most `MOST_ENTRIES`. A finding is about one account, or about
    one person's record or file (`thing`) that several accounts opened."""

    rule: str
    actor: str | None
    place: Place
    thing: str | None
    from_us: int
    to_us: int
    numbers: Mapping[str, float]
    entries: list[int] = field(default_factory=list)


def find(rows: Sequence[Access], settings: Settings, zone: tzinfo = UTC) -> list[Finding]:
    """All findings of all rules, the newest first. `rows` are accesses of the period, any order."""
    ordered = sorted(rows, key=lambda r: (r.time_us, r.index))
    found = [
        *many_persons(ordered, settings),
        *at_night(ordered, settings, zone),
        *refused_then_allowed(ordered, settings),
        *break_glass(ordered, settings),
        *one_person_many_accounts(ordered, settings),
        *exports(ordered, settings),
    ]
    return sorted(found, key=lambda f: (-f.to_us, f.rule, f.actor or "", f.thing or ""))


def many_persons(rows: Sequence[Access], settings: Settings) -> list[Finding]:
    """An account opened so many different persons within an hour, and several times what is usual
    at its desk: the median, over the desk's other account-hours with any access, of the persons
    opened in one."""
    opened = [r for r in rows if _opened(r)]
    hours: dict[Place, dict[tuple[str, int], set[str]]] = defaultdict(lambda: defaultdict(set))
    for r in opened:
        hours[r.place][r.actor, r.time_us // HOUR_US].add(r.thing)
    found = []
    for (actor, place), own in _by_actor(opened).items():
        for window in _busy_hours(own, settings.persons_an_hour):
            first, last = window[0].time_us, window[-1].time_us
            clock = range(first // HOUR_US, last // HOUR_US + 1)
            others = [
                len(things)
                for (who, hour), things in hours[place].items()
                if who != actor or hour not in clock
            ]
            usual = float(median(others)) if others else 0.0
            persons = len({r.thing for r in window})
            if persons >= settings.times_usual * usual:
                numbers = {"persons": persons, "usual": usual}
                found.append(_finding("many_persons", window, actor, place, numbers))
    return found


def at_night(rows: Sequence[Access], settings: Settings, zone: tzinfo) -> list[Finding]:
    """An account opened persons at night though it hardly ever works then: fewer than a share of
    its accesses to persons in the period are at night. Who keeps the night watch is not named."""
    found = []
    opened = [r for r in rows if _opened(r)]
    for (actor, place), own in _by_actor(opened).items():
        night = [r for r in own if _at_night(r.time_us, settings, zone)]
        share = len(night) / len(own)
        if len(night) >= settings.night_least and share < settings.night_share:
            numbers = {"accesses": len(night), "of": len(own)}
            found.append(_finding("at_night", night, actor, place, numbers))
    return found


def refused_then_allowed(rows: Sequence[Access], settings: Settings) -> list[Finding]:
    """The same act was refused to an account several times within minutes, and then allowed."""
    found = []
    within_us = settings.within_minutes * MINUTE_US
    acts = [r for r in rows if r.action in ACTIONS]
    for (actor, place), own in _by_actor(acts).items():
        refused: dict[str, deque[Access]] = defaultdict(deque)
        for r in own:
            before = refused[r.action]
            while before and before[0].time_us < r.time_us - within_us:
                before.popleft()
            if r.verdict == DENY:
                before.append(r)
            elif r.verdict == ALLOW:
                if len(before) >= settings.refusals:
                    numbers = {"refusals": len(before)}
                    said = _finding("refused_then_allowed", [*before, r], actor, place, numbers)
                    found.append(said)
                before.clear()
    return found


def break_glass(rows: Sequence[Access], settings: Settings) -> list[Finding]:
    """An account broke the glass more often than that in the period."""
    used = [r for r in rows if r.action == "breakglass.use" and r.thing.startswith("grant:")]
    return [
        _finding("break_glass", own, actor, place, {"times": len(own)})
        for (actor, place), own in _by_actor(r for r in used if r.verdict == ALLOW).items()
        if len(own) > settings.break_glass_more_than
    ]


def one_person_many_accounts(rows: Sequence[Access], settings: Settings) -> list[Finding]:
    """So many accounts opened one person's record, or one file that shows persons."""
    by_thing: dict[str, list[Access]] = defaultdict(list)
    for r in rows:
        if _opened(r):
            by_thing[r.thing].append(r)
    found = []
    for thing, opened in by_thing.items():
        accounts = len({r.actor for r in opened})
        if accounts >= settings.accounts_a_person:
            numbers = {"accounts": accounts, "accesses": len(opened)}
            found.append(_finding("one_person", opened, None, NOWHERE, numbers, thing))
    return found


def exports(rows: Sequence[Access], settings: Settings) -> list[Finding]:
    """An account took persons out, so many or more in the period."""
    taken = [r for r in rows if r.action == "person.export" and _opened(r)]
    return [
        _finding("exports", own, actor, place, {"persons": len({r.thing for r in own})})
        for (actor, place), own in _by_actor(taken).items()
        if len({r.thing for r in own}) >= settings.exports_least
    ]


def _opened(row: Access) -> bool:
    """Plain fields of a person were shown or taken out, or a file that shows persons; a decision
    about a case is none yet."""
    if row.verdict != ALLOW:
        return False
    if row.action == READ_FILE:
        return row.manner in FILE_OPENED and row.thing.startswith("evidence:")
    shown = row.action in OPENING and row.manner != MASKED
    return shown and row.thing.startswith("subject:")


def _by_actor(rows: Iterable[Access]) -> dict[tuple[str, Place], list[Access]]:
    found: dict[tuple[str, Place], list[Access]] = defaultdict(list)
    for r in rows:
        found[r.actor, r.place].append(r)
    return found


def _busy_hours(own: Sequence[Access], persons: int) -> list[list[Access]]:
    """Stretches of an hour with so many different persons or more; none overlaps another."""
    found: list[list[Access]] = []
    window, seen, at = deque[Access](), Counter[str](), 0
    while at < len(own):
        row = own[at]
        while window and row.time_us - window[0].time_us >= HOUR_US:
            _forget(seen, window.popleft().thing)
        window.append(row)
        seen[row.thing] += 1
        at += 1
        if len(seen) >= persons:
            until_us = window[0].time_us + HOUR_US
            while at < len(own) and own[at].time_us < until_us:
                window.append(own[at])
                at += 1
            found.append(list(window))
            window.clear()
            seen.clear()
    return found


def _forget(seen: Counter[str], thing: str) -> None:
    seen[thing] -= 1
    if not seen[thing]:
        del seen[thing]


def _at_night(time_us: int, settings: Settings, zone: tzinfo) -> bool:
    hour = datetime.fromtimestamp(time_us / 1e6, zone).hour
    start, end = settings.night_from_h, settings.night_to_h
    return start <= hour or hour < end if start > end else start <= hour < end


def _finding(
    rule: str,
    rows: Sequence[Access],
    actor: str | None,
    place: Place,
    numbers: Mapping[str, float],
    thing: str | None = None,
) -> Finding:
    entries = [r.index for r in rows[:MOST_ENTRIES]]
    return Finding(rule, actor, place, thing, rows[0].time_us, rows[-1].time_us, numbers, entries)


Said = Callable[[Settings], tuple[str, str]]

# What each rule looks for, with its numbers: Chinese, English.
RULES: dict[str, Said] = {
    "many_persons": lambda s: (
        f"同一账户一小时内查看{s.persons_an_hour}人以上，且不少于其所在席位通常数量的{s.times_usual:g}倍。"
        "能看出人员的文件每份计一人。",
        f"One account opened {s.persons_an_hour} persons or more within an hour, and at least "
        f"{s.times_usual:g} times what is usual at its desk. A file that shows persons counts as "
        "one.",
    ),
    "at_night": lambda s: (
        f"夜间（{s.night_from_h}时至{s.night_to_h}时）查看人员{s.night_least}次以上，"
        f"而该账户夜间查看不足其全部查看的{s.night_share:.0%}。",
        f"{s.night_least} accesses to persons or more between {s.night_from_h}:00 and "
        f"{s.night_to_h}:00 by an account of whose accesses less than {s.night_share:.0%} "
        "are at night.",
    ),
    "refused_then_allowed": lambda s: (
        f"同一账户同一操作在{s.within_minutes}分钟内被拒绝{s.refusals}次以上后获准。",
        f"The same act was refused to one account {s.refusals} times or more within "
        f"{s.within_minutes} minutes, and then allowed.",
    ),
    "break_glass": lambda s: (
        f"同一账户{s.days}天内紧急查阅超过{s.break_glass_more_than}次。",
        f"One account broke the glass more than {s.break_glass_more_than} times in {s.days} days.",
    ),
    "one_person": lambda s: (
        f"同一人的记录（或一份能看出人员的文件）{s.days}天内被{s.accounts_a_person}个以上账户查看。",
        f"One person's record, or one file that shows persons, was opened by "
        f"{s.accounts_a_person} accounts or more in {s.days} days.",
    ),
    "exports": lambda s: (
        f"同一账户{s.days}天内导出{s.exports_least}人以上。",
        f"One account took out {s.exports_least} "
        f"{'person' if s.exports_least == 1 else 'persons'} or more in {s.days} days.",
    ),
}
