"""A real server over sign-in alone, a browser that keeps cookies, a clock set by hand."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

import httpx
import pytest
from fastapi import APIRouter, Depends, FastAPI

from littoral.api import problems, security
from littoral.api.server import serving
from littoral.api.signin import People, current_user, router
from littoral.api.signin.claims import ProviderRules
from littoral.api.signin.context import SignInSettings
from littoral.api.signin.queue import WorkQueue
from littoral.api.wire import Json
from littoral.store.clock import clock_us
from littoral.store.database import Database
from littoral.store.people.accounts import Membership
from littoral.store.people.base import Event
from littoral.store.people.credentials import Passwords
from littoral.store.people.identity import Identity
from littoral.store.people.signin import Origin
from tests.link.oidc.running import provider

START_US = 1_790_000_000_000_000
PASSWORD = "four plain words here"
CHEAP = Passwords(memory_kib=64, passes=1)
OURS = {"x-littoral-request": "1"}


@dataclass
class Site:
    """A server and what it is made of."""

    people: People
    url: str = ""
    told: list[Event] = field(default_factory=list)
    now_us: int = START_US
    browsers: list[httpx.Client] = field(default_factory=list)

    def later(self, seconds: float) -> None:
        self.now_us += int(seconds * 1_000_000)

    def browser(self, headers: dict[str, str] | None = None, **more: Any) -> httpx.Client:
        """One that is our page: it sends the header of our requests."""
        made = httpx.Client(
            base_url=self.url, timeout=30, headers=OURS if headers is None else headers, **more
        )
        self.browsers.append(made)
        return made

    def account(self, login: str = "wang", role: str = "watch_officer") -> str:
        """Its id; the password is PASSWORD, no session is open."""
        place = [Membership(role, "460100")]
        made, token = self.people.directory.invite(login, "王伟", place, "chief")
        found = self.people.signin.accept(token, PASSWORD, Origin())
        self.people.signin.sign_out(found.identity)
        return made.id

    def signed_in(self, login: str = "wang", **more: Any) -> httpx.Client:
        browser = self.browser(**more)
        answer = browser.post("/api/v1/session", json={"login": login, "password": PASSWORD})
        assert answer.status_code == 200, answer.text
        return browser


Make = Callable[..., Site]


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("people") / "records.sqlite"
    Database(f"sqlite:///{path}").close()
    return path


@contextmanager
def site_over(
    folder: Path,
    empty: Path,
    settings: SignInSettings | None = None,
    providers: Sequence[ProviderRules] = (),
    queue: WorkQueue | None = None,
    passwords: Passwords = CHEAP,
) -> Iterator[Site]:
    shutil.copy(empty, folder / "records.sqlite")
    told: list[Event] = []
    site = Site(None, told=told)  # type: ignore[arg-type]
    people = People.open(
        f"sqlite:///{folder / 'records.sqlite'}",
        folder / "keys" / "signin.key",
        settings,
        providers,
        told.append,
        # Tokens of a real provider are judged by the real clock.
        clock_us if providers else lambda: site.now_us,
        passwords,
        None,
        queue,
    )
    site.people = people
    try:
        with serving(app_of(people)) as site.url:
            yield site
    finally:
        for browser in site.browsers:
            browser.close()
        people.close()
        people.base.database.close()


@pytest.fixture
def make(tmp_path: Path, empty: Path) -> Iterator[Make]:
    """Makes a site that is not the usual one."""
    with ExitStack() as stack:
        yield lambda **more: stack.enter_context(site_over(tmp_path, empty, **more))


@pytest.fixture
def site(make: Make) -> Site:
    return make()


@pytest.fixture(scope="session")
def issuer() -> Iterator[str]:
    with provider() as found:
        yield found


def app_of(people: People | None) -> FastAPI:
    """Sign-in, and one route that anybody may ask who they are."""
    app = FastAPI()
    api = APIRouter(prefix="/api/v1")
    api.include_router(router)

    @api.get("/who")
    def who(found: Annotated[Identity | None, Depends(current_user)]) -> Json:
        return Json({"id": None if found is None else found.id})

    app.include_router(api)
    problems.install(app)
    app.add_middleware(security.Guard)
    if people is not None:
        app.state.people = people
    return app


def is_problem(answer: httpx.Response, status: int) -> dict[str, Any]:
    """RFC 9457."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    found: dict[str, Any] = answer.json()
    assert found["status"] == status
    return found
