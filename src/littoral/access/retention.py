"""How long data is kept: rules by kind, data class and purpose; what is due, and why.

Pure. A rule says from what time on how many days something is kept (`keep_days`) or must be kept
(`at_least_days`). Of those that match, the earliest end decides, but no sooner than every
`at_least_days`; so a rule more can only shorten, and a duty to keep is never undercut.
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, fields

from littoral.access.words import DATA_CLASSES, PURPOSES

DAY_US = 86_400_000_000

COLLECTED = "collected"
CASE_CLOSED = "case_closed"
PURPOSE_ENDED = "purpose_ended"
STARTS = (COLLECTED, CASE_CLOSED, PURPOSE_ENDED)

KINDS = (
    "subject", "evidence", "case", "assessment", "log", "incident", "notice", "watch_log",
    "duty_paper", "reason", "contact",
)  # fmt: skip

WORDS = {
    "kinds": KINDS, "data_classes": DATA_CLASSES, "purposes": PURPOSES, "except_purposes": PURPOSES,
}  # fmt: skip
MOST_DAYS = 36_500

KEPT = "kept"  # not yet due
DUE = "due"
HELD = "held"  # due, but under a legal hold
UNRULED = "unruled"  # no rule says when it ends: a gap in the rules, not a leave to keep


class RetentionError(ValueError):
    """The rules cannot be used; the message names line, rule and field. `field`: that at fault."""

    def __init__(self, why: str, field: str = "") -> None:
        super().__init__(why)
        self.field = field


@dataclass(frozen=True)
class Rule:
    id: str
    start: str
    reason_zh: str
    reason_en: str
    source: str
    kinds: tuple[str, ...] = ()
    data_classes: tuple[str, ...] = ()
    purposes: tuple[str, ...] = ()
    except_purposes: tuple[str, ...] = ()
    keep_days: int | None = None
    at_least_days: int | None = None

    def matches(self, kind: str, data_class: str, purpose: str) -> bool:
        return (
            (not self.kinds or kind in self.kinds)
            and (not self.data_classes or data_class in self.data_classes)
            and (not self.purposes or purpose in self.purposes)
            and purpose not in self.except_purposes
        )


@dataclass(frozen=True)
class Item:
    """Something that is kept. Times in microseconds UTC; None: has not happened."""

    id: str
    kind: str
    data_class: str
    purpose: str
    collected_us: int
    case_closed_us: int | None = None
    purpose_ended_us: int | None = None
    unit: str = ""  # of its case, as the agency's kind; empty: of none
    agency: str = ""

    def start_us(self, start: str) -> int | None:
        return {
            COLLECTED: self.collected_us,
            CASE_CLOSED: self.case_closed_us,
            PURPOSE_ENDED: self.purpose_ended_us,
        }[start]


@dataclass(frozen=True)
class Decision:
    """`due_us`: when it ends, as far as is known; `rule` decides it (the longer duty to keep, if
    that is what it waits for)."""

    item: Item
    state: str
    due_us: int | None
    rule: Rule | None
    holds: tuple[str, ...] = ()


def parse(text: str) -> tuple[Rule, ...]:
    """Rules from TOML, as in `retention.toml`. Raises RetentionError."""
    try:
        rows = tomllib.loads(text)["rule"]
    except (tomllib.TOMLDecodeError, KeyError) as error:
        raise RetentionError(f"the rules cannot be read: {error}") from None
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise RetentionError("the rules are a list of [[rule]]")
    rules: list[Rule] = []
    for number, row in enumerate(rows):
        try:
            rule = _rule(row)
            if rule.id in {r.id for r in rules}:
                raise RetentionError(f"rule {rule.id}: id is there twice", "id")
        except RetentionError as error:
            line = _line(text, number, error.field)
            raise RetentionError(f"line {line}: {error}", error.field) from None
        rules.append(rule)
    return tuple(rules)


def _line(text: str, number: int, field: str) -> int:
    """Where the field of the rule stands, from 1; the head of the rule where it is not there."""
    head, seen = 1, -1
    for at, line in enumerate(text.splitlines(), 1):
        written = line.strip()
        if written.startswith("[["):
            seen, head = seen + 1, at if seen < number else head
        elif seen == number and written.partition("=")[0].strip() == field:
            return at
    return head


def decide(
    items: Iterable[Item],
    rules: Collection[Rule],
    now_us: int,
    holds: Mapping[str, Collection[str]] | None = None,
) -> list[Decision]:
    """For each item whether it is due at `now_us`. `holds`: ids of legal holds by item."""
    return [_decide(item, rules, now_us, tuple((holds or {}).get(item.id, ()))) for item in items]


def uncovered(
    rules: Collection[Rule], kinds: Iterable[str], classes: Iterable[str], purposes: Iterable[str]
) -> list[tuple[str, str, str]]:
    """Combinations of kind, class and purpose for which no rule says when they end."""
    purposes, classes = list(purposes), list(classes)
    return [
        (k, c, p)
        for k in kinds
        for c in classes
        for p in purposes
        if not any(r.keep_days is not None and r.matches(k, c, p) for r in rules)
    ]


def _decide(item: Item, rules: Collection[Rule], now_us: int, holds: tuple[str, ...]) -> Decision:
    matching = [r for r in rules if r.matches(item.kind, item.data_class, item.purpose)]
    ends = [(e, r) for r in matching if (e := _end(item, r, r.keep_days)) is not None]
    least = [(e, r) for r in matching if (e := _end(item, r, r.at_least_days)) is not None]
    if not ends:
        ruled = any(r.keep_days is not None for r in matching)
        only_kept = bool(matching) and not ruled
        state = KEPT if ruled or only_kept else UNRULED
        return Decision(item, state, None, matching[0] if matching else None, holds)
    due_us, rule = min(ends, key=lambda x: (x[0], x[1].id))
    if least and (longest := max(least, key=lambda x: (x[0], x[1].id)))[0] > due_us:
        due_us, rule = longest
    state = KEPT if now_us < due_us else HELD if holds else DUE
    return Decision(item, state, due_us, rule, holds)


def _end(item: Item, rule: Rule, days: int | None) -> int | None:
    start = item.start_us(rule.start)
    return None if start is None or days is None else start + days * DAY_US


def _rule(row: Mapping[str, object]) -> Rule:
    given = dict(row)
    name = str(given.get("id", "?"))

    def wrong(field: str, why: str) -> RetentionError:
        return RetentionError(f"rule {name}: {field} {why}", field)

    given["start"] = given.pop("from", None)
    known = {f.name for f in fields(Rule)}
    if unknown := sorted(set(given) - known):
        raise wrong(unknown[0], "is no field of a rule")
    for field in ("id", "reason_zh", "reason_en", "source"):
        if not isinstance(given.get(field), str) or not given[field]:
            raise wrong(field, "is missing")
    if given["start"] not in STARTS:
        raise wrong("from", f"is one of {', '.join(STARTS)}")
    days = {f: given[f] for f in ("keep_days", "at_least_days") if given.get(f) is not None}
    if len(days) != 1:
        raise wrong(next(iter(days), "id"), "needs one: either keep_days or at_least_days")
    for field, value in days.items():
        if type(value) is not int or not 0 <= value <= MOST_DAYS:
            raise wrong(field, f"is a whole number of days, 0 to {MOST_DAYS}")
    for field, words in WORDS.items():
        value = given.get(field, [])
        if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
            raise wrong(field, "is a list of words")
        if strange := sorted(set(value) - set(words)):
            raise wrong(field, f"has {strange[0]!r}, which is none of {', '.join(words)}")
        given[field] = tuple(value)
    return Rule(**given)  # type: ignore[arg-type]
