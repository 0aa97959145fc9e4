"""The checklist of an incident: what its file says, and what of it is ticked by whom and when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy.engine import Connection

from littoral.api.wire import iso
from littoral.engine.runtime import Runtime
from littoral.respond.incident.checklist import ticked
from littoral.respond.incident.flow import Incident
from littoral.respond.incident.step import Refused, Step
from littoral.store.checklists import FOLDER, Checklists, kept
from littoral.store.incidents import StepRow
from littoral.store.matters import steps_of_matters

KINDS = frozenset({"tick", "untick"})


def lists_of(engine: Runtime) -> Checklists:
    return kept(engine.settings.data_dir / FOLDER).now()


def check_tick(connection: Connection, lists: Checklists, before: Incident, step: Step) -> None:
    """That the item is the one its signer saw: of the incident's type, and, to take a tick back,
    ticked. Raises Refused."""
    kind, key, seen = (step.fields.get(n) for n in ("checklist", "item", "seen"))
    if kind is None or key is None or seen is None:
        return  # the flow says what is missing
    if kind != before.type:
        raise Refused(
            "conflict", "事件类型已更改，请看新的清单。",
            "The incident is of another type now: see its list.", "checklist",
        )  # fmt: skip
    if step.kind == "untick":
        done = ticked((r.step for r in rows_of(connection, before.id)), before.type).get(str(key))
        if done is None:
            raise Refused(
                "conflict", "该项未勾选。", "This item is not ticked.", "item"
            )  # fmt: skip
        if done.fields["seen"] != seen:
            raise Refused("conflict", "该项已更改。", "This item says something else.", "seen")
        return
    found = lists.by_type.get(before.type)
    item = None if found is None else found.item(str(key))
    if item is None:
        raise Refused("conflict", "清单已无此项。", "The list has no such item.", "item")
    if not item.says(seen):
        raise Refused(
            "conflict", f"清单已更改，该项现为“{item.zh}”。",
            f"The list was changed: the item says now: {item.en}", "seen",
        )  # fmt: skip


def rows_of(connection: Connection, incident: str) -> list[StepRow]:
    """Ticks of the incident and of what is merged into it, as they were taken."""
    return steps_of_matters(connection, [incident], KINDS)[incident]


def checklist_json(
    lists: Checklists, kind: str, rows: Iterable[StepRow], names: Mapping[str, str]
) -> dict[str, Any] | None:
    """The list of that type as it stands now, then what was ticked of it and stands there no more.
    None: the type has no list, and nothing was ticked."""
    taken = list(rows)
    received = {row.step.id: row.received_us for row in taken}
    done = ticked((row.step for row in taken), kind)
    found = lists.by_type.get(kind)
    if found is None and not done:
        return None

    def told(step: Step | None) -> dict[str, Any] | None:
        if step is None:
            return None
        return {
            "by": names.get(step.by, step.by), "desk": step.desk, "at": iso(step.at_us),
            "received": iso(received[step.id]), "said": dict(step.fields["seen"]),
        }  # fmt: skip

    items = [
        {
            "id": i.id, "text": {"zh": i.zh, "en": i.en}, "source": i.source, "is_listed": True,
            "done": told(done.get(i.id)),
        }
        for i in (found.items if found else ())
    ]  # fmt: skip
    listed = {item["id"] for item in items}
    items += [
        {
            "id": key, "text": dict(step.fields["seen"]), "source": "", "is_listed": False,
            "done": told(step),
        }
        for key, step in done.items()
        if key not in listed
    ]  # fmt: skip
    return {
        "type": kind,
        "name": {"zh": found.zh, "en": found.en} if found else {"zh": "", "en": ""},
        "sources": [
            {"id": s.id, "name": {"zh": s.zh, "en": s.en}} for s in (found.sources if found else ())
        ],
        "items": items,
    }


def lists_json(lists: Checklists) -> list[dict[str, Any]]:
    """All lists without ticks, as a phone keeps them."""
    return [
        one for kind in lists.by_type if (one := checklist_json(lists, kind, (), {})) is not None
    ]


def ticks_json(kind: str, rows: Iterable[StepRow], names: Mapping[str, str]) -> list[Any]:
    """What is ticked of the list of that type."""
    return [
        {
            "item": key, "by": names.get(step.by, step.by), "at": iso(step.at_us),
            "said": dict(step.fields["seen"]),
        }
        for key, step in ticked((row.step for row in rows), kind).items()
    ]  # fmt: skip
