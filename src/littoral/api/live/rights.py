"""Who may stream what, now; asked again while streams are open, of many at once.

What the policies leave of a question depends on roles, places, how somebody signed in and from
where; on the account itself only where a rule asks for it. So accounts that are alike in the rest
are asked about once, and each alone where such a rule is met.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass

from starlette.websockets import WebSocket

from littoral.api.gate import Actor, Gate, gate_of, network_of, of_the_province, who_acts
from littoral.api.live.boards import READS, View, of_crew, views_of
from littoral.api.problems import ProblemError
from littoral.api.signin.guard import unauthenticated
from littoral.store import responders
from littoral.store.database import Database
from littoral.store.people.identity import Identity

Views = tuple[View, ...]  # of incidents and tasks


@dataclass(frozen=True, slots=True, eq=False)
class Stream:
    """`session`: empty for a key, and where nobody signs in. `address`: whence it is asked for."""

    socket: WebSocket
    with_picture: bool
    session: str = ""
    address: str = ""


def begun(socket: WebSocket, with_picture: bool) -> tuple[Stream, Views]:
    """A stream that is asked for, and what is seen by it. Raises a problem when the caller may not
    see picture and alerts; without picture, when neither incidents nor tasks. Reads the database:
    not on the event loop."""
    actor = who_acts(socket)
    views = _seen(gate_of(socket), actor, with_picture)
    with _database(socket).read() as connection:
        if responders.acting(connection, {actor.id}):
            views = of_crew(views, actor.id)
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
    alike: dict[Hashable, Views] = {}
    found: dict[Stream, Views | ProblemError] = {}
    for stream in asked:
        try:
            if stream.session:
                who = known.get(stream.session)
                if who is None:
                    raise unauthenticated("Sign in first.")
                views = _seen_by_alike(gate, who, stream.with_picture, alike)
                found[stream] = of_crew(views, who.id) if who.id in crews else views
            else:
                found[stream] = begun(stream.socket, stream.with_picture)[1]
        except ProblemError as problem:
            found[stream] = problem
    return found


def _seen_by_alike(
    gate: Gate, who: Identity, with_picture: bool, alike: dict[Hashable, Views]
) -> Views:
    """`alike`: what was found in this round. A refusal is not shared: each is in the log."""
    places = sorted((m.role, m.unit, m.agency or "") for m in who.memberships)
    key = (with_picture, tuple(places), who.assurance, network_of(who.address))
    views = alike.get(key)
    if views is None:
        actor = gate.actor(who)
        views = _seen(gate, actor, with_picture)
        if not _asks_who(gate, actor):
            alike[key] = views
    return views


def _asks_who(gate: Gate, actor: Actor) -> bool:
    decider, context = gate.in_force(), gate.circumstances(actor)
    return any(
        decider.asks_who(principal, action, context)
        for principal in actor.principals
        for action in READS.values()
    )


def _seen(gate: Gate | None, actor: Actor, with_picture: bool) -> Views:
    """Without what an account's own tasks are. Raises a problem as `begun`."""
    if gate is not None and with_picture:
        for action, kind in (("picture.read", "track"), ("alert.read", "alert")):
            gate.require(actor, action, of_the_province(kind))
    views = views_of(gate, actor)
    if gate is not None and not views and not with_picture:
        gate.require(actor, READS["incidents"], of_the_province("incident"))
    return views


def _database(socket: WebSocket) -> Database:
    found: Database = socket.app.state.runtime.records.database
    return found
