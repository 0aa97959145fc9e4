"""What the log keeps of a report and of a step: what is operational as it is, sealed like all
facts; of free text, and of what sources are called, a commitment alone.

The key of the commitments lies with the incident and goes with its text: then nothing in the log
shows any more what was written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from littoral.respond.incident.flow import EDITABLE, Incident
from littoral.respond.incident.step import Step
from littoral.store import reason_keys
from littoral.store.incidents import Kept

# Of the fields of a step: codes of units and agencies, ids of incidents, words.
PLAIN = ("to", "agency", "unit", "other", "outcome", "into", "checklist")
REPORTED = ("type", "severity", "lon_deg", "lat_deg", "area", "desk", "lead_agency", "split_from")


def asked_for(step: Step) -> dict[str, Any]:
    """What is known of it before it is taken."""
    said = {name: step.fields[name] for name in PLAIN if name in step.fields}
    return {"done": step.kind, "step": step.id, **said}


def of_step(step: Step, before: Incident, kept: Kept) -> dict[str, Any]:
    facts = asked_for(step)
    if "reason" in step.fields:
        facts["reason"] = committed(kept.text_key, step.fields["reason"])
    if "ref" in step.fields:
        facts["source"] = {
            "kind": step.fields["kind"], "ref": committed(kept.text_key, step.fields["ref"]),
        }  # fmt: skip
    if "item" in step.fields:  # once it is known that a file has it, and it is not anything
        facts["item"] = step.fields["item"]
    if "sources" in step.fields:
        facts["sources"] = len(step.fields["sources"])
    if step.kind == "edit":
        changed = [n for n in EDITABLE if getattr(before, n) != getattr(kept.incident, n)]
        facts["before"] = {n: _value(kept.text_key, n, before) for n in changed}
        facts["after"] = {n: _value(kept.text_key, n, kept.incident) for n in changed}
    return facts


def of_report(kept: Kept) -> dict[str, Any]:
    made = kept.incident
    said = {n: value for n in REPORTED if (value := getattr(made, n)) not in ("", None)}
    title = committed(kept.text_key, made.title)
    return {**said, "title": title, "sources": len(made.sources)}


def committed(text_key: str, text: str) -> Mapping[str, str]:
    """`text_key`: 32 bytes, hexadecimal."""
    return {"hmac_sha256": reason_keys.committed(text_key, text)}


def _value(text_key: str, name: str, incident: Incident) -> Any:
    value = getattr(incident, name)
    return committed(text_key, value) if name == "title" else value
