"""The papers of a desk: swaps, leave, overrides, tickets of faults, maintenance windows, handovers.

A paper is what its steps make of it: `after(paper, step)`, from None on. What may follow what
stands in KINDS. Nothing here reads a clock or knows who may do what: that is for the policies. A
step that cannot be is Refused and changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

MAX_TEXT = 4000
SWAP, LEAVE, OVERRIDE = "swap", "leave", "override"
FAULT, WINDOW, HANDOVER = "fault", "window", "handover"

Words = tuple[str, str]  # Chinese, English
STATES: Mapping[str, Words] = {
    "asked": ("待同意", "asked"),
    "agreed": ("待批准", "agreed, to be approved"),
    "in_force": ("生效", "in force"),
    "refused": ("未通过", "refused"),
    "taken_back": ("已撤回", "taken back"),
    "open": ("待处理", "open"),
    "in_hand": ("维修中", "in hand"),
    "mended": ("待验收", "mended, to be accepted"),
    "closed": ("已关闭", "closed"),
    "ended": ("已结束", "ended"),
    "draft": ("草稿", "draft"),
    "signed": ("待接班人阅读", "signed, to be read"),
    "read": ("待接班人签字", "read, to be signed for"),
    "taken_over": ("已交接", "handed over"),
}
# In these a paper waits for nobody and changes nothing.
OVER = frozenset({"refused", "taken_back", "closed", "ended", "taken_over"})


@dataclass(frozen=True, slots=True)
class Step:
    """`id` is made by the client, so that a step sent twice is one. `at_us`: UTC microseconds, by
    the clock of who did it. `by`: account. `fields`: see KINDS."""

    id: str
    paper: str
    kind: str
    at_us: int
    by: str
    fields: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Paper:
    """`by`: who began it. `doc`: what it says, by kind:

    swap: giver, taker, gives, takes (keys of shifts; takes may be empty) · leave: account, from_us,
    until_us · override: account, post, instead_of, from_us, until_us, reason · fault: thing (sort:
    receiver, feed, system), name, what · window: the same with from_us, until_us, who, fault
    · handover: outgoing, incoming (keys of shifts), says (by item), signed_by, found (what the
    server found open when it was signed), read_by, remark.
    """

    id: str
    kind: str
    unit: str
    agency: str
    state: str
    by: str
    made_us: int
    since_us: int
    version: int
    doc: Mapping[str, Any]


class Refused(Exception):
    """Why a step cannot be. `code` is for programs, the sentences for people, `field` names what
    was wrong of the step's fields."""

    def __init__(self, code: str, zh: str, en: str, field: str = "") -> None:
        super().__init__(en)
        self.code, self.zh, self.en, self.field = code, zh, en, field


