"""A server with something of everything in it, and a way to be any role there."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from littoral.access.words import ACTIONS, ROLES
from littoral.api.app import create_app
from littoral.api.gate import Gate
from littoral.api.rates import Rates
from littoral.api.server import serving
from littoral.api.signin.limits import RateLimit
from littoral.area import load_world
from littoral.cli.sign_in import gate_over
from littoral.store.people.organisations import Agency
from littoral.store.people.packaged import PROVINCE
from tests.api.fleets import NOW_US
from tests.api.gated.conftest import OURS, Watch
from tests.api.shore import Shore, past_of

NOBODY = "anonymous"
WITHOUT = "without sign-in"
SYSTEM, ADMINISTRATOR = "system", "administrator"
# A role in an agency and unit where it has work to do; `anonymous` has a server with sign-in.
PLACES = {
    "watch_officer": ("coast_guard", PROVINCE),
    "county_clerk": ("local_government", "460100"),
    "grid_worker": ("local_government", "460100"),
    "health_officer": ("health", PROVINCE),
    "investigator": ("customs", PROVINCE),
    "analyst": ("customs", PROVINCE),
    "agency_lead": ("customs", PROVINCE),
    "auditor": ("oversight", PROVINCE),
    "data_protection_officer": ("oversight", PROVINCE),
    "administrator": ("platform", PROVINCE),
}
FREE = RateLimit(burst=10**9, per_s=1e9)


@dataclass
class Ground:
    """`known`: ids of things that are there, by the name of the path parameter."""

    url: str
    shore: Shore
    watch: Watch | None
    known: dict[str, list[str]] = field(default_factory=dict)
    _tokens: dict[str, str] = field(default_factory=dict)

    def roles(self) -> list[str]:
        """Nobody first, and who ends sessions, keys and accounts of others last."""
        if self.watch is None:
            return [WITHOUT]
        others = [r for r in ROLES if r not in (SYSTEM, ADMINISTRATOR)]
        return [NOBODY, SYSTEM, *others, ADMINISTRATOR]

    def headers(self, role: str) -> dict[str, str]:
        """What a request of this role is sent with; a session or key is made anew when it has
        ended: other roles end them, and so does the role itself."""
        if self.watch is None or role == NOBODY:
            return dict(OURS)
        if role == SYSTEM:
            return {"authorization": f"Bearer {self._key()}"}
        token = self._tokens.get(role)
        if token is None or self.watch.gate.people.signin.identify(token, "127.0.0.1") is None:
            agency, unit = PLACES.get(role, ("police", PROVINCE))
            token = self.watch.enter(role, agency, unit).token
            self._tokens[role] = token
        return {**OURS, "cookie": f"littoral_session={token}"}

    def _key(self) -> str:
        assert self.watch is not None
        people, token = self.watch.gate.people, self._tokens.get(SYSTEM)
        if token is None or people.signin.identify_key(token, "127.0.0.1") is None:
            code = f"police-{PROVINCE}"
            people.directory.put_agencies(
                [Agency(code, "police", PROVINCE, "police", "police", 0)], "fuzz"
            )
            until_us = people.base.now_us() + 7 * 86_400_000_000
            token, _ = people.directory.create_key(
                "fuzz", list(ACTIONS), PROVINCE, code, until_us, "fuzz"
            )
            self._tokens[SYSTEM] = token
        return token

    def client(self, role: str) -> httpx.Client:
        return httpx.Client(base_url=self.url + "/api/v1", headers=self.headers(role), timeout=60)


@contextmanager
def ground(sign_in: bool) -> Iterator[Ground]:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="littoral-fuzz-")))
        data = folder / "data"
        data.mkdir()
        shore = Shore(data, load_world("hainan"))
        stack.callback(shore.close)
        gate: Gate | None = None
        if sign_in:
            gate = stack.enter_context(gate_over(data, shore.records))
            gate.rates = Rates(usual=FREE, costly=FREE, strangers=FREE)
            gate.people.steps = FREE
        url = stack.enter_context(serving(create_app(shore, folder / "pages", gate=gate)))
        made = Ground(url, shore, Watch(shore, gate, url) if gate is not None else None)
        _fill(made)
        yield made


def _fill(made: Ground) -> None:
    """Something of each kind that a path can name."""
    shore, known = made.shore, made.known
    shore.sail({"name": b"HAI XUN 21", "kind": 2, "imo": 9074729}, {"lon_deg": 111.0})
    shore.raise_alerts({"number": 1}, {"number": 2, "priority": 1}, {"number": 3, "lon": None})
    shore.lake.write("observations", _table(shore), "000001")
    shore.reject(b"bad", b"\xff\x00worse")
    tiles = shore.settings.data_dir / "tiles"
    tiles.mkdir()
    (tiles / "harbour.pmtiles").write_bytes(bytes(1000))
    known["alert_id"] = [f"{n:024x}" for n in (1, 2, 3)]
    known["track_id"] = [shore.fleet().fleet.track_id(0)]
    known["name"], known["source"] = ["harbour"], ["pier"]
    if made.watch is not None:
        _fill_cases(made)


def _table(shore: Shore) -> Any:
    import pyarrow as pa

    mmsi = int(shore.fleet().fleet.track_id(0).split("-")[0])
    return pa.Table.from_batches([past_of(0, mmsi, [NOW_US - 60_000_000, NOW_US]).to_arrow()])


def _fill_cases(made: Ground) -> None:
    assert made.watch is not None
    made.watch.sign_policies()
    known = made.known
    with made.client("investigator") as browser:
        case = {"title": "夜间上岸", "purpose": "anti_smuggling", "legal_basis": "statutory_duty"}
        key = browser.post("/cases", json=case).raise_for_status().json()["id"]
        person = {"fields": {"name": "林海生", "phone": "13876543210"}}
        subject = browser.post(f"/cases/{key}/subjects", json=person).raise_for_status().json()
        asked = {"reason": "compare with the passenger list", "subjects": [subject["id"]]}
        grant = browser.post(f"/cases/{key}/grants", json=asked).raise_for_status().json()
    known["case_id"], known["grant_id"] = [key], [grant["id"]]
    known["subject_id"] = [subject["id"]]
