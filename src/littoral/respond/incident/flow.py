"""How an incident goes from the first report to the last verification.

An incident is what its steps make of it: `after(incident, step)`, from None on. What may follow
what stands in one table, KINDS. Nothing here reads a clock or knows who may do what: that is for
the policies. A step that cannot be is Refused and changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from littoral.respond.incident.step import Refused, Step
from littoral.respond.incident.words import (
    ACCEPTED,
    CLOSED,
    DISPATCHED,
    FED_BACK,
    HANDLING,
    OUTCOMES,
    REPORTED,
    SEVERITIES,
    SOURCES,
    STATES,
    TYPES,
    VERIFIED,
)

MAX_TEXT = 4000
MAX_SOURCES = 500


@dataclass(frozen=True, slots=True)
class Source:
    """What an incident came from: `ref` is the id of the alert, report, call or bulletin."""

    kind: str
    ref: str


@dataclass(frozen=True, slots=True, order=True)
class Joint:
    """An agency, by its kind, that works along: the one that works for `unit`."""

    agency: str
    unit: str


@dataclass(frozen=True, slots=True)
class Incident:
    """`desk` is the unit that answers for it, `asked` the one to which it is being handed over.

    `lon_deg`, `lat_deg`: None where the place is not known yet. `merged_into`: it is the same
    matter as that one and has no steps of its own until taken apart. `version` counts its steps;
    `since_us`: when it came into its state."""

    id: str
    type: str
    severity: str
    title: str
    lon_deg: float | None
    lat_deg: float | None
    area: str
    desk: str
    lead_agency: str
    state: str
    opened_by: str
    opened_us: int
    since_us: int
    version: int = 1
    joint_agencies: frozenset[Joint] = frozenset()
    sources: frozenset[Source] = frozenset()
    linked: frozenset[str] = frozenset()
    asked: str = ""
    merged_into: str = ""
    split_from: str = ""
    outcome: str = ""


@dataclass(frozen=True, slots=True)
class Kind:
    """From which states a step may be done, into which it leads (None: it stays), whether it takes
    a reason, and what it does besides."""

    states: frozenset[str]
    into: str | None = None
    reason: bool = False
    change: Callable[[Incident, Step], dict[str, Any]] | None = None


OPEN = frozenset(STATES) - {CLOSED}
ANY = frozenset(STATES)


def after(incident: Incident | None, step: Step) -> Incident:
    """The incident once `step` is done. Raises Refused."""
    if step.kind == "report":
        if incident is not None:
            raise Refused("exists", "该编号的事件已存在。", "This incident exists already.")
        return reported(step)
    if incident is None:
        raise Refused("unknown", "没有这个事件。", "There is no such incident.")
    kind = KINDS.get(step.kind)
    if kind is None:
        raise Refused(
            "kind", f"没有“{step.kind}”这种步骤。", f"No step is called {step.kind!r}.", "kind"
        )
    if incident.merged_into and step.kind != "unmerge":
        raise Refused(
            "merged",
            "该事件已并入另一事件：请在那里处理，或先拆开。",
            "This incident is merged into another: go on there, or take them apart first.",
        )
    if incident.state not in kind.states:
        is_zh, is_en = STATES[incident.state]
        raise Refused(
            "state", f"事件“{is_zh}”，此步骤不适用。",
            f"The incident is {is_en}: this step does not follow.",
        )  # fmt: skip
    if kind.reason:
        text(step, "reason")
    changed = kind.change(incident, step) if kind.change else {}
    into = changed.pop("state", kind.into) or incident.state
    since_us = step.at_us if into != incident.state else incident.since_us
    return replace(incident, **changed, state=into, since_us=since_us, version=incident.version + 1)


def told(steps: Iterable[Step]) -> Incident:
    """The incident that these steps of it make, in their order. Raises Refused; ValueError for
    none."""
    incident: Incident | None = None
    for step in steps:
        incident = after(incident, step)
    if incident is None:
        raise ValueError("an incident begins with a report")
    return incident


def reported(step: Step) -> Incident:
    lon_deg, lat_deg = place(step)
    return Incident(
        id=step.incident,
        type=one_of(step, "type", TYPES),
        severity=one_of(step, "severity", SEVERITIES),
        title=text(step, "title"),
        lon_deg=lon_deg,
        lat_deg=lat_deg,
        area=str(step.fields.get("area", "")),
        desk=text(step, "desk"),
        lead_agency=text(step, "lead_agency"),
        state=REPORTED,
        opened_by=step.by,
        opened_us=step.at_us,
        since_us=step.at_us,
        sources=frozenset(source(step, s) for s in step.fields.get("sources", ())),
        split_from=str(step.fields.get("split_from", "")),
    )


def text(step: Step, name: str) -> str:
    value = str(step.fields.get(name, "")).strip()
    if not value:
        raise Refused("missing", f"请填写 {name}。", f"{name} is missing.", name)
    if len(value) > MAX_TEXT:
        raise Refused(
            "long", f"{name} 不得超过 {MAX_TEXT} 字。", f"{name}: at most {MAX_TEXT} signs.", name
        )
    return value


def one_of(step: Step, name: str, known: Mapping[str, Any]) -> str:
    value = str(step.fields.get(name, ""))
    if value not in known:
        listed = ", ".join(known)
        raise Refused("word", f"{name} 须为以下之一：{listed}。", f"{name}: one of {listed}.", name)
    return value


def place(step: Step) -> tuple[float | None, float | None]:
    lon_deg, lat_deg = step.fields.get("lon_deg"), step.fields.get("lat_deg")
    if lon_deg is None and lat_deg is None:
        return None, None
    for name, value, limit in (("lon_deg", lon_deg, 180), ("lat_deg", lat_deg, 90)):
        if not isinstance(value, int | float) or not -limit <= value <= limit:
            zh, en = f"{name} 须在 ±{limit}° 之内。", f"{name}: from -{limit} to {limit} degrees."
            raise Refused("place", zh, en, name)
    return float(lon_deg), float(lat_deg)  # type: ignore[arg-type]  # numbers, as just seen


def source(step: Step, said: Any) -> Source:
    kind, ref = (said.get("kind"), said.get("ref")) if isinstance(said, Mapping) else ("", "")
    if kind not in SOURCES or not isinstance(ref, str) or not 0 < len(ref) <= 200:
        listed = ", ".join(SOURCES)
        raise Refused(
            "source", f"来源须有种类（{listed}）和编号。",
            f"A source has a kind ({listed}) and a ref.", "sources",
        )  # fmt: skip
    return Source(str(kind), ref)


def _agency(step: Step) -> str:
    return text(step, "agency")


EDITABLE = ("type", "severity", "title", "lon_deg", "lat_deg", "area", "lead_agency")


def _edited(incident: Incident, step: Step) -> dict[str, Any]:
    """Of EDITABLE those that the step names. `seen` says what the editor saw in them: where it is
    otherwise by now, somebody else was faster, and nothing is overwritten unseen."""
    seen = step.fields.get("seen")
    if isinstance(seen, Mapping):
        for name in EDITABLE:
            if name in step.fields and name in seen and getattr(incident, name) != seen[name]:
                now = getattr(incident, name)
                raise Refused(
                    "conflict", f"{name} 已被他人改为“{now}”。",
                    f"{name} was changed to {now!r} by somebody else meanwhile.", name,
                )  # fmt: skip
    changed: dict[str, Any] = {}
    if "type" in step.fields:
        changed["type"] = one_of(step, "type", TYPES)
    if "severity" in step.fields:
        changed["severity"] = one_of(step, "severity", SEVERITIES)
    if "title" in step.fields:
        changed["title"] = text(step, "title")
    if {"lon_deg", "lat_deg"} & set(step.fields):
        changed["lon_deg"], changed["lat_deg"] = place(step)
    if "area" in step.fields:
        changed["area"] = text(step, "area")
    if "lead_agency" in step.fields:
        changed["lead_agency"] = text(step, "lead_agency")
    if not changed:
        raise Refused("nothing", "没有要更改的内容。", "Nothing is changed.")
    return changed


def _transferred(incident: Incident, step: Step) -> dict[str, Any]:
    to = text(step, "to")
    if to == incident.desk:
        raise Refused("same", "它已在该单位。", "It is there already.", "to")
    return {"asked": to}


def _taken_over(incident: Incident, step: Step) -> dict[str, Any]:
    if not incident.asked:
        raise Refused("not_asked", "没有待接收的移交。", "No transfer waits for an answer.")
    agency = str(step.fields.get("agency", "")) or incident.lead_agency
    return {"desk": incident.asked, "asked": "", "lead_agency": agency, "state": ACCEPTED}


def _declined(incident: Incident, step: Step) -> dict[str, Any]:
    if not incident.asked:
        raise Refused("not_asked", "没有待接收的移交。", "No transfer waits for an answer.")
    return {"asked": ""}


def place_of(incident: Incident) -> str:
    """The unit in whose area it lies; where that is not known, the one that answers for it."""
    return incident.area or incident.desk


def _joined(incident: Incident, step: Step) -> dict[str, Any]:
    """Steps of before name no unit: the agency is that of where the incident lies."""
    joint = Joint(_agency(step), str(step.fields.get("unit", "")) or place_of(incident))
    if joint == Joint(incident.lead_agency, place_of(incident)):
        raise Refused("lead", "它是牵头单位。", "It leads already.", "agency")
    return {"joint_agencies": incident.joint_agencies | {joint}}


def _left(incident: Incident, step: Step) -> dict[str, Any]:
    """Without a unit: the agency of whichever unit."""
    agency, unit = _agency(step), str(step.fields.get("unit", ""))
    gone = {j for j in incident.joint_agencies if j.agency == agency and unit in ("", j.unit)}
    return {"joint_agencies": incident.joint_agencies - gone}


def _sourced(incident: Incident, step: Step) -> dict[str, Any]:
    found = incident.sources | {source(step, step.fields)}
    if len(found) > MAX_SOURCES:
        zh, en = f"来源不得超过 {MAX_SOURCES} 条。", f"At most {MAX_SOURCES} sources."
        raise Refused("sources", zh, en)
    return {"sources": found}


def _unsourced(incident: Incident, step: Step) -> dict[str, Any]:
    gone = source(step, step.fields)
    if gone not in incident.sources:
        raise Refused("source", "它不是本事件的来源。", "It is no source of this incident.", "ref")
    return {"sources": incident.sources - {gone}}


def _split(incident: Incident, step: Step) -> dict[str, Any]:
    """What goes to the new incident (`into`, which begins with a report of its own) leaves here."""
    text(step, "into")
    gone = frozenset(source(step, s) for s in step.fields.get("sources", ()))
    if not gone <= incident.sources:
        zh, en = "所选来源不属于本事件。", "Some of these are no sources of this incident."
        raise Refused("source", zh, en, "sources")
    return {"sources": incident.sources - gone}


def _other(incident: Incident, step: Step) -> str:
    if (other := text(step, "other")) == incident.id:
        raise Refused("self", "不能与自身关联。", "An incident has no tie to itself.", "other")
    return other


def _linked(incident: Incident, step: Step) -> dict[str, Any]:
    return {"linked": incident.linked | {_other(incident, step)}}


def _unlinked(incident: Incident, step: Step) -> dict[str, Any]:
    return {"linked": incident.linked - {_other(incident, step)}}


def _merged(incident: Incident, step: Step) -> dict[str, Any]:
    return {"merged_into": _other(incident, step)}


def _unmerged(incident: Incident, step: Step) -> dict[str, Any]:
    if not incident.merged_into:
        raise Refused("not_merged", "该事件未被合并。", "This incident is not merged.")
    return {"merged_into": ""}


def _of_list(incident: Incident, step: Step) -> dict[str, Any]:
    """A tick, or one that is taken back, says what its signer saw; what is ticked is told by the
    steps (`checklist.ticked`) and not kept in the incident."""
    one_of(step, "checklist", TYPES)
    text(step, "item")
    seen = step.fields.get("seen")
    if not isinstance(seen, Mapping) or not all(isinstance(seen.get(n), str) for n in ("zh", "en")):
        raise Refused(
            "missing", "请附上所见的清单文字。", "What the item says belongs to it.", "seen"
        )
    return {}


def _dispatched(incident: Incident, step: Step) -> dict[str, Any]:
    """Who is sent to what is being handled already does not set it back."""
    return {"state": HANDLING if incident.state == HANDLING else DISPATCHED}


def _closed(incident: Incident, step: Step) -> dict[str, Any]:
    return {"outcome": one_of(step, "outcome", OUTCOMES)}


KINDS: Mapping[str, Kind] = {
    "accept": Kind(frozenset({REPORTED}), ACCEPTED),
    # Not for us, not true, reported before: the matter ends here, with the reason.
    "reject": Kind(frozenset({REPORTED}), CLOSED, reason=True, change=_closed),
    "dispatch": Kind(frozenset({ACCEPTED, DISPATCHED, HANDLING}), change=_dispatched),
    # By who was sent: it goes back to the desk, which sends another.
    "refuse": Kind(frozenset({DISPATCHED}), ACCEPTED, reason=True),
    "begin": Kind(frozenset({DISPATCHED}), HANDLING),
    "feed_back": Kind(frozenset({HANDLING}), FED_BACK, reason=True),
    "verify": Kind(frozenset({FED_BACK}), VERIFIED),
    "send_back": Kind(frozenset({FED_BACK}), HANDLING, reason=True),
    "close": Kind(frozenset({VERIFIED}), CLOSED, change=_closed),
    "reopen": Kind(
        frozenset({CLOSED}), ACCEPTED, reason=True, change=lambda _, __: {"outcome": ""}
    ),
    "transfer": Kind(OPEN, reason=True, change=_transferred),
    "take_over": Kind(OPEN, change=_taken_over),
    "decline": Kind(OPEN, reason=True, change=_declined),
    "escalate": Kind(OPEN, reason=True),
    "edit": Kind(OPEN, change=_edited),
    "note": Kind(ANY, reason=True),
    "tick": Kind(OPEN, change=_of_list),
    "untick": Kind(OPEN, reason=True, change=_of_list),
    "join": Kind(OPEN, change=_joined),
    "leave": Kind(OPEN, reason=True, change=_left),
    "add_source": Kind(OPEN, change=_sourced),
    "drop_source": Kind(OPEN, reason=True, change=_unsourced),
    "link": Kind(ANY, change=_linked),
    "unlink": Kind(ANY, reason=True, change=_unlinked),
    "split": Kind(OPEN, reason=True, change=_split),
    "merge": Kind(OPEN, reason=True, change=_merged),
    "unmerge": Kind(ANY, reason=True, change=_unmerged),
}
