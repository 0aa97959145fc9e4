"""Incidents that are one matter: merged, split, and what each of them is with the others.

A merge copies nothing: the incident that is merged only says into which. What a matter gathered is
worked out from all its parts when it is looked at, so taking them apart brings both back as they
were."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from littoral.respond.incident.flow import Incident, Source
from littoral.respond.incident.step import Refused


@dataclass(frozen=True, slots=True)
class Matter:
    """An incident with those merged into it, directly or by way of others, in order of report."""

    head: Incident
    parts: tuple[Incident, ...]

    @property
    def sources(self) -> frozenset[Source]:
        return self.head.sources.union(*(p.sources for p in self.parts))

    @property
    def agencies(self) -> frozenset[str]:
        """Of all parts; the head's lead is first among them and stands in `head`."""
        every = (self.head, *self.parts)
        return frozenset(
            a for i in every for a in (i.lead_agency, *(j.agency for j in i.joint_agencies))
        )


def check_merge(incident: Incident, other: Incident | None) -> None:
    """Raises Refused unless `incident` may be merged into `other`: one that exists, is open and
    stands by itself, so that no chain of merges closes to a ring."""
    if other is None:
        raise Refused("unknown", "没有这个事件。", "There is no such incident.", "other")
    if other.merged_into:
        raise Refused(
            "merged", f"该事件已并入 {other.merged_into}：请并入后者。",
            f"It is merged into {other.merged_into}: merge into that one.", "other",
        )  # fmt: skip
    if other.outcome:
        raise Refused(
            "closed", "该事件已结案：请先重新打开。", "It is closed: reopen it first.", "other"
        )


def head_of(key: str, merged_into: Mapping[str, str]) -> str:
    """The incident under which that one is handled. `merged_into`: empty for those by themselves.
    Raises ValueError for a ring, which check_merge lets nobody make."""
    seen = {key}
    while up := merged_into.get(key, ""):
        if up in seen:
            raise ValueError(f"incidents are merged in a ring: {', '.join(sorted(seen))}")
        seen.add(up)
        key = up
    return key


def matters(incidents: Iterable[Incident]) -> list[Matter]:
    """All incidents as matters, in order of report."""
    known = {i.id: i for i in incidents}
    up = {i.id: i.merged_into for i in known.values()}
    parts: dict[str, list[Incident]] = {}
    for incident in known.values():
        parts.setdefault(head_of(incident.id, up), []).append(incident)
    made = [
        Matter(
            known[head], tuple(sorted((p for p in of if p.id != head), key=lambda p: p.opened_us))
        )
        for head, of in parts.items()
    ]
    return sorted(made, key=lambda m: (m.head.opened_us, m.head.id))
