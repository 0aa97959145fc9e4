"""The boats, cutters, vehicles, drones and grid workers of the demonstration; all are invented."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from importlib.resources import files

from littoral.api.entry import DemoPerson
from littoral.api.gate import Gate
from littoral.respond.task.responder import KNOT_MPS, Responder
from littoral.store import responders

RESPONDERS = "demo_responders.csv"


def make_responders(gate: Gate, people: Mapping[str, DemoPerson]) -> None:
    """`people`: some of them act for one. The ids are always the same: made once."""
    accounts = {person.login: person.account for person in people.values()}
    text = (files("littoral.cli") / RESPONDERS).read_text("utf-8")
    with gate.people.base.database.write() as connection:
        for row in csv.DictReader(text.splitlines()):
            made = responder_of(row, accounts.get(row["login"], ""))
            responders.create(connection, made)


def responder_of(row: Mapping[str, str], account: str) -> Responder:
    return Responder(
        row["id"], row["name"], row["kind"], row["office"], row["agency"],
        frozenset(row["skills"].split()),
        float(row["speed_kn"]) * KNOT_MPS if row["speed_kn"] else None,
        float(row["endurance_min"]) * 60.0 if row["endurance_min"] else None,
        (float(row["lon"]), float(row["lat"])), account=account,
        shared_with=frozenset(row["shared"].split()),
    )  # fmt: skip
