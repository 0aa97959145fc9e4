"""The gate before every route: who asks, may they, and is it in the log.

A route says what it does with `guarded(action)`; the check runs before the route, and what has to
be in the log is there, durable, before the route begins. Without sign-in (`app.state.gate` unset)
the server listens on the loopback address alone and one local operator acts.
"""

from __future__ import annotations

import hashlib
import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Annotated, Any

import orjson
from fastapi import Depends, Request
from sqlalchemy.engine import Connection
from starlette.requests import HTTPConnection

from littoral.access import Circumstances, Decider, Principal, Resource, Verdict
from littoral.access.filter import NONE, Filter, either
from littoral.access.request import Received
from littoral.api import one_request
from littoral.api.problems import ProblemError
from littoral.api.rates import Rates, action_of
from littoral.api.signin.context import People
from littoral.api.signin.guard import address_of, identify, same_origin, unauthenticated
from littoral.api.turned_away import TurnedAway
from littoral.engine.reaching import Sender
from littoral.engine.trust import Trust
from littoral.link.clamd import Scanner
from littoral.store import matter_rules
from littoral.store.condition import Within, alone
from littoral.store.evidence.custody import Passing
from littoral.store.matter_rules import MatterRules
from littoral.store.people.identity import Identity, agency_kinds, principals
from littoral.store.people.organisations import Organisation
from littoral.store.people.outbox import Outbox
from littoral.store.people.packaged import PROVINCE
from littoral.store.vault.cases import Case
from littoral.store.vault.entries import Entry
from littoral.store.vault.grants import Grant

# Acts that the log must hold before they are done. What only reads operational things is not
# logged; whatever is about a person is logged by the vault itself.
LOGGED = frozenset({
    "alert.act", "alert.dismiss", "fence.write", "outage.write", "settings.write", "report.export",
    "user.write", "unit.write", "sharing.write", "key.write", "key.renew", "policy.propose",
    "policy.sign", "contact.add",
    "retention.run", "hold.write", "log.read", "oversight.read", "person.erase",
    "incident.report", "incident.act", "incident.close",
    "task.assign", "task.act", "responder.manage", "responder.report",
    "notice.send", "notice.note", "notice.report",
    "duty.plan", "duty.watch", "duty.handover", "duty.fault", "form.write", "bulletin.write",
})  # fmt: skip

IN_FORCE, FRESH_US = "policies in force", 1_000_000
ACTION = "x-littoral-action"  # in the OpenAPI document: what the policies are asked for
DATA_CLASS = "x-littoral-data-class"

SECOND_FACTOR = (
    "该账号的角色须使用第二验证因素：请先绑定验证器或通行密钥，仅凭密码不能操作。",
    "This account's roles need a second factor: enrol an authenticator or a passkey first; "
    "a password alone does nothing.",
)

# Who runs the platform and belongs to no agency acts for it.
NO_AGENCY = "platform"

