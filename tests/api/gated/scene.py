"""What a question of routes.csv and tiers.csv is asked with: who asks, and the thing it is about.

The plain asker has one role, at a county (a county's desk is of the city tier), in an agency that
is charged with what the role is for, signed in by a second factor on the internal network. The
plain thing is of the same unit and agency; a case is open, for the role's daily purpose.
"""

from __future__ import annotations

import itertools
import random
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx

from littoral.access.words import ACTIONS
from littoral.api.app import create_app
from littoral.api.rates import Rates
from littoral.api.reach.sight import WAITS
from littoral.api.server import serving
from littoral.api.signin.limits import RateLimit
from littoral.area.world import World
from littoral.cli.sign_in import gate_over
from littoral.respond.bulletin.flow import BulletinStep
from littoral.respond.contact import flow as contact_flow
from littoral.respond.duty import paper as duty_paper
from littoral.respond.duty.shifts import Member
from littoral.respond.incident.step import Step
from littoral.respond.reach.ladder import Event, Notice, Person
from littoral.respond.task.responder import Responder
from littoral.respond.task.step import TaskStep
from littoral.store import (
    actions,
    bulletins,
    incidents,
    reach,
    responders,
    sea_contacts,
    shelves,
    tasks,
    watch_list,
)
from littoral.store.changes import dismissed, propose_fence
from littoral.store.duty import papers, regulations, rosters
from littoral.store.evidence import custody
from littoral.store.incidents import Kept
from littoral.store.oversight import delays
from littoral.store.people import account_changes, accounts
from littoral.store.people.accounts import Membership
from littoral.store.people.organisations import Agency, Unit
from littoral.store.people.signin import Origin
from littoral.store.sync.uploads import Staging
from littoral.store.vault import breakglass, cases, grants, holds, persons
from littoral.store.vault.entries import Ask
from tests.api.shore import Shore

from .conftest import OURS, Watch

HOME, TOWN, VILLAGE, GRID = "460100", "460100T001", "460100V001", "460100G001"
RELATIONS = {
    "same_county": HOME,
    "other_county": "460200",
    "province_above": "460000",
    "village_below": VILLAGE,
}
SEATS = {"province": "460000", "township": TOWN, "village": VILLAGE, "grid": GRID}
AGENCIES = {
    "county_clerk": "local_government",
    "grid_worker": "local_government",
    "health_officer": "health",
    "auditor": "oversight",
    "data_protection_officer": "oversight",
    "policy_signer": "platform",
}
PURPOSES = {
    "watch_officer": ("search_and_rescue", "vital_interest"),
    "watch_lead": ("search_and_rescue", "vital_interest"),
    "county_clerk": ("neighbourhood_governance", "statutory_duty"),
    "grid_worker": ("neighbourhood_governance", "statutory_duty"),
    "health_officer": ("epidemic_control", "public_health_emergency"),
    "auditor": ("oversight", "statutory_duty"),
    "data_protection_officer": ("oversight", "statutory_duty"),
}
DAILY = ("anti_smuggling", "statutory_duty")
# What an incident is of, as the role's daily work has it.
INCIDENTS = {
    "county_clerk": "neighbourhood",
    "grid_worker": "neighbourhood",
    "health_officer": "epidemic",
    "watch_officer": "rescue",
    "watch_lead": "rescue",
}
SYSTEM, ANONYMOUS = "system", "anonymous"
NAME = "林海生"
COURT = "court_order"
PHOTO = b"\xff\xd8\xff\xe0 a photo of the quay"
DAY_US = 86_400_000_000


@dataclass(frozen=True)
class Asker:
    role: str
    ref: str
    id: str
    agency: str  # its kind
    headers: dict[str, str]
    unit: str = HOME  # of its seat


FREE = RateLimit(burst=10**9, per_s=1e9)


