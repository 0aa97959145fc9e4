"""What the routes of sign-in work with; the application holds one as `app.state.people`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from starlette.requests import HTTPConnection

from littoral.api.signin.claims import ProviderRules
from littoral.api.signin.limits import RateLimit
from littoral.api.signin.queue import WorkQueue
from littoral.link.oidc import OidcClient
from littoral.store.clock import clock_us
from littoral.store.database import Database
from littoral.store.people.base import Base, Event, Keeper, nobody
from littoral.store.people.breached import Breached
from littoral.store.people.credentials import Passwords, Sealer, signin_key
from littoral.store.people.directory import Directory
from littoral.store.people.own_credentials import OwnCredentials
from littoral.store.people.packaged import PROVINCE, hainan_units
from littoral.store.people.passkeys import Passkeys
from littoral.store.people.sessions import SessionRules
from littoral.store.people.signin import SignIn


@dataclass(frozen=True, slots=True)
class SignInSettings:
    """`origin`: as browsers reach the server, such as `https://watch.example`; "" while it listens
    on the loopback address alone: then the request's own. `proxies`: addresses whose
    `X-Forwarded-For` is believed, and from which a request without one comes from nowhere known."""

    origin: str = ""
    proxies: frozenset[str] = frozenset()
    first_unit: str = PROVINCE  # where the first administrator works
    password_alone: frozenset[str] = frozenset()  # roles that work without a second factor


@dataclass
class People:
    base: Base
    directory: Directory
    signin: SignIn
    own: OwnCredentials
    queue: WorkQueue
    settings: SignInSettings
    providers: dict[str, tuple[ProviderRules, OidcClient]]
    # Steps that write a row or ask another server before anybody is known.
    steps: RateLimit = field(default_factory=lambda: RateLimit(burst=60, per_s=1.0))

    @classmethod
    def open(
        cls,
        url: str | Database,
        key_file: Path,
        settings: SignInSettings | None = None,
        providers: Sequence[ProviderRules] = (),
        tell: Callable[[Event], None] = nobody,
        now_us: Callable[[], int] = clock_us,
        passwords: Passwords | None = None,
        rules: SessionRules | None = None,
        queue: WorkQueue | None = None,
        keeper: Keeper | None = None,
        breached: Breached | None = None,
    ) -> People:
        """`url`: of the records, or the database opened by another. Units that come with Littoral
        are put in where there are none. Raises RecordsError, OidcError."""
        sealer = Sealer(signin_key(key_file))
        database = Database(url) if isinstance(url, str) else url
        base = Base(database, now_us, tell, keeper)
        directory = Directory(base)
        if not directory.organisation().units:
            directory.put_units(hainan_units(), "system")
        settings = settings or SignInSettings()
        signin = SignIn(base, sealer, passwords, rules, breached, settings.password_alone)
        clients = {
            r.provider.name: (r, OidcClient(r.provider, lambda: now_us() / 1e6)) for r in providers
        }
        return cls(
            base,
            directory,
            signin,
            OwnCredentials(signin),
            queue or WorkQueue(),
            settings,
            clients,
        )

    def close(self) -> None:
        """Leaves a database that another opened to the other."""
        self.queue.close()
        for _, client in self.providers.values():
            client.close()

    def origin_of(self, connection: HTTPConnection) -> str:
        """Scheme, host and port as browsers write them. Without a setting it is what the request
        says, which the server's guard has held against the loopback names."""
        return self.settings.origin.rstrip("/") or (
            f"{connection.url.scheme.replace('ws', 'http')}://{connection.headers.get('host', '')}"
        )

    def secure(self, connection: HTTPConnection) -> bool:
        return self.origin_of(connection).startswith("https://")

    def passkeys_of(self, connection: HTTPConnection) -> Passkeys:
        origin = self.origin_of(connection)
        return Passkeys(self.signin, urlsplit(origin).hostname or "localhost", origin)


def people_of(connection: HTTPConnection) -> People | None:
    """None while the application has no sign-in."""
    return getattr(connection.app.state, "people", None)
