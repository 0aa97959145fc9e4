"""Whether who proposed changes of accounts could still have them: a role may have ended by its day,
or its agency, and tells nobody."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from littoral.api.people.places import Asking, Place
from littoral.api.problems import ProblemError
from littoral.api.second_person import as_now
from littoral.api.signin.guard import Door
from littoral.store.people.account_changes import AccountChange
from littoral.store.people.accounts import AccountRefused


def require_proposer(
    door: Door, ask: Asking, wanted: Sequence[tuple[AccountChange, Sequence[Place]]]
) -> None:
    """`wanted`: changes of one proposer, with the places of each. Those that may no longer be
    proposed lapse, and a 409 problem says so."""
    if not wanted:
        return
    by = wanted[0][0].proposed_by
    try:
        account = door.directory.account(by)
    except AccountRefused:
        return  # the operator of the machine, who has no account
    proposer = Asking(ask.gate, as_now(ask.gate, account))

    @cache
    def may(place: Place) -> bool:
        return account.active and proposer.may("user.write", proposer.resource(place))

    gone = [change.id for change, places in wanted if not all(may(p) for p in places)]
    if gone:
        door.directory.lapse(by, gone, ask.actor.id)
        raise ProblemError(
            409, f"Who proposed it may no longer; {len(gone)} of {len(wanted)} changes lapsed."
        )