@contextmanager
def served_scene(folder: Path, world: World, records: Path) -> Iterator[Scene]:
    """A server of its own in `folder`; `records`: a migrated database to copy."""
    data = folder / "data"
    data.mkdir()
    shutil.copy(records, data / "records.sqlite")
    shore = Shore(data, world)
    try:
        with gate_over(data, shore.records) as gate:
            gate.rates, gate.people.steps = Rates(usual=FREE, costly=FREE, strangers=FREE), FREE
            with (
                serving(create_app(shore, folder / "pages", gate=gate)) as url,
                httpx.Client(base_url=url, timeout=60) as client,
            ):
                yield Scene(Watch(shore, gate, url), client)
    finally:
        shore.close()


class Scene:
    """Over one server. Things are made anew for each question, so that none spoils the next."""

    def __init__(self, watch: Watch, client: httpx.Client) -> None:
        self.watch = watch
        self._client = client
        self.trust = watch.gate.trust
        self.directory = watch.gate.people.directory
        self.base = watch.gate.people.base
        self._numbers = itertools.count(1)
        self._askers: dict[tuple[str, str], Asker] = {}
        self._rosters: set[tuple[str, str]] = set()
        self.regulations = regulations.read(watch.shore.settings.data_dir / "duty")
        since_us = 1_767_225_600_000_000
        self.directory.put_units(
            [
                Unit(TOWN, "township", HOME, "示例镇", "Town", since_us, None, True),
                Unit(VILLAGE, "village", TOWN, "示例村", "Village", since_us, None, True),
                Unit(GRID, "grid", VILLAGE, "示例网格", "Grid", since_us, None, True),
            ],
            "test",
        )  # fmt: skip
        watch.sign_policies()
        self.fill_sea()

    # -- who asks

    def asker(self, role: str, unit: str = HOME) -> Asker:
        """With a session of its own each time: some questions end it."""
        if role == ANONYMOUS:
            return Asker(role, "", "", "", dict(OURS), unit)
        agency = AGENCIES.get(role, "police")
        if role == SYSTEM:
            code = self.agency(agency, unit)
            until_us = self.base.now_us() + DAY_US
            written, key = self.directory.create_key(
                "system", list(ACTIONS), unit, code, until_us, "test"
            )
            return Asker(
                role, f"key:{key.id}", key.id, agency, {"authorization": f"Bearer {written}"}, unit
            )
        if (role, unit) not in self._askers:
            account = self.account(role, agency, unit)
            self._askers[role, unit] = Asker(role, f"account:{account}", account, agency, {}, unit)
        found = self._askers[role, unit]
        token = self.watch.gate.people.signin.begin_for(found.id, "totp", Origin("127.0.0.1")).token
        headers = {**OURS, "cookie": f"littoral_session={token}"}
        return Asker(role, found.ref, found.id, agency, headers, unit)

    def agency(self, kind: str, unit: str) -> str:
        code = f"{kind}-{unit}"
        if code not in self.directory.organisation().agencies:
            self.directory.put_agencies([Agency(code, kind, unit, kind, kind, 0)], "test")
        return code

    def account(self, role: str, agency: str, unit: str) -> str:
        code = self.agency(agency, unit)
        name = f"{role}.{next(self._numbers)}"
        with self.base.database.write() as connection:
            return accounts.create(
                connection, name, name, [Membership(role, unit, code)], "test",
                self.base.now_us(), accounts.ACTIVE,
            ).id  # fmt: skip

    # -- things

    def fill_sea(self) -> None:
        shore = self.watch.shore
        shore.sail({"name": b"HAI XUN 21"})
        shore.raise_alerts({"number": 1})
        tiles = shore.settings.data_dir / "tiles"
        tiles.mkdir(exist_ok=True)
        (tiles / "harbour.pmtiles").write_bytes(bytes(100))

    def colleague(self, agency: str, unit: str) -> str:
        return f"account:{self.account('investigator', agency, unit)}"

    def case(self, asker: Asker, unit: str, by: str) -> Ask:
        purpose, basis = PURPOSES.get(asker.role, DAILY)
        made = cases.open_case(
            self.trust.vault, by, "夜间上岸", purpose, basis, unit, self.trust.now_us(),
            self.trust.record, asker.agency or "police",
        )  # fmt: skip
        return Ask(by, made.id, purpose, basis)

    def incident(self, asker: Asker, unit: str, call: str) -> Kept:
        """That lies in the unit's area and for which it answers, reported by a colleague after a
        call to the hotline with the number `call`."""
        agency = asker.agency or "police"
        fields = {
            **incident_report(asker.role), "area": unit, "desk": unit, "lead_agency": agency,
            "lon_deg": 110.3, "lat_deg": 20.1, "sources": [{"kind": "hotline", "ref": call}],
        }  # fmt: skip
        by, key, now_us = self.colleague(agency, unit), str(uuid.uuid4()), self.base.now_us()
        step = Step(
            key, key, "report", now_us, by.removeprefix("account:"), f"{unit}/{agency}", fields
        )
        with self.base.database.write() as connection:
            return incidents.take(connection, step, 2026, now_us)

    def roster(self, agency: str, unit: str) -> None:
        """Of the desk, by which a colleague stands the watch; once."""
        if (agency, unit) in self._rosters:
            return
        self._rosters.add((agency, unit))
        _, text = self.regulations["county"]
        member = Member(self.account("watch_officer", agency, unit), "officer")
        since = datetime.now(UTC).date() - timedelta(days=3)
        with self.base.database.write() as connection:
            rosters.put(
                connection, str(uuid.uuid4()), unit, agency, since, text,
                {team: [member] for team in "ABC"}, member.account, self.base.now_us(),
            )  # fmt: skip

    def fault(self, agency: str, unit: str) -> str:
        """A ticket of the desk, which a colleague has written."""
        key, now_us = str(uuid.uuid4()), self.base.now_us()
        said = {"thing": "system", "name": "UPS", "what": "battery"}
        step = duty_paper.Step(
            key, key, papers.BEGIN, now_us, self.account("watch_officer", agency, unit), said
        )
        with self.base.database.write() as connection:
            return papers.begin(connection, duty_paper.FAULT, step, unit, agency, now_us).id

    def responder(self, agency: str, unit: str) -> str:
        """A boat that the unit keeps and for which nobody acts."""
        boat = Responder(
            str(uuid.uuid4()), f"boat {next(self._numbers)}", "boat", unit, agency,
            speed_mps=15.0, base=(110.3, 20.1), tak_uid=f"tak {next(self._numbers)}",
        )  # fmt: skip
        with self.base.database.write() as connection:
            return responders.create(connection, boat).id

    def task(self, asker: Asker, unit: str) -> tasks.Kept:
        """For an incident of the unit, offered by a colleague to a boat of the same unit."""
        agency = asker.agency or "police"
        call = f"12345-{uuid.uuid4().hex[:12]}"
        incident = self.incident(asker, unit, call).incident.id
        boat = self.responder(agency, unit)
        by, key = self.account("watch_officer", agency, unit), str(uuid.uuid4())
        now_us, desk = self.base.now_us(), f"{unit}/{agency}"
        said = {"incident": incident, "responder": boat, "what": "look there"}
        with self.base.database.write() as connection:
            for kind in ("accept", "dispatch"):
                incidents.take(
                    connection, Step(str(uuid.uuid4()), incident, kind, now_us, by, desk, {}),
                    2026, now_us,
                )  # fmt: skip
            return tasks.take(
                connection, TaskStep(key, key, "assign", now_us, by, desk, said), now_us
            )

    def notice(self, agency: str, unit: str, to: str) -> str:
        """Of the desk's, made by a colleague, to the account `to`, whose turn it is."""
        now_us, ref = self.base.now_us(), f"account:{to}"
        told = Notice(now_us, (Person(ref, ("app", "voice")),), True, WAITS)
        by = f"account:{self.account('watch_officer', agency, unit)}"
        words = ("请到东港", "Come to the east harbour")
        with self.base.database.write() as connection:
            made = reach.make(
                connection, uuid.uuid4(), "", reach.Desk(unit, agency), words, told, by
            )
            sent = Event(ref, "app", "sent", now_us)
            reach.happened(connection, made.id, uuid.uuid4(), sent, "server")
            reach.look(connection, made.id, now_us)
        return made.id

    def bulletin_kind(self, asker: Asker) -> str:
        return "epidemic" if asker.role == "health_officer" else "weather"

    def bulletin(self, asker: Asker, unit: str) -> str:
        """Put out by a colleague at the unit's desk, for the unit's area."""
        agency, key = asker.agency or "police", str(uuid.uuid4())
        said = {
            "unit": unit, "agency": agency, "area": unit, "kind": self.bulletin_kind(asker),
            "severity": "major", "title": "storm", "text": "stay ashore", "number": "17",
            "issuer": "weather office", "from_us": None, "until_us": None, "asks_read": True,
        }  # fmt: skip
        by = self.account("watch_officer", agency, unit)
        step = BulletinStep(key, key, "issue", self.base.now_us(), by, said)
        with self.base.database.write() as connection:
            return bulletins.take(connection, step).bulletin.id

    def upload(self, account: str, sha256: str) -> str:
        """Begun by the account, with nothing of it there yet."""
        staging = Staging(self.watch.shore.settings.data_dir, self.trust.vault)
        return staging.begin(account, sha256, len(PHOTO), self.trust.now_us()).id

    def subject(self, ask: Ask, phone: str = "") -> str:
        """With a telephone of its own unless one is given: a search tells of a few persons only."""
        fields = {"name": NAME, "phone": phone or self.phone()}
        return persons.add_subject(
            self.trust.vault, ask, "person", fields, self.trust.now_us(), self.trust.record
        )

    def phone(self) -> str:
        return f"138{next(self._numbers):08d}"

    def exported(self, ask: Ask, subject: str, approver: str) -> None:
        """`ask.actor` takes the person out."""
        grant = self.grant(ask, ask.actor, subject, "export", (), approver)
        persons.export(
            self.trust.vault, ask, grant, [subject], self.trust.now_us(), self.trust.record
        )

    def grant(
        self, ask: Ask, by: str, subject: str, kind: str, fields: tuple[str, ...], approver: str
    ) -> str:
        now_us = self.trust.now_us()
        made = grants.ask_for(
            self.trust.vault, Ask(by, ask.case, ask.purpose, ask.legal_basis), kind, "personal",
            now_us + 3_600_000_000, "compare with the list", now_us, self.trust.record, [subject],
            False, fields,
        )  # fmt: skip
        # Who took somebody out in another row takes out in bulk, which two approve.
        approvers = [approver, self.colleague("police", SEATS["province"])] if approver else []
        for one in approvers[: made.needs]:
            grants.approve(self.trust.vault, made.id, one, now_us, self.trust.record)
        return made.id

    def evidence(self, ask: Ask) -> str:
        row = custody.add(
            self.trust.vault, self.trust.evidence, ask, [PHOTO], "quay.jpg", "image/jpeg",
            "operational", self.trust.now_us(), self.trust.record,
        )  # fmt: skip
        return row.id

    def review(self, asker: Asker, unit: str) -> str:
        agency = asker.agency or "police"
        by = f"account:{self.account('watch_officer', agency, unit)}"
        _, found = breakglass.break_glass(
            self.trust.vault, by, "man overboard, who is he", "emergency", "vital_interest", unit,
            self.trust.now_us(), self.trust.record, None, [], ["phone"], "personal",
            agency=agency,
        )  # fmt: skip
        return found.id

    def hold(self, case: str, by: str) -> str:
        made = holds.set_hold(
            self.trust.vault, by, case, "statutory_duty", "file 7", self.trust.now_us(),
            self.trust.record,
        )  # fmt: skip
        return made.id

    def delay(self, ask: Ask, subject: str, by: str, basis: str) -> str:
        now_us = self.trust.now_us()
        given = Ask(by, ask.case, ask.purpose, basis)
        return delays.set_delay(
            self.trust.vault, given, subject, "file 7", now_us + DAY_US, now_us, self.trust.record
        ).id

    def fence_change(self) -> str:
        fence = self.fence()
        with self.base.database.write() as connection:
            return propose_fence(
                connection, f"change-{next(self._numbers)}", fence, None, ["removed"], "why",
                "somebody else", self.base.now_us(),
            ).id  # fmt: skip

    def fence(self) -> str:
        key = f"fence-{next(self._numbers)}"
        self.watch.shore.records.create_geofence(fence_feature(key), "test")
        return key

    def outage(self) -> str:
        now_us = self.base.now_us()
        row = self.watch.shore.records.create_outage(
            "haikou", now_us, now_us + DAY_US, "mast", "test", None
        )
        return row.id

    def shelf(self) -> str:
        """Of a class of alerts, by two colleagues."""
        key, now_us = str(uuid.uuid4()), self.base.now_us()
        where = {"rule": "gap", "kind": "gap"}
        with self.base.database.write() as connection:
            return shelves.create(
                connection, key, where, "why", now_us + DAY_US // 24, "li + wang", now_us
            ).id

    def listed(self) -> str:
        """A vessel on the watch-list, by a colleague."""
        key, now_us = str(uuid.uuid4()), self.base.now_us()
        with self.base.database.write() as connection:
            return watch_list.add(
                connection, key, None, None, f"SHE {key[:12]}", "why", now_us + DAY_US // 2, "li",
                "460000/police", now_us,
            ).id  # fmt: skip

    def contact(self) -> str:
        """Entered by a colleague."""
        key, now_us = str(uuid.uuid4()), self.base.now_us()
        said = {"lon_deg": 110.3, "lat_deg": 20.1, "what": "vessel", "source": "vhf",
                **dict.fromkeys(("channel", "station", "name", "call_sign"), "")}  # fmt: skip
        step = contact_flow.Step(key, key, "report", now_us, "li", "460000/police", said)
        with self.base.database.write() as connection:
            return sea_contacts.take(connection, step).contact.id

    def dismissal(self) -> str:
        """Of an alert of its own, by a desk elsewhere."""
        number = 1_000 + next(self._numbers)
        (alert,) = self.watch.shore.raise_alerts({"number": number})
        wanted = {
            "id": str(uuid.uuid4()), "action": "dismiss", "reason": "exercise", "by": "somebody",
        }  # fmt: skip
        with self.base.database.write() as connection:
            actions.act(connection, alert.id, wanted, self.base.now_us())
            dismissed(
                connection, wanted["id"], alert.id, [f"vessel:{412000000 + number}"], 3,
                "elsewhere/customs", {"elsewhere/customs"}, "somebody else", self.base.now_us(),
                random.Random(1),
            )  # fmt: skip
        return wanted["id"]

    def account_change(self, agency: str, unit: str, by: str) -> str:
        account = self.account("grid_worker", agency, unit)
        role = Membership("investigator", unit, self.agency(agency, unit))
        with self.base.database.write() as connection:
            return account_changes.propose(
                connection, account, account_changes.GRANT, role, "needed", by, self.base.now_us()
            ).id

    def ask(self, method: str, path: str, headers: dict[str, str], **sent: Any) -> httpx.Response:
        """By one client: to make one takes as long as to ask. It keeps no cookie for the next."""
        try:
            return self._client.request(method, path, headers=headers, **sent)
        finally:
            self._client.cookies.clear()


def incident_report(role: str) -> dict[str, Any]:
    """What is said of one, without its place and who answers for it."""
    kind = INCIDENTS.get(role, "smuggling")
    return {"type": kind, "severity": "serious", "title": "夜间上岸"}


def fence_feature(key: str) -> dict[str, Any]:
    ring = [[109.0, 18.0], [109.1, 18.0], [109.1, 18.1], [109.0, 18.0]]
    return {
        "type": "Feature",
        "id": key,
        "geometry": {"type": "Polygon", "coordinates": [ring]},
        "properties": {"name": "a fence", "rules": [{"kind": "entry"}]},
    }