# Things that all agencies have in common, by their kind: the rules of the shared watch, and the
# units. They are of whichever agency the caller acts for. Nothing else becomes the caller's by
# having no agency: a case, a person, a hold, an entry of the log without one is nobody's.
IN_COMMON = frozenset({
    "fence", "change", "blinding", "outage", "detector", "settings", "dismissals", "unit",
    "shelf", "listed",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks. `name` stands in records and on pages, `desk` is unit and agency."""

    ref: str  # for the log: account:<id>
    id: str
    name: str
    desk: str
    principals: tuple[Principal, ...] = ()
    identity: Identity | None = None

    @property
    def seats(self) -> tuple[str, ...]:
        """All desks at which the account holds a role."""
        return tuple(desk_of(p) for p in self.principals) or (self.desk,)


@dataclass
class Gate:
    people: People
    trust: Trust
    rates: Rates = field(default_factory=Rates)
    turned_away: TurnedAway = field(default_factory=TurnedAway)
    scanner: Scanner | None = None  # that looks at what is handed in
    sender: Sender | None = None  # of text messages
    matters: MatterRules = field(default_factory=matter_rules.shipped)
    outbox: Outbox | None = None  # entries committed with what they tell of

    @property
    def scanning(self) -> Passing:
        """What evidence passes through before it is kept."""
        return iter if self.scanner is None else self.scanner.passing

    def keep(self, connection: Connection, entries: Sequence[Entry]) -> None:
        """Entries of what is done in the transaction: they are committed with it, or not at all.
        `settle` once it is over: nothing is answered before they are in the log."""
        if self.outbox is None:
            self.trust.record(entries)
        else:
            self.outbox.keep_entries(connection, entries)

    def settle(self) -> None:
        """What was kept is in the log, durable, when this returns. Raises LogError: then it waits,
        over a crash too, and what it tells of was done."""
        if self.outbox is not None:
            self.outbox.settle()

    def actor(self, who: Identity) -> Actor:
        organisation = self.people.directory.organisation()
        places = principals(who, organisation)
        agencies = {kind or NO_AGENCY for kind in agency_kinds(who, organisation)}
        seated = (
            Principal(
                id=who.id,
                roles=tuple(p["roles"]),
                agency=agency,
                unit=p["unit"],
                tier=p["tier"],
                area=tuple(dict.fromkeys((p["unit"], *p["area"]))),
                assurance=p["assurance"],
                active=p["active"],
                elsewhere=tuple(sorted(who.roles.difference(p["roles"]))),
                agencies_elsewhere=tuple(sorted(agencies - {agency})),
            )
            for p in places
            for agency in [p["agency_kind"] or NO_AGENCY]
        )
        found = tuple(_with_agreements(principal, organisation) for principal in seated)
        desk = desk_of(found[0]) if found else "none"
        return Actor(f"{who.kind}:{who.id}", who.id, who.login, desk, found, who)

    def decide(
        self,
        actor: Actor,
        action: str,
        resource: Resource,
        context: Circumstances,
        decider: Decider | None = None,
    ) -> Verdict:
        """The first place of the actor that is allowed decides, else the last refusal. A key may
        do what it was made for and nothing else. `decider`: by the policies that were in force
        when what several questions belong to began, `in_force`."""
        return self._decided(actor, action, resource, context, decider)[0]

    def _decided(
        self,
        actor: Actor,
        action: str,
        resource: Resource,
        context: Circumstances,
        decider: Decider | None,
    ) -> tuple[Verdict, str]:
        """With the desk that is allowed it."""
        decider = self.in_force() if decider is None else decider
        if needs_second_factor(actor):
            return Verdict(False, (), *SECOND_FACTOR, decider.hash), actor.desk
        if not actor.principals or beyond_key(actor, action):
            zh, en = "该账号没有此项权限。", "This account has no role that may do this."
            return Verdict(False, (), zh, en, decider.hash), actor.desk
        for principal in actor.principals:
            thing = replace(resource, agency=principal.agency) if in_common(resource) else resource
            verdict = decider.decide(principal, action, thing, context)
            if verdict.allowed:
                break
        return verdict, desk_of(principal)

    def filter(self, actor: Actor, action: str, context: Circumstances) -> Filter:
        """Of which things `decide` would allow it: the same rules, as a condition of a query."""
        decider = self.in_force()
        if needs_second_factor(actor) or beyond_key(actor, action):
            return NONE
        return either(decider.list_filter(p, action, context) for p in actor.principals)

    def in_force(self) -> Decider:
        """The policies as they were when the request first asked, at most FRESH_US ago: a list asks
        about each of its rows. Raises a 503 problem where none are."""
        place, now_us = one_request.place(), self.trust.now_us()
        known = None if place is None else place.get(IN_FORCE)
        if known is not None and 0 <= now_us - known[1] < FRESH_US:
            return known[0]
        standing = self.trust.refresh()
        if not standing.loaded:
            raise ProblemError(503, f"The policies are not in force. {standing.en}")
        decider = self.trust.decider
        if place is not None:
            place[IN_FORCE] = decider, now_us
        return decider

    def circumstances(self, actor: Actor, **more: Any) -> Circumstances:
        """Now, over the actor's network, with what `more` is known."""
        address = actor.identity.address if actor.identity is not None else ""
        return Circumstances(self.trust.now_us(), network=network_of(address), **more)

    def require(
        self,
        actor: Actor,
        action: str,
        resource: Resource,
        context: Circumstances | None = None,
        thing: str = "",
        decider: Decider | None = None,
        **facts: Any,
    ) -> str:
        """The desk by whose right it is done. Raises a 403 problem that says why not; puts into the
        log what must be there, under the name `thing` where that is not made of the resource's
        kind. `decider`: as for `decide`."""
        context = self.circumstances(actor) if context is None else context
        verdict, desk = self._decided(actor, action, resource, context, decider)
        if not verdict.allowed or action in LOGGED:
            self.trust.tell(
                actor.ref,
                action,
                thing or thing_ref(resource),
                "allow" if verdict.allowed else "deny",
                context.purpose,
                context.case,
                context.legal_basis,
                rules=list(verdict.ids),
                **facts,
            )
        if not verdict.allowed:
            more: dict[str, Any] = {"reason": {"zh": verdict.zh, "en": verdict.en}}
            if needs_second_factor(actor):
                more["needs"] = "second_factor"
            raise ProblemError(403, verdict.en, more=more)
        return desk


def desk_of(principal: Principal) -> str:
    return f"{principal.unit}/{principal.agency}"


def _with_agreements(principal: Principal, organisation: Organisation) -> Principal:
    """With what others share with it now."""
    found = organisation.received(principal.circles)
    if not found:
        return principal
    return replace(principal, received=tuple(Received(s.kind, s.unit, s.agency) for s in found))


def without_agreements(actor: Actor) -> Actor:
    """Where seeing is not enough, such as to send somebody's boat: what is shared to be seen is
    nobody else's to use."""
    return replace(actor, principals=tuple(replace(p, received=()) for p in actor.principals))


def beyond_key(actor: Actor, action: str) -> bool:
    """Whether a key asks for what it was not made for."""
    limits = actor.identity.actions if actor.identity is not None else None
    return limits is not None and action not in limits


def in_common(resource: Resource) -> bool:
    """Whether it is of whichever agency asks; see IN_COMMON."""
    return (
        not resource.agency
        and not resource.case
        and resource.kind in IN_COMMON
        and resource.data_class in ("public", "operational")
    )


def needs_second_factor(actor: Actor) -> bool:
    return actor.identity is not None and actor.identity.second_factor_missing


def network_of(address: str) -> str:
    """internal: this machine and private addresses (RFC 1918, RFC 4193); public: all else."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return "public"
    return "internal" if found.is_loopback or found.is_private else "public"


def thing_ref(resource: Resource) -> str:
    kind = resource.kind or "thing"
    return f"{kind}:{resource.id}" if resource.id not in ("", "-") else f"{kind}:all"


def ref_of(kind: str, key: str) -> str:
    """How the log names the thing with that id from a path."""
    return thing_ref(Resource("operational", safe_id(key), kind=kind))


def gate_of(connection: HTTPConnection) -> Gate | None:
    return getattr(connection.app.state, "gate", None)


def local_operator(connection: HTTPConnection) -> Actor:
    name = connection.app.state.runtime.settings.operator
    return Actor("operator:local", "local", name, "local")


def who_acts(connection: HTTPConnection) -> Actor:
    """The caller; raises a 401 problem. Reads the database: not on the event loop."""
    gate = gate_of(connection)
    if gate is None:
        return local_operator(connection)
    who = identify(connection)
    if who is None:
        gate.rates.take_stranger(address_of(connection, gate.people))
        raise unauthenticated("Sign in first.")
    return gate.actor(who)


def acting(request: Request) -> Actor:
    """Who asks, once a request."""
    found: Actor | None = getattr(request.state, "actor", None)
    if found is None:
        found = request.state.actor = who_acts(request)
        gate = gate_of(request)
        if gate is not None:
            gate.rates.take(found.ref, action_of(request, ACTION))
    return found


Acting = Annotated[Actor, Depends(acting)]


def of_the_province(
    kind: str, key: str = "-", data_class: str = "operational", **more: Any
) -> Resource:
    """A thing of the whole watch: the sea belongs to no county, so all of them share it."""
    return Resource(
        data_class,
        key,
        unit=PROVINCE,
        areas=(PROVINCE,),
        shared_with=(PROVINCE,),
        kind=kind,
        **more,
    )


def areas_of(gate: Gate, code: str) -> tuple[str, ...]:
    """The code of a unit or area with those of all above it; none for an empty one."""
    if not code:
        return ()
    organisation = gate.people.directory.organisation()
    return (code, *(organisation.ancestors(code) if code in organisation.units else ()))


def units_within(gate: Gate | None) -> Within:
    """Of codes those of all units within them, as `areas_of` sees it from below."""
    return alone if gate is None else gate.people.directory.organisation().codes_within


def of_unit(
    gate: Gate, kind: str, unit: str, key: str = "-", data_class: str = "operational",
    agency: str = "", **more: Any,
) -> Resource:  # fmt: skip
    """A thing that one unit keeps, in its area, for `agency`; without one it is nobody's."""
    return Resource(
        data_class,
        safe_id(key),
        unit=unit,
        agency=agency,
        kind=kind,
        areas=areas_of(gate, unit) or (unit,),  # an empty code is refused by Resource
        **more,
    )


def of_case(
    gate: Gate, kind: str, case: Case, key: str = "", data_class: str = "operational", **more: Any
) -> Resource:
    """A thing of the case (without a key the case itself): of its unit, its agency, its purpose.
    One of a case without an agency is nobody's."""
    return of_unit(
        gate, kind, case.unit, key or case.id, data_class, case.agency, case=case.id,
        purpose=case.purpose, **more,
    )  # fmt: skip


def under_case(
    gate: Gate, who: Actor, case: Case, grant: Grant | None = None, **more: Any
) -> Circumstances:
    """Those of an act under the case, and by the grant if there is one; `more` is what differs,
    such as the legal basis of an order."""
    stated: dict[str, Any] = {
        "purpose": case.purpose, "legal_basis": case.legal_basis, "case": case.id,
        "case_open": case.state == "open", "case_unit": case.unit,
    }  # fmt: skip
    if grant is not None:
        facts = grant.facts
        stated |= {
            "grant_until_us": facts.until_us if facts.state == "active" else 0,
            "second_person": bool(facts.approvers),
            "break_glass": facts.kind == "break_glass",
        }
    return gate.circumstances(who, **(stated | more))


def guarded(
    action: str,
    data_class: str = "operational",
    kind: str = "",
    key: str = "",
    purpose: str = "",
    **more: Any,
) -> dict[str, Any]:
    """Keywords for a route that does `action`: `@router.get("/x", **guarded("picture.read"))`.

    `kind` of thing, by default the action's first word; `key`: the path parameter with its id;
    `purpose`: that the route serves by itself; `more` goes into the OpenAPI document."""
    noun = kind or action.partition(".")[0]

    def check(request: Request) -> None:
        actor = acting(request)
        same_origin_if_signed_in(request)
        gate = gate_of(request)
        if gate is not None:
            resource = of_the_province(noun, safe_id(request.path_params.get(key)), data_class)
            context = replace(gate.circumstances(actor), purpose=purpose)
            request.state.desk = gate.require(actor, action, resource, context)

    return {
        "dependencies": [Depends(check)],
        **described(action, data_class, **more),
    }


def described(action: str, data_class: str = "operational", **more: Any) -> dict[str, Any]:
    """Keywords for a route that asks the gate itself: what it asks stands in the document."""
    return {"openapi_extra": {ACTION: action, DATA_CLASS: data_class, **more}}


def same_origin_if_signed_in(request: Request) -> None:
    """Without sign-in there is no cookie to steal a ride on; `security.Guard` holds the rest."""
    if gate_of(request) is not None:
        same_origin(request)


def safe_id(value: Any) -> str:
    """An id from a path as policies take it: what cannot be one is no thing's id either."""
    text = str(value or "-")
    kept = "".join(c for c in text[:100] if c.isascii() and (c.isalnum() or c in "_.~-"))
    return kept.replace("~", "_").lstrip("_.-") or "-"


# An entry of the log has 65,535 bytes at most: a longer document is told by its hash.
MAX_TOLD_BYTES = 16_000


def tell_change(
    request: Request,
    who: Actor,
    action: str,
    thing: str,
    before: Any,
    after: Any,
    **facts: Any,
) -> None:
    """What is about to become of `thing`, in the log before it is done; null where it is not yet or
    no longer there. `guarded` has logged only that it may be done: it does not know the body."""
    gate = gate_of(request)
    if gate is not None:
        gate.trust.tell(
            who.ref, action, thing, "allow", before=_told(before), after=_told(after), **facts
        )


def _told(document: Any) -> Any:
    text = orjson.dumps(document, option=orjson.OPT_SORT_KEYS)
    if len(text) <= MAX_TOLD_BYTES:
        return document
    return {"sha256": hashlib.sha256(text).hexdigest(), "bytes": len(text)}


def allowed_desk(request: Request) -> str:
    """The desk by whose right a `guarded` route is asked."""
    found: str = getattr(request.state, "desk", acting(request).desk)
    return found


def require(request: Request, action: str, resource: Resource, **facts: Any) -> str:
    """A further check inside a route, where the action depends on the body: the desk by whose right
    it is done."""
    gate, who = gate_of(request), acting(request)
    return who.desk if gate is None else gate.require(who, action, resource, **facts)
