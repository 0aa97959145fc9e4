"""Who stands watch now, at the desks that the shared watch is for: the province's and the
caller's."""

from __future__ import annotations

from typing import Any

from fastapi import Request
from sqlalchemy.engine import Connection

from littoral.api.duty.sight import desk_of
from littoral.api.gate import acting
from littoral.store.duty import entries, rosters
from littoral.store.people.packaged import PROVINCE


def on_watch(request: Request, connection: Connection, now_us: int) -> list[dict[str, Any]]:
    """Desk (unit/agency) and how many people stand its watch now, by their signatures."""
    seats = set(acting(request).seats)
    found = []
    for unit, agency in rosters.desks(connection):
        name = f"{unit}/{agency}"
        if unit != PROVINCE and name not in seats:
            continue
        shift = desk_of(request, connection, unit, agency).shift_at(now_us)
        if shift is None:
            continue
        signed = entries.signed(connection, unit, agency, shift.key)
        people = sum(kind == entries.SIGN_IN for kind in signed.values())
        found.append({"desk": name, "on_watch": people})
    return found