Change = Callable[[Paper, Step], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Kind:
    """From which states a step may be done, into which it leads (None: it stays), whether it says
    why, and what it changes of the paper's text, where it looks first whether it may."""

    states: frozenset[str]
    into: str | None = None
    reason: bool = False
    change: Change | None = None


def begun(kind: str, step: Step, unit: str, agency: str) -> Paper:
    """The paper that a first step makes. Raises Refused."""
    state, doc = BEGIN[kind](step)
    return Paper(
        step.paper, kind, unit, agency, state, step.by, step.at_us, step.at_us, 1, doc
    )  # fmt: skip


def after(paper: Paper, step: Step, known: Mapping[str, Any] | None = None) -> Paper:
    """The paper once `step` is done. `known`: what the server adds to the step's fields, for a
    signature under a handover `found` and `required` (ids of items). Raises Refused."""
    kind = KINDS[paper.kind].get(step.kind)
    if kind is None:
        raise Refused(
            "kind", f"没有“{step.kind}”这种步骤。", f"No step is called {step.kind!r}.", "kind"
        )
    if paper.state not in kind.states:
        is_zh, is_en = STATES[paper.state]
        raise Refused(
            "state", f"现为“{is_zh}”，此步骤不适用。", f"It is {is_en}: this does not follow."
        )
    if kind.reason:
        text(step, "reason")
    full = replace(step, fields={**step.fields, **(known or {})})
    changed = kind.change(paper, full) if kind.change else {}
    into = changed.pop("state", kind.into) or paper.state
    since_us = step.at_us if into != paper.state else paper.since_us
    return replace(
        paper,
        doc={**paper.doc, **changed},
        state=into,
        since_us=since_us,
        version=paper.version + 1,
    )


def text(step: Step, name: str, is_required: bool = True) -> str:
    value = str(step.fields.get(name) or "").strip()
    if not value and is_required:
        raise Refused("missing", f"请填写 {name}。", f"{name} is missing.", name)
    if len(value) > MAX_TEXT:
        raise Refused(
            "long", f"{name} 不得超过 {MAX_TEXT} 字。", f"{name}: at most {MAX_TEXT} signs.", name
        )
    return value


def span(step: Step) -> dict[str, int]:
    from_us, until_us = step.fields.get("from_us"), step.fields.get("until_us")
    if not isinstance(from_us, int) or not isinstance(until_us, int) or until_us <= from_us:
        raise Refused("span", "结束须晚于开始。", "It ends after its begin.", "until")
    return {"from_us": from_us, "until_us": until_us}


# -- beginning


def _swap(step: Step) -> tuple[str, dict[str, Any]]:
    doc = {
        "giver": text(step, "giver"), "taker": text(step, "taker"), "gives": text(step, "gives"),
        "takes": text(step, "takes", is_required=False),
    }  # fmt: skip
    if doc["giver"] == doc["taker"] or doc["gives"] == doc["takes"]:
        raise Refused(
            "same",
            "换班须在两人、两个班次之间。",
            "A swap is between two people and two shifts.",
            "taker",
        )
    both = [doc["giver"], doc["taker"]]
    return "asked", {**doc, "agreed": [step.by] if step.by in both else []}


def _leave(step: Step) -> tuple[str, dict[str, Any]]:
    account = text(step, "account")
    # Whoever enters it for somebody else plans; whoever asks for himself waits for that.
    return "asked" if account == step.by else "in_force", {"account": account, **span(step)}


def _override(step: Step) -> tuple[str, dict[str, Any]]:
    post, instead_of = text(step, "post", False), text(step, "instead_of", False)
    doc = {"account": text(step, "account"), "post": post, "instead_of": instead_of if post else ""}
    return "in_force", {**doc, "reason": text(step, "reason"), **span(step)}


SORTS = ("receiver", "feed", "system")


def _thing(step: Step) -> dict[str, Any]:
    if step.fields.get("thing") not in SORTS:
        listed = ", ".join(SORTS)
        raise Refused(
            "word", f"thing 须为以下之一：{listed}。", f"thing: one of {listed}.", "thing"
        )
    return {"thing": step.fields["thing"], "name": text(step, "name"), "what": text(step, "what")}


def _fault(step: Step) -> tuple[str, dict[str, Any]]:
    return "open", {**_thing(step), "mended_by": ""}


def _window(step: Step) -> tuple[str, dict[str, Any]]:
    more = {"who": text(step, "who"), "fault": text(step, "fault", False)}
    return "in_force", {**_thing(step), **span(step), **more}


def _handover(step: Step) -> tuple[str, dict[str, Any]]:
    shifts = {name: text(step, name) for name in ("outgoing", "incoming")}
    return "draft", {**shifts, "says": _says(step), "signed_by": "", "found": None, "read_by": ""}


def _says(step: Step) -> dict[str, str]:
    said = step.fields.get("says") or {}
    if not isinstance(said, Mapping):
        raise Refused("says", "格式不对。", "says: text by item.", "says")
    for value in said.values():
        if not isinstance(value, str) or len(value) > MAX_TEXT:
            raise Refused("long", f"不得超过 {MAX_TEXT} 字。", f"At most {MAX_TEXT} signs.", "says")
    return {str(name): value.strip() for name, value in said.items()}


BEGIN: Mapping[str, Callable[[Step], tuple[str, dict[str, Any]]]] = {
    SWAP: _swap, LEAVE: _leave, OVERRIDE: _override, FAULT: _fault, WINDOW: _window,
    HANDOVER: _handover,
}  # fmt: skip


# -- going on


def _both(paper: Paper) -> tuple[str, str]:
    return paper.doc["giver"], paper.doc["taker"]


def _party(paper: Paper, step: Step) -> dict[str, Any]:
    if step.by not in (*_both(paper), paper.by):
        raise Refused("party", "仅限换班双方。", "This is for the two who swap.")
    return {}


def _agreed(paper: Paper, step: Step) -> dict[str, Any]:
    if step.by not in _both(paper):
        raise Refused("party", "仅限换班双方。", "This is for the two who swap.")
    agreed = sorted({*paper.doc["agreed"], step.by})
    return {"agreed": agreed, "state": "agreed" if set(agreed) == {*_both(paper)} else "asked"}


def _approved_swap(paper: Paper, step: Step) -> dict[str, Any]:
    if step.by in _both(paper):
        raise Refused(
            "own", "须由换班双方以外的人批准。", "Another person than the two approves it."
        )
    return {}


def _approved_leave(paper: Paper, step: Step) -> dict[str, Any]:
    if step.by == paper.doc["account"]:
        raise Refused("own", "本人的休假须由他人批准。", "Another person approves one's leave.")
    return {}


def _own_leave(paper: Paper, step: Step) -> dict[str, Any]:
    if step.by != paper.doc["account"]:
        raise Refused("own", "仅本人可撤回。", "Only who asked takes it back.")
    return {}


def _taken(paper: Paper, step: Step) -> dict[str, Any]:
    return {"who": text(step, "who")}


def _mended(paper: Paper, step: Step) -> dict[str, Any]:
    return {"mended_by": step.by}


def _accepted(paper: Paper, step: Step) -> dict[str, Any]:
    if step.by == paper.doc["mended_by"]:
        raise Refused(
            "own", "须由维修人以外的人验收。", "Another person than who mended it accepts it."
        )
    return {}


def _ended(paper: Paper, step: Step) -> dict[str, Any]:
    return {"until_us": min(paper.doc["until_us"], max(step.at_us, paper.doc["from_us"] + 1))}


def _written(paper: Paper, step: Step) -> dict[str, Any]:
    return {"says": _says(step)}


def _signed(paper: Paper, step: Step) -> dict[str, Any]:
    """`found`: what the server found open at that moment; from here on the text stands."""
    says = paper.doc["says"]
    if unsaid := [item for item in step.fields["required"] if not says.get(item)]:
        raise Refused(
            "unsaid", "规定的交接内容须填写，没有的请写明“无”。",
            "The regulation wants these stated, also that there is nothing.", f"says.{unsaid[0]}",
        )  # fmt: skip
    return {"signed_by": step.by, "found": step.fields["found"], "signed_us": step.at_us}


def _read(paper: Paper, step: Step) -> dict[str, Any]:
    if step.by == paper.doc["signed_by"]:
        raise Refused("own", "须由接班人阅读并签字。", "Who comes reads and signs, not who goes.")
    return {"read_by": step.by, "read_us": step.at_us}


def _taken_over(paper: Paper, step: Step) -> dict[str, Any]:
    if step.by != paper.doc["read_by"]:
        raise Refused("unread", "签字前须先阅读。", "Who signs for it has read it first.")
    return {"remark": text(step, "remark", False), "taken_us": step.at_us}


def _back(paper: Paper, step: Step) -> dict[str, Any]:
    if step.by != paper.doc["signed_by"]:
        raise Refused("own", "仅签字人可撤回。", "Only who signed it takes it back.")
    return {"signed_by": "", "found": None, "read_by": ""}


def _of(*states: str) -> frozenset[str]:
    return frozenset(states)


REVOKE = Kind(_of("in_force"), "taken_back", reason=True)

KINDS: Mapping[str, Mapping[str, Kind]] = {
    SWAP: {
        "agree": Kind(_of("asked"), change=_agreed),
        "decline": Kind(_of("asked", "agreed"), "refused", change=_party),
        "approve": Kind(_of("agreed"), "in_force", change=_approved_swap),
        "refuse": Kind(_of("asked", "agreed"), "refused", reason=True),
        "revoke": REVOKE,
    },
    LEAVE: {
        "take_back": Kind(_of("asked"), "taken_back", change=_own_leave),
        "approve": Kind(_of("asked"), "in_force", change=_approved_leave),
        "refuse": Kind(_of("asked"), "refused", reason=True),
        "revoke": REVOKE,
    },
    OVERRIDE: {"revoke": REVOKE},
    FAULT: {
        "take": Kind(_of("open", "in_hand"), "in_hand", change=_taken),
        "mend": Kind(_of("open", "in_hand"), "mended", reason=True, change=_mended),
        "close": Kind(_of("mended"), "closed", change=_accepted),
        "reopen": Kind(_of("mended", "closed"), "open", reason=True),
        "note": Kind(_of("open", "in_hand", "mended", "closed"), reason=True),
    },
    WINDOW: {"end": Kind(_of("in_force"), "ended", change=_ended)},
    HANDOVER: {
        "write": Kind(_of("draft"), change=_written),
        "sign": Kind(_of("draft"), "signed", change=_signed),
        "read": Kind(_of("signed", "read"), "read", change=_read),
        "take_over": Kind(_of("read"), "taken_over", change=_taken_over),
        "take_back": Kind(_of("signed", "read"), "draft", change=_back),
    },
}  # fmt: skip
