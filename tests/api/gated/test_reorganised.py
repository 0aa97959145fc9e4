"""Boards and single decisions agree, whatever became of the units and of what they share."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable

import pytest
from sqlalchemy.engine import Connection

from littoral.access import Resource
from littoral.access.agreements import ANY_KIND, KINDS, OF_CASES
from littoral.access.filter import Filter
from littoral.api.gate import Actor, units_within
from littoral.api.incidents.sight import READ, thing_of
from littoral.api.tasks.sight import READ as READ_TASK
from littoral.api.tasks.sight import READ_RESPONDER, of_responder, to_read
from littoral.respond.incident.step import Step
from littoral.respond.task.responder import Responder
from littoral.respond.task.step import TaskStep
from littoral.store import incidents, responders, tasks
from littoral.store.condition import Condition, Within
from littoral.store.people.accounts import Membership
from littoral.store.people.identity import TOTP, Identity
from littoral.store.people.organisations import Agency, Unit
from littoral.store.people.sharings import Wanted

from .conftest import Watch

PROVINCE = "460000"
CITIES = ("460100", "460200", "469005")
TOWNS = ("T1", "T2", "T3")
VILLAGES = ("V1", "V2", "V3")
UNITS = (PROVINCE, *CITIES, *TOWNS, *VILLAGES)
AGENCIES = ("police", "customs", "coast_guard", "health")
ROLES = ("watch_officer", "watch_lead", "analyst", "county_clerk", "agency_lead", "health_officer")
TIERS = {"T": "township", "V": "village"}
Visible = Callable[[Filter, Within], Condition]


class Coast:
    """Units that move about, and what lies in them."""

    def __init__(self, watch: Watch, seed: int) -> None:
        self.gate, self.dice = watch.gate, random.Random(seed)
        self.directory, self.base = watch.gate.people.directory, watch.gate.people.base
        self.numbers = itertools.count(1)
        self.name = str(seed)
        for code in (*TOWNS, *VILLAGES):
            self.move(code)
        for kind in AGENCIES:
            for unit in (PROVINCE, *CITIES):
                agency = Agency(f"{kind}-{unit}", kind, unit, kind, kind, 0)
                self.directory.put_agencies([agency], "test")

    def move(self, code: str) -> None:
        """Into another unit from now on, or into none that is there."""
        above = CITIES if code in TOWNS else (*CITIES, *TOWNS)
        parent = self.dice.choice((*above, "gone"))
        tier = TIERS[code[0]]
        at_us = self.base.now_us()
        self.directory.put_units([Unit(code, tier, parent, code, code, at_us, None, True)], "test")

    def share(self) -> None:
        kind = self.dice.choice([ANY_KIND, *KINDS])
        agency = self.dice.choice(AGENCIES if kind in OF_CASES else ("", *AGENCIES))
        unit = self.dice.choice(UNITS)
        other = self.dice.choice([u for u in UNITS if u != unit] + ["police-460100"])
        ends_us = self.base.now_us() + 60_000_000 if kind in OF_CASES else None
        self.directory.share(Wanted(unit, other, kind, "why", agency, None, ends_us), "test")

    def end_one(self) -> None:
        found = self.directory.sharings(ended_us=self.base.now_us())
        if found:
            self.directory.unshare(self.dice.choice(found).id, "over", "test")

    def happen(self, connection: Connection) -> None:
        """An incident somewhere, a boat somewhere that is sent to it."""
        n, dice = next(self.numbers), self.dice
        key = f"i-{self.name}-{n}"
        fields = {
            "type": dice.choice(["rescue", "smuggling", "epidemic"]), "severity": "ordinary",
            "title": "x", "lon_deg": 110.3, "lat_deg": 20.1, "area": dice.choice(("", *UNITS)),
            "desk": dice.choice(UNITS), "lead_agency": dice.choice(AGENCIES),
            "sources": [{"kind": "hotline", "ref": key}],
        }  # fmt: skip
        self._step(connection, key, "report", fields)
        if dice.random() < 0.5:
            joined = {"agency": dice.choice(AGENCIES), "unit": dice.choice(UNITS)}
            self._step(connection, key, "join", joined)
        boat = Responder(
            f"r-{self.name}-{n}", f"boat {key}", "boat", dice.choice(UNITS),
            dice.choice(AGENCIES), speed_mps=15.0,
            shared_with=frozenset(dice.sample(UNITS, dice.randrange(2))),
        )  # fmt: skip
        responders.create(connection, boat)
        self._step(connection, key, "accept", {})
        self._step(connection, key, "dispatch", {})
        said = {"incident": key, "responder": boat.id, "what": "look"}
        step = TaskStep(f"t{key}", f"t-{self.name}-{n}", "assign", NOW, "chief", "x", said)
        tasks.take(connection, step, NOW)
        if dice.random() < 0.3:
            to = dice.choice([u for u in UNITS if u != fields["desk"]])
            self._step(connection, key, "transfer", {"to": to, "reason": "x"})

    def _step(self, connection: Connection, key: str, kind: str, fields: dict[str, object]) -> None:
        step = Step(f"{key}-{kind}", key, kind, NOW, "chief", "x", fields)
        incidents.take(connection, step, 2026, NOW)

    def somebody(self) -> Actor:
        unit, kind = self.dice.choice(UNITS), self.dice.choice(AGENCIES)
        agency = f"{kind}-{unit if unit in (PROVINCE, *CITIES) else PROVINCE}"
        held = (Membership(self.dice.choice(ROLES), unit, agency),)
        return self.gate.actor(Identity("who", "account", "who", "who", "en", held, TOTP, "::1"))

    def seen_of(self, who: Actor, action: str, things: dict[str, Resource]) -> set[str]:
        now = self.gate.circumstances(who)
        return {k for k, t in things.items() if self.gate.decide(who, action, t, now).allowed}

    def condition(self, who: Actor, action: str, visible: Visible) -> Condition:
        found = self.gate.filter(who, action, self.gate.circumstances(who))
        return visible(found, units_within(self.gate))

    def check(self, connection: Connection, who: Actor) -> int:
        """Every row of every board; how many of them somebody sees."""
        gate = self.gate
        kept = incidents.listed(connection, MOST)
        matters = {k.incident.id: k.incident for k in kept}
        boats = {r.id: r for r in responders.listed(connection, MOST)}
        sent = {k.task.id: k.task for k in tasks.listed(connection, MOST)}

        wanted = self.seen_of(who, READ, {k: thing_of(gate, i) for k, i in matters.items()})
        where = self.condition(who, READ, incidents.visible)
        assert {k.incident.id for k in incidents.listed(connection, MOST, where=where)} == wanted
        count = len(wanted)

        things = {k: of_responder(gate, r) for k, r in boats.items()}
        wanted = self.seen_of(who, READ_RESPONDER, things)
        where = self.condition(who, READ_RESPONDER, responders.visible)
        assert {r.id for r in responders.listed(connection, MOST, where)} == wanted
        count += len(wanted)

        things = {
            k: to_read(gate, t, matters[t.incident], boats[t.responder]) for k, t in sent.items()
        }
        wanted = self.seen_of(who, READ_TASK, things)
        where = self.condition(who, READ_TASK, tasks.visible)
        assert {k.task.id for k in tasks.listed(connection, MOST, where=where)} == wanted
        return count + len(wanted)


MOST = 10_000
NOW = 1_790_000_000_000_000


@pytest.mark.parametrize("seed", range(4))
def test_boards_show_what_is_decided_one_by_one_after_any_reorganisation(
    watch: Watch, seed: int
) -> None:
    coast = Coast(watch, seed)
    dice, seen = coast.dice, 0
    with coast.base.database.write() as connection:
        for _ in range(12):
            coast.happen(connection)
    for _ in range(6):
        for act in dice.sample([coast.share, coast.share, coast.end_one], 2):
            act()
        for code in dice.sample((*TOWNS, *VILLAGES), 2):
            coast.move(code)
        with coast.base.database.read() as connection:
            seen += sum(coast.check(connection, coast.somebody()) for _ in range(6))
    assert seen > 100  # of 36 boards each
