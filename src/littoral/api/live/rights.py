"""Who may stream what, now; asked again while streams are open, of many at once.

What the policies leave of a question depends on roles, places, how somebody signed in and from
where; on the account itself only where a rule asks for it. So accounts that are alike in the rest
are asked about once, and each alone where such a rule is met.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, replace

from starlette.websockets import WebSocket

from littoral.access.filter import owned_by
from littoral.access.slices import AsksWho
from littoral.api.gate import Actor, Gate, gate_of, network_of, of_the_province, who_acts
from littoral.api.live.boards import READS, View, told_of, views_of
from littoral.api.problems import ProblemError
from littoral.api.signin.guard import unauthenticated
from littoral.store import responders
from littoral.store.database import Database
from littoral.store.people.identity import Identity

Views = tuple[View, ...]  # of incidents, tasks and contacts
PICTURE = (("picture.read", "track"), ("alert.read", "alert"))


@dataclass(frozen=True, slots=True, eq=False)
class Stream:
    """`session`: empty for a key, and where nobody signs in. `address`: whence it is asked for."""

    socket: WebSocket
    with_picture: bool
    session: str = ""
    address: str = ""


def begun(socket: WebSocket, with_picture: bool) -> tuple[Stream, Views]:
    """A stream that is asked for, and what is seen by it. Raises a problem when the caller may not
    see picture and alerts; without picture, when none of the boards. Reads the database:
    not on the event loop."""
    actor = who_acts(socket)
    views = _seen(gate_of(socket), actor, with_picture)
    with _database(socket).read() as connection:
        crew = bool(responders.acting(connection, {actor.id}))
    views = told_of(views, actor.id, crew)
    who = actor.identity
    if who is None:
        return Stream(socket, with_picture), views
    session = "" if who.session is None else who.session.id
    return Stream(socket, with_picture, session, who.address), views


def still(gate: Gate, streams: Iterable[Stream]) -> dict[Stream, Views | ProblemError]:
    """Of some hundreds: what is seen by each now, or why it must end. Reads the database: not on
    the event loop."""
    asked = list(streams)
    sessions = {s.session: s.address for s in asked if s.session}
    known = gate.people.signin.identify_all(sessions)
    with gate.people.base.database.read() as connection:
        crews = responders.acting(connection, {who.id for who in known.values()})
    alike: dict[Hashable, tuple[str, AsksWho, Views]] = {}
    found: dict[Stream, Views | ProblemError] = {}
    for stream in asked:
        try:
            if stream.session:
                who = known.get(stream.session)
                if who is None:
                    raise unauthenticated("Sign in first.")
                views = _seen_by_alike(gate, who, stream.with_picture, alike)
                found[stream] = told_of(views, who.id, who.id in crews)
            else:
                found[stream] = begun(stream.socket, stream.with_picture)[1]
        except ProblemError as problem:
            found[stream] = problem
    return found


def _seen_by_alike(
    gate: Gate,
    who: Identity,
    with_picture: bool,
    alike: dict[Hashable, tuple[str, AsksWho, Views]],
) -> Views:
    """`alike`: what was found in this round, and for whom. A refusal is not shared: each is in the
    log."""
    places = sorted((m.role, m.unit, m.agency or "") for m in who.memberships)
    key = (with_picture, tuple(places), who.assurance, network_of(who.address))
    found = alike.get(key)
    if found is None:
        actor = gate.actor(who)
        views = _seen(gate, actor, with_picture)
        asks_who = _asks_who(gate, actor, with_picture)
        if asks_who != "yes":
            alike[key] = who.id, asks_who, views
        return views
    first, asks_who, views = found
    if asks_who == "no":
        return views
    return tuple(replace(v, found=owned_by(v.found, first, who.id)) for v in views)


def _asks_who(gate: Gate, actor: Actor, with_picture: bool) -> AsksWho:
    decider, context = gate.in_force(), gate.circumstances(actor)
    actions = [*READS.values(), *(a for a, _ in PICTURE if with_picture)]
    found = {
        decider.asks_who(principal, action, context)
        for principal in actor.principals
        for action in actions
    }
    return "yes" if "yes" in found else "as owner" if "as owner" in found else "no"


def _seen(gate: Gate | None, actor: Actor, with_picture: bool) -> Views:
    """By the policies alone. Raises a problem as `begun`."""
    if gate is not None and with_picture:
        for action, kind in PICTURE:
            gate.require(actor, action, of_the_province(kind))
    views = views_of(gate, actor)
    if gate is not None and not views and not with_picture:
        gate.require(actor, READS["incidents"], of_the_province("incident"))
    return views


def _database(socket: WebSocket) -> Database:
    found: Database = socket.app.state.runtime.records.database
    return found
