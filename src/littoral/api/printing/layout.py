"""An incident's file as a document: what is known of it, laid out in one language.

Everything comes as its page has it (api/incidents, api/tasks, api/alerts); nothing is read here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from littoral.api.printing.facts import fact_text
from littoral.api.printing.sketch import sketch
from littoral.api.printing.typeset import Document
from littoral.api.words import Words
from littoral.api.words.times import local, offset, position

MOST_LINES = 200  # of observations, and of raw lines, of one alert
SMALL = 7.5  # points


@dataclass
class IncidentFile:
    """`tasks`: with their `steps`; None: not the caller's to see. `alerts` by id, with `evidence`:
    None is no longer kept, an empty one not to be seen. `known`: other incidents that the caller
    may see, by id. `log`: number of its entries and root hash."""

    incident: dict[str, Any]
    tasks: list[dict[str, Any]] | None
    alerts: dict[str, dict[str, Any] | None]
    submissions: list[dict[str, Any]]
    known: Mapping[str, dict[str, Any]]
    units: Mapping[str, dict[str, str]]
    region: str
    by: str
    made_us: int
    made: str
    policy: str = ""
    log: tuple[int, str] | None = None


def document(file: IncidentFile, say: Words, zone: ZoneInfo) -> Document:
    one = file.incident
    title = say("print.title", code=one["code"])
    made = say("print.made", by=file.by, at=local(file.made, zone))
    where = say("print.zone", zone=zone.key, offset=offset(file.made_us, zone))
    doc = Document(
        say.lang, title, "Littoral", f"Littoral 滨海 · {title}", where, made, say("print.page"),
        file.made_us,
    )  # fmt: skip
    doc.heading(1, f"{one['code']} {_title(one, say)}")
    _state(doc, file, say, zone)
    _map(doc, file, say)
    _came(doc, file, say)
    _checklist(doc, file, say, zone)
    doc.heading(2, say("print.log"))
    _steps(doc, one["steps"], file, say, zone, "incidentStep")
    _tasks(doc, file, say, zone)
    _phones(doc, file, say, zone)
    for n, (key, alert) in enumerate(file.alerts.items(), 1):
        if n == 1:
            doc.heading(2, say("print.alerts"))
        _alert(doc, n, key, alert, say, zone)
    _note(doc, file, say)
    return doc


def _title(one: Mapping[str, Any], say: Words) -> str:
    return say("print.erased") if one["erased"] and not one["title"] else str(one["title"])


def _state(doc: Document, file: IncidentFile, say: Words, zone: ZoneInfo) -> None:
    one = file.incident
    due = one["due"]
    late = "" if due is None else local(due["at"], zone)
    if due is not None and due["rung"]:
        late = say("print.dueUp", at=late, n=due["rung"])
    joint = [
        f"{say.name('agency', j['agency'])} ({say.of(j['unit_name'])})"
        for j in one["joint_agencies"]
    ]
    doc.heading(2, say("print.state"))
    doc.facts([
        (say("print.type"), say.name("incidentType", one["type"])),
        (say("print.severity"), say.name("severity", one["severity"])),
        (say("print.stateNow"), say.name("incidentState", one["state"])),
        (say("print.outcome"), say.name("outcome", one["outcome"]) if one["outcome"] else None),
        (say("print.desk"), say.of(one["desk_name"])),
        (say("print.lead"), say.name("agency", one["lead_agency"])),
        (say("print.joint"), ", ".join(joint)),
        (say("print.area"), _unit(file, one["area"], say)),
        (say("print.place"), position(one["lon"], one["lat"], say("print.noPlace"))),
        (say("print.opened"), f"{local(one['opened'], zone)} · {one['opened_by']}"),
        (say("print.since"), local(one["since"], zone)),
        (say("print.due"), late),
    ])  # fmt: skip


def _map(doc: Document, file: IncidentFile, say: Words) -> None:
    one = file.incident
    here = None if one["lon"] is None or one["lat"] is None else (one["lon"], one["lat"])
    alerts = [(a["lon"], a["lat"]) for a in file.alerts.values() if a and a.get("lon") is not None]
    drawn = sketch(file.region, here, alerts)
    if drawn is not None:
        doc.figure(drawn, f"{say('print.map')}. {say('print.source')}")


def _came(doc: Document, file: IncidentFile, say: Words) -> None:
    one = file.incident
    rows: list[tuple[str, str | None]] = [
        (say.name("source", source["kind"]), source["ref"])
        for source in one["sources"]
        if source["kind"] != "alert"
    ]
    for n, (key, alert) in enumerate(file.alerts.items(), 1):
        said = _unread(key, alert, say) or say.of((alert or {})["sentence"])
        rows.append((say("print.alert", n=n), said))
    rows += [(say("print.part"), f"{p['code']} {_title(p, say)}") for p in one["parts"]]
    for name, keys in (
        ("print.mergedInto", [one["merged_into"]]), ("print.splitFrom", [one["split_from"]]),
        ("print.linked", one["linked"]),
    ):  # fmt: skip
        for key in filter(None, keys):
            other = file.known.get(key)
            shown = say("print.unseen") if other is None else (
                f"{other['code']} {_title(other, say)}"
            )  # fmt: skip
            rows.append((say(name), shown))
    if rows:
        doc.heading(2, say("print.came"))
        doc.facts(rows)


def _checklist(doc: Document, file: IncidentFile, say: Words, zone: ZoneInfo) -> None:
    found = file.incident["checklist"]
    if found is None:
        return
    done = sum(item["done"] is not None for item in found["items"])
    doc.heading(2, say("print.checklist", done=done, all=len(found["items"])))
    rows = []
    for n, item in enumerate(found["items"], 1):
        tick = item["done"]
        rows.append([
            str(n), say.of(item["text"] if tick is None else tick["said"]),
            say("print.open") if tick is None else local(tick["at"], zone),
            "" if tick is None else tick["by"],
            "" if tick is None else _unit(file, tick["desk"].partition("/")[0], say),
        ])  # fmt: skip
    head = [say(f"print.{n}") for n in ("number", "item", "ticked", "by", "unit")]
    doc.table(head, [0, 5, 2.2, 2.2, 2], rows)
    if found["sources"]:
        after = "; ".join(say.of(source["name"]) for source in found["sources"])
        doc.text(say("print.after", sources=after), SMALL)


def _steps(
    doc: Document, steps: Iterable[Mapping[str, Any]], file: IncidentFile, say: Words,
    zone: ZoneInfo, group: str,
) -> None:  # fmt: skip
    head = [say(f"print.{n}") for n in ("number", "at", "received", "step", "by", "unit", "said")]
    rows = [
        [
            str(n), local(s["at"], zone), local(s["received"], zone), say.name(group, s["kind"]),
            s["by"], _unit(file, s["desk"].partition("/")[0], say),
            said(s["fields"], file, say),
        ]
        for n, s in enumerate(steps, 1)
    ]  # fmt: skip
    doc.table(head, [0, 2.2, 2.2, 2, 2.2, 2, 5], rows)


# What a step says, in this order; codes are told by the names of these groups.
NAMED = {
    "agency": "agency", "lead_agency": "agency", "outcome": "outcome", "type": "incidentType",
    "severity": "severity", "kind": "source",
}  # fmt: skip
SAID = (
    "reason", "text", "found", "what", "title", "type", "severity", "outcome", "lead_agency",
    "item", "agency", "unit", "to", "area", "other", "into", "kind", "ref", "lon_deg", "lat_deg",
    "responder", "task", "also", "every_min", "within_min", "help",
)  # fmt: skip


def said(fields: Mapping[str, Any], file: IncidentFile, say: Words) -> str:
    parts = []
    for name in SAID:
        value = fields.get(name)
        if name == "item" and isinstance(seen := fields.get("seen"), Mapping):
            value = say.of(seen)
        if value is None or value == "" or value is False:
            continue
        if isinstance(value, bool):
            shown = say("print.yes")
        elif name in NAMED:
            shown = say.name(NAMED[name], str(value))
        elif name in ("unit", "to", "area"):
            shown = _unit(file, str(value), say)
        elif name == "other" and value in file.known:
            shown = file.known[value]["code"]
        elif name in ("task", "responder"):
            shown = _of_task(file, name, str(value))
        else:
            shown = f"{value:.5f}" if isinstance(value, float) else str(value)
        label = say(f"print.field.{name}")
        parts.append(f"{label}: {shown}" if label else shown)
    return "; ".join(parts)


def _of_task(file: IncidentFile, name: str, key: str) -> str:
    """The code of a task, or the name of who was sent; its id where it is not to be seen."""
    for task in file.tasks or ():
        if name == "task" and task["id"] == key:
            return str(task["code"])
        if name == "responder" and task["responder"]["id"] == key:
            return str(task["responder"]["name"])
    return key


def _unit(file: IncidentFile, code: str, say: Words) -> str:
    return say.of(file.units[code]) if code in file.units else code


def _tasks(doc: Document, file: IncidentFile, say: Words, zone: ZoneInfo) -> None:
    doc.heading(2, say("print.tasks"))
    if file.tasks is None:
        doc.text(say("print.tasksUnseen"))
        return
    if not file.tasks:
        doc.text(say("print.noTasks"))
    for task in file.tasks:
        sent, call = task["responder"], task["call"]
        doc.heading(3, f"{task['code']} {sent['name']}")
        doc.facts([
            (say("print.responder"), f"{sent['name']} ({say.name('responder', sent['kind'])}, "
                                     f"{_unit(file, sent['office'], say)})"),
            (say("print.what"), task["what"]),
            (say("print.place"), position(task["lon"], task["lat"])),
            (say("print.stateNow"), say.name("taskState", task["state"])),
            (say("print.assigned"), f"{local(task['assigned'], zone)} · {task['assigned_by']}"),
            (say("print.reason"), task["reason"]),
            (say("print.found"), task["found"]),
            (say("print.call"), None if call is None else say(
                "print.everyMin", every=call["every_min"], within=call["within_min"])),
        ])  # fmt: skip
        _steps(doc, task["steps"], file, say, zone, "taskStep")


def _phones(doc: Document, file: IncidentFile, say: Words, zone: ZoneInfo) -> None:
    if not file.submissions:
        return
    doc.heading(2, say("print.phones"))
    head = [say(f"print.{n}") for n in ("at", "received", "step", "by", "said")]
    rows = []
    for sent in file.submissions:
        kept = sent["file"]
        text = said(sent["fields"], file, say)
        if kept is not None:
            text = say("print.file", type=kept["media_type"], size=kept["size"])
            if kept["sha256"]:
                text += "; " + say("print.fileHash", hash=kept["sha256"])
        rows.append([
            local(sent["at"], zone), local(sent["received"], zone),
            say.name("phoneKind", sent["kind"]), sent["by"], text,
        ])  # fmt: skip
    doc.table(head, [2.2, 2.2, 2, 2.2, 5], rows)


def _unread(key: str, alert: Mapping[str, Any] | None, say: Words) -> str:
    """Why an alert is not printed; empty where it is."""
    if alert is None:
        return say("print.alertGone", id=key)
    return "" if alert else say("print.alertUnseen", id=key)


def _alert(
    doc: Document, n: int, key: str, alert: Mapping[str, Any] | None, say: Words, zone: ZoneInfo
) -> None:
    if alert is None or not alert:
        doc.heading(3, say("print.alert", n=n))
        doc.text(_unread(key, alert, say))
        return
    doc.heading(3, f"{say('print.alert', n=n)}: {say.name('kind', alert['kind'])}")
    doc.text(alert["sentence"]["zh"])
    doc.text(alert["sentence"]["en"])
    labels = {t["ref"]: t["label"] for t in alert["things"]}
    other = "_en" if say.lang == "zh" else "_zh"
    facts: list[tuple[str, str | None]] = [
        fact_text(name, labels.get(value, value) if isinstance(value, str) else value, say)
        for name, value in alert["facts"].items()
        if value not in (None, "") and not name.endswith(other)
    ]
    doc.facts([
        (say("print.rule"), f"{say.name('rule', alert['rule'])} {alert['version']}, "
                            f"{alert['profile']}"),
        (say("print.priority"), say.name("priority", str(alert["priority"]))),
        (say("print.alertState"), say.name("state", alert["state"])),
        (say("print.handling"), say.name("handling", alert["handling"])),
        (say("print.things"), ", ".join(t["label"] for t in alert["things"])),
        (say("print.place"), position(alert["lon"], alert["lat"])),
        (say("print.start"), local(alert["start"], zone)),
        (say("print.end"), local(alert["end"], zone) or say("print.goesOn")),
        *facts,
        ("id", key),
    ])  # fmt: skip
    _acts(doc, alert["actions"], say, zone)
    _evidence(doc, alert["evidence"], say, zone)


def _acts(doc: Document, actions: Sequence[Mapping[str, Any]], say: Words, zone: ZoneInfo) -> None:
    head = [say(f"print.{n}") for n in ("at", "acts", "by", "said")]
    rows = [
        [
            local(a["at"], zone), say.name("did", a["action"]), a["by"],
            "; ".join(filter(None, (a["to"], a["reason"]))),
        ]
        for a in actions
    ]  # fmt: skip
    doc.table(head, [2.2, 2, 2.2, 5], rows)


def _evidence(doc: Document, found: Mapping[str, Any], say: Words, zone: ZoneInfo) -> None:
    observed, lines, missing = found["observations"], found["lines"], found["missing"]
    if observed:
        doc.text(say("print.observations"))
    head = [say("print.at"), "MMSI", *(
        say(f"print.{n}") for n in ("place", "speed", "course", "name", "station")
    )]  # fmt: skip
    rows = [
        [
            local(o["t"], zone), str(o["mmsi"]), position(o["lon"], o["lat"]), _number(o["sog_kn"]),
            _number(o["cog_deg"]), o["name"] or o["text"] or "", o["station"] or "",
        ]
        for o in observed[:MOST_LINES]
    ]  # fmt: skip
    doc.table(head, [2.4, 1.4, 2.6, 1, 1, 2, 1.4], rows)
    if lines:
        doc.text(say("print.lines"))
    doc.table(
        [say("print.source.line"), say("print.raw")], [1, 4],
        [[say("print.line", source=x["source"], line=x["line"]), x["text"]]
         for x in lines[:MOST_LINES]],
    )  # fmt: skip
    left = max(0, len(observed) - MOST_LINES) + max(0, len(lines) - MOST_LINES)
    if left:
        doc.text(say("print.more", n=left), SMALL)
    if missing:
        doc.text(say("print.missing", n=len(missing)), SMALL)


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.1f}"


def _note(doc: Document, file: IncidentFile, say: Words) -> None:
    one = file.incident
    doc.heading(2, say("print.note"))
    log = say("print.noLog")
    if file.log is not None:
        size, root = file.log
        log = say("print.logSize", n=size, root=root)
    doc.facts([
        (say("print.incidentId"), one["id"]),
        (say("print.version"), str(one["version"])),
        (say("print.policy"), file.policy),
        (say("print.logPlace"), log),
    ])  # fmt: skip
