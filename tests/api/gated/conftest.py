"""A server with sign-in, policies and log over a `Shore`, and a browser for each role."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

from littoral.api.app import create_app
from littoral.api.gate import Gate
from littoral.api.server import serving
from littoral.cli.demo_people import sign_policies
from littoral.cli.sign_in import gate_over
from littoral.schema.logentry import LogEntry, from_bytes
from littoral.store import reason_keys
from littoral.store.log.reader import LogReader
from littoral.store.people import accounts
from littoral.store.people.accounts import Membership
from littoral.store.people.identity import TOTP
from littoral.store.people.organisations import Agency
from littoral.store.people.packaged import PROVINCE
from littoral.store.people.signin import Origin, SignedIn
from littoral.store.vault import assessments
from littoral.store.vault.assessments import Wanted
from tests.api.shore import Shore

OURS = {"x-littoral-request": "1"}


@dataclass
class Watch:
    shore: Shore
    gate: Gate
    url: str
    browsers: list[httpx.Client] = field(default_factory=list)

    def enter(
        self,
        role: str,
        agency: str = "police",
        unit: str = PROVINCE,
        assurance: str = TOTP,
        login: str = "",
        name: str = "",
    ) -> SignedIn:
        """A session of a new account with one role, by default named as its login."""
        directory, code = self.gate.people.directory, f"{agency}-{unit}"
        if code not in directory.organisation().agencies:
            directory.put_agencies([Agency(code, agency, unit, agency, agency, 0)], "test")
        known = login or f"{role}.{agency}.{unit}"
        base = self.gate.people.base
        with base.database.write() as connection:
            made = accounts.by_login(connection, known) or accounts.create(
                connection, known, name or known, [Membership(role, unit, code)], "test",
                base.now_us(), accounts.ACTIVE,
            )  # fmt: skip
        return self.gate.people.signin.begin_for(made.id, assurance, Origin("127.0.0.1"))

    def browser(self, role: str, agency: str = "police", **more: str) -> httpx.Client:
        return self._browser(self.enter(role, agency, **more))

    def browser_of(self, login: str, *places: tuple[str, str, str]) -> httpx.Client:
        """Of one account with several places: role, agency, unit of each."""
        directory, base = self.gate.people.directory, self.gate.people.base
        for _, agency, unit in places:
            found = Agency(f"{agency}-{unit}", agency, unit, agency, agency, 0)
            directory.put_agencies([found], "test")
        held = [Membership(role, unit, f"{agency}-{unit}") for role, agency, unit in places]
        with base.database.write() as connection:
            made = accounts.create(
                connection, login, login, held, "test", base.now_us(), accounts.ACTIVE
            )
        begun = self.gate.people.signin.begin_for(made.id, TOTP, Origin("127.0.0.1"))
        return self._browser(begun)

    def _browser(self, found: SignedIn) -> httpx.Client:
        made = httpx.Client(
            base_url=self.url + "/api/v1",
            timeout=20,
            headers=OURS,
            cookies={"littoral_session": found.token},
        )
        self.browsers.append(made)
        return made

    def sign_policies(self) -> None:
        """Two persons sign the set in force."""
        sign_policies(self.gate)

    def assess(self, purpose: str, agency: str, unit: str = PROVINCE) -> str:
        """An impact assessment that is in force; its id."""
        trust = self.gate.trust
        now_us = trust.now_us()
        wanted = Wanted(
            purpose, unit, agency, ("id_number", "health"),
            "Necessary by law to know who somebody is; nothing milder does.",
            "Who somebody is becomes known to those who work on the case.",
            "Sealed, by case and for hours, agreed to by another, in the log.",
            now_us, now_us + 365 * 86_400_000_000,
        )  # fmt: skip
        made = assessments.write(trust.vault, "account:dpo", wanted, now_us, trust.record)
        assessments.decide(trust.vault, made.id, "account:lead", True, "", now_us, trust.record)
        return made.id

    def committed(self, item: str, text: str) -> dict[str, str]:
        """What the log holds of a reason that is kept; `item`: as retention names it."""
        with self.shore.records.database.read() as connection:
            key = reason_keys.known(connection, item)
        assert key is not None
        return {"hmac_sha256": reason_keys.committed(key, text)}

    def logged(self) -> list[LogEntry]:
        """All entries of the log, read from its files; what waits for it comes first."""
        assert self.gate.outbox is not None
        self.gate.outbox.settle()
        log = self.gate.trust.log
        signed = log.publish()
        reader = LogReader(log.root, log.key.public)
        return [from_bytes(data) for data in reader.entries(0, signed.size)]


@pytest.fixture
def watch(shore: Shore, tmp_path: Path) -> Iterator[Watch]:
    with gate_over(tmp_path / "data", shore.records) as gate:
        app = create_app(shore, tmp_path / "pages", gate=gate)
        with serving(app) as url:
            made = Watch(shore, gate, url)
            yield made
            for browser in made.browsers:
                browser.close()
