"""Which columns each list has as Excel: those of its page, without positions of who is out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from littoral.api.tables.sheet import Column, Table, both, named, number, text, time
from littoral.api.words import Words


def _joint(row: Mapping[str, Any], say: Words) -> str:
    return ", ".join(
        f"{say.name('agency', j['agency'])} ({say.of(j['unit_name'])})"
        for j in row["joint_agencies"]
    )


INCIDENTS = Table("incidents", (
    text("code", "code"), text("title", "title", 50), named("type", "incidentType", "type"),
    named("severity", "severity", "severity"), named("state", "incidentState", "state"),
    named("outcome", "outcome", "outcome"), both("desk", "desk_name"), text("area", "area"),
    named("lead", "agency", "lead_agency"), Column("joint", _joint), number("lon", "lon"),
    number("lat", "lat"), time("opened", "opened"), text("openedBy", "opened_by"),
    time("since", "since"), time("due", "due.at"), number("rung", "due.rung"), text("id", "id", 38),
))  # fmt: skip

TASKS = Table("tasks", (
    text("code", "code"), text("incident", "incident.code"), text("title", "incident.title", 40),
    text("responder", "responder.name"), named("kind", "responder", "responder.kind"),
    text("office", "responder.office"), text("what", "what", 40),
    named("state", "taskState", "state"), number("lon", "lon"), number("lat", "lat"),
    time("assigned", "assigned"), text("assignedBy", "assigned_by"), time("since", "since"),
    text("reason", "reason", 30), text("found", "found", 40), text("id", "id", 38),
))  # fmt: skip


def _skills(row: Mapping[str, Any], say: Words) -> str:
    return ", ".join(say.name("skill", skill) for skill in row["skills"])


RESPONDERS = Table("responders", (
    text("name", "name"), named("kind", "responder", "kind"), both("office", "office_name"),
    text("officeCode", "office"), named("agency", "agency", "agency"), Column("skills", _skills),
    number("speed", "speed_kn"), number("endurance", "endurance_min"),
    number("baseLon", "base.lon"), number("baseLat", "base.lat"), number("mmsi", "mmsi"),
    text("takUid", "tak_uid", 20), text("account", "account_name"),
    named("state", "responderStatus", "status"), text("outReason", "out_reason", 30),
    text("id", "id", 38),
))  # fmt: skip


def _labels(row: Mapping[str, Any], say: Words) -> str:
    return ", ".join(thing["label"] for thing in row["things"])


ALERTS = Table("alerts", (
    time("start", "start"), time("end", "end"), named("priority", "priority", "priority"),
    named("rule", "rule", "rule"), named("kind", "kind", "kind"), named("state", "state", "state"),
    Column("things", _labels, width=30), both("sentence", "sentence", 70), number("lon", "lon"),
    number("lat", "lat"), named("handling", "handling", "handling"),
    text("handledBy", "handled_by"), time("handledAt", "handled_at"), text("handedTo", "handed_to"),
    text("reason", "reason", 30), time("updated", "updated"), text("id", "id", 28),
))  # fmt: skip

CONTACTS = Table("contacts", (
    number("number", "number"), named("sort", "contactWhat", "what"), text("name", "name", 24),
    text("callSign", "call_sign"), number("mmsi", "mmsi"), time("heard", "heard"),
    number("lon", "lon"), number("lat", "lat"), number("accuracy", "accuracy_m"),
    number("course", "cog_deg"), number("speed", "sog_kn"), number("onBoard", "on_board"),
    named("source", "contactSource", "source"), text("channel", "channel"),
    text("station", "station", 24), text("said", "said", 50),
    number("reports", "version"), time("until", "until"), named("state", "contactState", "state"),
    time("ended", "ended.at"), named("reason", "contactEnd", "ended.why"),
    number("identifiedAs", "ended.mmsi"), text("enteredBy", "reported_by"),
    time("opened", "opened"), text("openedBy", "opened_by"), text("id", "id", 38),
))  # fmt: skip

VISITS = Table("visits", (
    text("vessel", "name", 24), number("mmsi", "mmsi"), time("first", "first"),
    time("last", "last"), number("minutes", "minutes"), number("positions", "positions"),
    text("id", "id", 34),
))  # fmt: skip

CONTACT_VISITS = Table("contact-visits", (
    number("number", "contact.number"), named("sort", "contactWhat", "contact.what"),
    text("name", "contact.name", 24), text("callSign", "contact.call_sign"),
    number("mmsi", "contact.mmsi"), time("first", "first"), time("last", "last"),
    number("reports", "reports"), number("reckoned", "reckoned_min"),
    number("lon", "contact.lon"), number("lat", "contact.lat"),
    text("said", "contact.said", 50), text("id", "contact.id", 38),
))  # fmt: skip

PASSAGES = Table("passages", (
    text("vessel", "name", 24), number("mmsi", "mmsi"), time("left", "left"),
    time("reached", "reached"), time("last", "last"), number("hours", "hours"),
    text("id", "id", 34),
))  # fmt: skip

PARTS = Table("voyages", (
    number("voyage", "voyage"), named("part", "part", "kind"), time("start", "start"),
    time("end", "end"), number("hours", "hours"), both("place", "place_name"),
    number("lon", "from_lon"), number("lat", "from_lat"), number("toLon", "to_lon"),
    number("toLat", "to_lat"), number("distance", "distance_m"), number("meanSpeed", "mean_kn"),
    number("positions", "positions"),
))  # fmt: skip

FIGURES = Table("figures", (
    time("hour", "hour"), named("what", "figures", "what"), text("ofWhat", "of", 30),
    number("count", "count"),
))  # fmt: skip


def _blinder(row: Mapping[str, Any], say: Words) -> str:
    return "; ".join(say.of(reason) for reason in row["blinder"])


def _by(field: str) -> Column:
    def get(row: Mapping[str, Any], say: Words) -> str:
        login = row[field]
        return row["names"].get(login, login) if login else ""

    return Column("by" if field == "proposed_by" else "decidedBy", get)


CHANGES = Table("changes", (
    text("thing", "thing", 30), Column("blinder", _blinder, width=40), text("why", "why", 40),
    named("state", "change.state", "state"), _by("proposed_by"), time("proposed", "proposed"),
    _by("decided_by"), time("decided", "decided"), text("note", "note", 40), text("id", "id", 38),
))  # fmt: skip

WATCH_LOG = Table("watch-log", (
    time("at", "at"), time("received", "received"), text("shift", "shift"),
    named("kind", "dutyEntry", "kind"), text("ref", "ref"), text("text", "text", 60),
    text("by", "by"), text("id", "id", 38),
))  # fmt: skip


def _paper_by(row: Mapping[str, Any], say: Words) -> str:
    return row["names"].get(row["by"], row["by"])


PAPERS = Table("papers", (
    named("kind", "dutyPaper", "kind"), named("state", "dutyState", "state"),
    named("thing", "dutyThing", "doc.thing"), text("name", "doc.name", 24),
    text("what", "doc.what", 50), text("reason", "doc.reason", 30), text("whose", "doc.who", 24),
    time("from", "doc.from"), time("until", "doc.until"), time("made", "made"),
    Column("by", _paper_by), time("since", "since"), text("id", "id", 38),
))  # fmt: skip

ROSTER = Table("roster", (
    text("day", "day"), both("turn", "turn", 12), text("team", "team", 8), both("post", "post"),
    text("name", "name"), time("start", "begin"), time("end", "end"), text("note", "note", 30),
))  # fmt: skip


def roster_rows(roster: Mapping[str, Any], say: Words) -> list[dict[str, Any]]:
    """A row for each who stands, and for each post that lacks somebody."""
    posts = {p["id"]: p for p in roster["regulation"]["posts"]}
    turns = {t["id"]: t for t in roster["regulation"]["turns"]}
    rows = []
    for shift in roster["shifts"]:
        head = {
            "day": shift["key"].partition(".")[0], "turn": _of(turns, shift["turn"]),
            "team": shift["team"],
        }  # fmt: skip
        rows += [
            {**head, "post": _of(posts, s["post"]), "name": s["name"], "begin": s["begin"],
             "end": s["end"], "note": ""}
            for s in shift["stints"]
        ]  # fmt: skip
        rows += [
            {**head, "post": _of(posts, s["post"]), "name": "", "begin": s["begin"],
             "end": s["end"], "note": say("table.short", has=s["has"], least=s["least"])}
            for s in shift["short"]
        ]  # fmt: skip
    return rows


def _of(known: Mapping[str, Any], key: str) -> dict[str, str]:
    found = known.get(key)
    return {"zh": key, "en": key} if found is None else {"zh": found["zh"], "en": found["en"]}
