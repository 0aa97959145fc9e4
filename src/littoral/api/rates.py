"""How often one account, one key, or one unknown address may ask. Beyond it: 429, `Retry-After`.

Counted by account and not by session, so that twenty devices ask no more than one; by address (of
IPv6 the /64) only before anybody is known, since many phones may share one. Signing in has its own
back-off (`store/people/lockout.py`) and its own queue.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from fastapi import Request

from littoral.api.problems import ProblemError
from littoral.api.signin.limits import RateLimit
from littoral.store.people.addresses import subscriber

# What reads much, converts, decrypts, hands out persons or copies of them, walks the log, or sends
# texts that cost: by the action that the route asks the policies for.
COSTLY = frozenset({
    "history.read", "report.export", "evidence.read", "evidence.add", "person.read",
    "person.search", "person.export", "person.erase", "log.read", "log.verify", "oversight.read",
    "retention.run", "notice.send", "form.write",
})  # fmt: skip


@dataclass
class Rates:
    """`burst` at once, then `per_s`. A page of the watch asks some five times a second at most, and
    a person does none of the costly things faster than four times a second."""

    usual: RateLimit = field(default_factory=lambda: RateLimit(burst=2_000, per_s=200.0))
    costly: RateLimit = field(default_factory=lambda: RateLimit(burst=240, per_s=4.0))
    strangers: RateLimit = field(default_factory=lambda: RateLimit(burst=300, per_s=5.0))

    def take(self, ref: str, action: str) -> None:
        """One request of `ref` for `action`. Raises a 429 problem."""
        wait_s = self.usual.wait_s(ref)
        if not wait_s and action in COSTLY:
            wait_s = self.costly.wait_s(ref)
        if wait_s:
            raise too_many("Too many requests of this account.", wait_s)

    def take_stranger(self, address: str) -> None:
        """One request from an address that nobody has signed in from. Raises a 429 problem."""
        if wait_s := self.strangers.wait_s(subscriber(address)):
            raise too_many("Too many requests from this address.", wait_s)


def action_of(request: Request, mark: str) -> str:
    """What the route says that it asks the policies for, under `mark` in the OpenAPI document."""
    return str((getattr(request.scope.get("route"), "openapi_extra", None) or {}).get(mark, ""))


def too_many(detail: str, wait_s: int) -> ProblemError:
    return ProblemError(429, detail, retry_after_s=wait_s)
