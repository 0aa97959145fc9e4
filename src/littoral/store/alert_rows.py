"""An alert as the records give it, its versions and actions, and what the engine puts in."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row

from littoral.schema.finding import ALARM, WARNING, WITHDRAWN
from littoral.store.tables import to_json

NEW, ACKNOWLEDGED, DISMISSED, HANDED_ON = "new", "acknowledged", "dismissed", "handed_on"

# Where an alert is in its life, after IEC 62923-1's states (active; rectified, unacknowledged;
# normal): its cause goes on, is over and nobody has answered, is over and dealt with, never was.
ONGOING, ENDED_UNANSWERED, ENDED_HANDLED = "ongoing", "ended_unanswered", "ended_handled"
PHASES = (ONGOING, ENDED_UNANSWERED, ENDED_HANDLED, WITHDRAWN)

# What the engine says of an alert.
CONTENT = (
    "id", "rule", "version", "profile", "kind", "state", "withdrawn_reason", "priority", "start_us",
    "end_us", "updated_us", "lon", "lat", "things", "sentence", "facts", "settings", "evidence",
    "held_by", "settings_version",
)  # fmt: skip

# What of it is news, beside the state and the things: a change makes a new version. The rest
# follows from the id (rule, version, profile, settings), from these (sentence) or changes without
# telling a watch officer anything: time of the last report, more evidence of the same, a new name.
NEWS = (
    "kind", "priority", "start_us", "end_us", "lon", "lat", "facts", "held_by", "withdrawn_reason",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class AlertRow:
    """The current version of an alert with what people made of it; times in microseconds UTC.
    Fields also by name (`row["seq"]`), as in the rows that the engine gives.

    `priority` is the one to show: a warning that nobody acknowledged in time is an alarm
    (`escalated`). `raised_us`, `handled_us` are the watch's clock, the others event time.
    """

    id: str
    seq: int
    revision: int
    rule: str
    version: str
    profile: str
    kind: str
    state: str
    withdrawn_reason: str | None
    priority: int
    escalated: bool
    start_us: int
    end_us: int | None
    updated_us: int
    raised_us: int
    lon: float | None
    lat: float | None
    things: list[dict[str, Any]]
    sentence: dict[str, str]
    facts: dict[str, Any]
    settings: dict[str, Any]
    evidence: list[int]
    held_by: str | None
    handling: str
    handled_by: str | None
    handled_us: int | None
    handed_to: str | None
    reason: str | None
    group: str  # id of the first alert of those that it stands with
    grouped: bool  # told with its group, so without a call of its own
    shelf: str | None
    shelved_until_us: int | None
    settings_version: int = 1  # of the rule's settings here; rows of before had one

    def __getitem__(self, name: str) -> Any:
        return getattr(self, name)

    @property
    def phase(self) -> str:
        """One of `PHASES`. An event of one moment (an entry, a jump) is over as soon as it is told;
        until somebody answers it, it is "ended_unanswered"."""
        if self.state == WITHDRAWN:
            return WITHDRAWN
        if self.end_us is None:
            return ONGOING
        return ENDED_UNANSWERED if self.handling == NEW else ENDED_HANDLED


@dataclass(frozen=True, slots=True)
class VersionRow:
    """One version as it was said; `document` has the keys of `CONTENT`."""

    revision: int
    seq: int
    at_us: int  # the watch's clock
    state: str
    priority: int
    escalated: bool
    document: dict[str, Any]


@dataclass(frozen=True, slots=True)
class ActionRow:
    """What somebody did with an alert. `action`: acknowledge, dismiss, hand_on, comment, undo, or
    reopened (by the engine: the alert became more urgent)."""

    id: str
    seq: int
    action: str
    by: str
    at_us: int
    reason: str | None
    to: str | None
    undone_by: str | None


@dataclass(frozen=True, slots=True)
class AlertDetail:
    alert: AlertRow
    versions: list[VersionRow]
    actions: list[ActionRow]


@dataclass(frozen=True, slots=True)
class AlertFilter:
    """What to list; empty tuples and None do not restrict, but that events which are only noted
    (`NOTED`) are listed where `priority` names them.

    `open`: True for what still wants a person: not withdrawn, not dismissed, not held by another
    cause, not on a shelf, not only noted; False for the rest. `shelved`: on a shelf, or not.
    `from_us`, `to_us`: alerts whose time touches the span. `text` is looked for in
    names, numbers and sentences; `thing` is the ref of a thing.
    """

    state: tuple[str, ...] = ()
    priority: tuple[int, ...] = ()
    rule: tuple[str, ...] = ()
    handling: tuple[str, ...] = ()
    phase: tuple[str, ...] = ()  # of `PHASES`
    open: bool | None = None
    shelved: bool | None = None
    from_us: int | None = None
    to_us: int | None = None
    text: str = ""
    thing: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    items: list[AlertRow]
    next_cursor: str | None


def document_of(row: Mapping[str, Any]) -> dict[str, Any]:
    """The content of a row given by the engine; raises KeyError when something is missing."""
    return {name: row[name] for name in CONTENT if name != "settings_version"} | {
        "settings_version": row.get("settings_version", 1)  # what is taken up again may lack it
    }


def content_hash(document: Mapping[str, Any]) -> str:
    """Of what an alert says, its state left out: equal for two versions of which the second is no
    news. The engine goes by it to say only what is new, the records to write nothing twice."""
    said = [[document[name] for name in NEWS], [thing["ref"] for thing in document["things"]]]
    return hashlib.blake2b(to_json(said).encode(), digest_size=16).hexdigest()


def shown_priority(rule_priority: int, escalated: bool) -> int:
    return ALARM if escalated and rule_priority == WARNING else rule_priority


def search_text(document: Mapping[str, Any]) -> str:
    """What `AlertFilter.text` looks in. Refs stand between bars, so that one is found whole."""
    words: list[str] = [document["id"], document["rule"], document["kind"]]
    for thing in document["things"]:
        words += [f"|{thing['ref']}|", str(thing.get("label") or ""), str(thing.get("mmsi") or "")]
    words += document["sentence"].values()
    return "\n".join(words).casefold()


def alert_row(row: Row[Any]) -> AlertRow:
    """From a row of the table `alerts`."""
    said = {k: v for k, v in row.document.items() if k not in ("state", "priority", "updated_us")}
    return AlertRow(
        **said,
        seq=row.seq,
        revision=row.revision,
        state=row.state,
        priority=row.priority,
        escalated=row.escalated,
        updated_us=row.updated_us,
        raised_us=row.raised_us,
        handling=row.handling,
        handled_by=row.handled_by,
        handled_us=row.handled_us,
        handed_to=row.handed_to,
        reason=row.reason,
        group=row.lead,
        grouped=row.grouped,
        shelf=row.shelf,
        shelved_until_us=row.shelved_until_us,
    )


@dataclass(frozen=True, slots=True)
class Handling:
    """Where an alert stands with people."""

    handling: str = NEW
    handled_by: str | None = None
    handled_us: int | None = None
    handed_to: str | None = None
    reason: str | None = None


_HANDLING = {"acknowledge": ACKNOWLEDGED, "dismiss": DISMISSED, "hand_on": HANDED_ON}


def fold(actions: Iterable[ActionRow]) -> Handling:
    """Where the actions, oldest first, leave the alert; undone ones count for nothing."""
    now = Handling()
    for a in actions:
        if a.action == "reopened":
            now = Handling()
        elif a.action in _HANDLING and a.undone_by is None:
            now = Handling(_HANDLING[a.action], a.by, a.at_us, a.to, a.reason)
    return now
