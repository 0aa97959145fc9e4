"""Shifts, papers and entries as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from fastapi import Request
from sqlalchemy.engine import Connection

from littoral.api.duty.sight import Desk, names
from littoral.api.wire import iso
from littoral.respond.duty.layers import Stint
from littoral.respond.duty.paper import HANDOVER, KINDS, WINDOW, Paper
from littoral.respond.duty.regulation import Named, Regulation
from littoral.respond.duty.shifts import Shift
from littoral.respond.duty.strength import short_of
from littoral.store import changes, outages
from littoral.store.actions import NotFound
from littoral.store.duty.entries import Entry
from littoral.store.duty.papers import StepRow

ACCOUNTS = (
    "giver", "taker", "account", "instead_of", "mended_by", "signed_by", "read_by",
)  # fmt: skip


def named_json(of: Named) -> dict[str, str]:
    return {"id": of.id, "zh": of.zh, "en": of.en}


def regulation_json(of: Regulation) -> dict[str, Any]:
    return {
        **named_json(of), "source": of.source, "zone": of.zone.key, "teams": list(of.teams),
        "posts": [
            {**named_json(p), "least": p.least, "on_call": p.on_call, "hands_over": p.hands_over}
            for p in of.posts
        ],
        "turns": [{**named_json(t), "begins": t.begins.isoformat("minutes")} for t in of.turns],
        "checks": [named_json(c) for c in of.checks],
        "items": [{**named_json(i), "required": i.required} for i in of.items],
    }  # fmt: skip


def shift_json(shift: Shift, found: Iterable[Stint], called: Mapping[str, str]) -> dict[str, Any]:
    """`called`: names of accounts."""
    standing = list(found)
    return {
        "key": shift.key, "turn": shift.turn.id, "begin": iso(shift.begin_us),
        "end": iso(shift.end_us), "team": shift.team,
        "stints": [
            {"account": s.account, "name": called.get(s.account, s.account), "post": s.post,
             "begin": iso(s.begin_us), "end": iso(s.end_us), "why": s.why}
            for s in standing
        ],
        "short": [
            {"post": s.post, "begin": iso(s.begin_us), "end": iso(s.end_us), "has": s.has,
             "least": s.least}
            for s in short_of(shift, standing)
        ],
    }  # fmt: skip


def accounts_in(paper: Paper) -> set[str]:
    return {paper.by, *(str(paper.doc.get(name) or "") for name in ACCOUNTS)} - {""}


def paper_json(
    request: Request, connection: Connection, paper: Paper, called: Mapping[str, str] | None = None
) -> dict[str, Any]:
    found = names(request, accounts_in(paper)) if called is None else called
    return {
        "id": paper.id, "kind": paper.kind, "unit": paper.unit, "agency": paper.agency,
        "state": paper.state, "by": paper.by, "made": iso(paper.made_us),
        "since": iso(paper.since_us), "version": paper.version, "doc": timed(paper.doc),
        "holds": _holds(connection, paper) if paper.kind == WINDOW else None,
        "names": {key: found[key] for key in accounts_in(paper) if key in found},
        "next": [
            name for name, kind in KINDS[paper.kind].items() if paper.state in kind.states
        ],
    }  # fmt: skip


def timed(doc: Mapping[str, Any]) -> dict[str, Any]:
    """Times in microseconds as on the wire, under the name without its unit."""
    return {
        name.removesuffix("_us"): iso(value) if name.endswith("_us") else value
        for name, value in doc.items()
        if value is not None
    }


def _holds(connection: Connection, paper: Paper) -> str:
    try:
        row = outages.one(connection, paper.id)
    except NotFound:
        return "no"
    if row.holds_alerts:
        return "yes"
    waits = changes.waiting(connection, f"{changes.OUTAGE}:{paper.id}")
    return "no" if waits is None else "waiting"


def step_json(row: StepRow, called: Mapping[str, str]) -> dict[str, Any]:
    step = row.step
    return {
        "id": step.id, "kind": step.kind, "version": row.version, "at": iso(step.at_us),
        "received": iso(row.received_us), "by": called.get(step.by, step.by),
        "fields": timed(step.fields),
    }  # fmt: skip


def entry_json(entry: Entry, called: Mapping[str, str]) -> dict[str, Any]:
    return {
        "id": entry.id, "seq": entry.seq, "shift": entry.shift, "kind": entry.kind,
        "ref": entry.ref, "text": entry.text, "at": iso(entry.at_us),
        "received": iso(entry.received_us), "by": called.get(entry.by, entry.by),
    }  # fmt: skip


def open_handovers(desk: Desk, found: Iterable[Paper], shift: Shift | None) -> list[Paper]:
    """Those of this watch, to it, and any that still waits for its signatures."""
    here = shift.key if shift is not None else ""
    return [
        p
        for p in found
        if p.kind == HANDOVER
        and (p.state != "taken_over" or here in (p.doc["outgoing"], p.doc["incoming"]))
    ]
