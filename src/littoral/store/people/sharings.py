"""Agreements between units: what of one unit's things another, or an agency, may see, until when.

They are rows of `sharings`. One that has ended stays, so that it can be said who saw what when.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from littoral.access.agreements import ANY_KIND, KINDS, OF_CASES
from littoral.access.request import agency_in
from littoral.access.words import AGENCIES
from littoral.store.database import RecordsError
from littoral.store.people.ids import uuid7
from littoral.store.people.tables import sharings

if TYPE_CHECKING:
    from littoral.store.people.organisations import Organisation

# Cases are shared for a time that somebody looks after.
CASES_AT_MOST_US = 366 * 86_400_000_000


class SharingRefused(RecordsError):
    """What was asked for is no agreement; `field` names what is wrong."""

    def __init__(self, why: str, field: str) -> None:
        super().__init__(why)
        self.field = field


@dataclass(frozen=True, slots=True)
class Sharing:
    """The things of `kind` (`*`: every kind but those of cases) of `unit`, with `agency` (a kind
    of agency) those of that one, may be seen by another: `shared_with`, code of a unit or agency.
    Times in microseconds UTC."""

    id: str
    unit: str
    agency: str
    shared_with: str
    kind: str
    reason: str
    valid_from_us: int
    valid_to_us: int | None
    made_us: int
    made_by: str
    ended_by: str = ""
    end_reason: str = ""

    def token(self, there: Organisation) -> str | None:
        """Under what the other side is found among a user's circles; None where it is gone."""
        if self.shared_with in there.units:
            return self.shared_with
        agency = there.agencies.get(self.shared_with)
        return None if agency is None else agency_in(agency.kind, agency.unit)


@dataclass(frozen=True, slots=True)
class Wanted:
    """An agreement as somebody asks for it; without `from_us` it begins now."""

    unit: str
    shared_with: str
    kind: str
    reason: str
    agency: str = ""
    from_us: int | None = None
    until_us: int | None = None


def check(wanted: Wanted, there: Organisation, now_us: int) -> None:
    """Raises SharingRefused."""
    if wanted.kind not in (ANY_KIND, *KINDS):
        raise SharingRefused(f"must be * or one of {', '.join(KINDS)}", "kind")
    if wanted.agency not in ("", *AGENCIES):
        raise SharingRefused(f"must be one of {', '.join(AGENCIES)}", "agency")
    if wanted.kind in OF_CASES and not wanted.agency:
        raise SharingRefused("cases are one agency's: name it", "agency")
    if wanted.unit not in there.units:
        raise SharingRefused(f"there is no unit {wanted.unit}", "unit")
    if wanted.shared_with not in there.units and wanted.shared_with not in there.agencies:
        raise SharingRefused(f"there is no unit or agency {wanted.shared_with}", "shared_with")
    if wanted.shared_with == wanted.unit:
        raise SharingRefused("a unit sees its own", "shared_with")
    if not wanted.reason.strip():
        raise SharingRefused("a reason must be given", "reason")
    start_us = now_us if wanted.from_us is None else wanted.from_us
    if start_us < now_us:
        raise SharingRefused("lies in the past", "begins")
    if wanted.until_us is not None and wanted.until_us <= start_us:
        raise SharingRefused("must be later than its begin", "ends")
    if wanted.kind in OF_CASES and (
        wanted.until_us is None or wanted.until_us - start_us > CASES_AT_MOST_US
    ):
        raise SharingRefused("cases are shared for 366 days at most", "ends")


def share(
    connection: Connection, wanted: Wanted, there: Organisation, by: str, now_us: int
) -> Sharing:
    """Raises SharingRefused."""
    check(wanted, there, now_us)
    made = Sharing(
        uuid7(now_us), wanted.unit, wanted.agency, wanted.shared_with, wanted.kind,
        wanted.reason.strip(), now_us if wanted.from_us is None else wanted.from_us,
        wanted.until_us, now_us, by,
    )  # fmt: skip
    connection.execute(sa.insert(sharings).values(asdict(made)))
    return made


def end(connection: Connection, key: str, reason: str, by: str, now_us: int) -> bool:
    """From now on it shows nothing; False when it is not there or has ended."""
    if not reason.strip():
        raise SharingRefused("a reason must be given", "reason")
    c = sharings.c
    done = connection.execute(
        sa.update(sharings)
        .where(c.id == key, sa.or_(c.valid_to_us.is_(None), c.valid_to_us > now_us))
        .values(valid_to_us=now_us, ended_by=by, end_reason=reason.strip())
    )
    return bool(done.rowcount)


def found(connection: Connection, key: str) -> Sharing | None:
    row = connection.execute(sa.select(sharings).where(sharings.c.id == key)).first()
    return None if row is None else _sharing(row)


def listed(connection: Connection, after: str = "", ended_us: int | None = None) -> list[Sharing]:
    """By id, which is by the time at which they were made, from behind `after` on; `ended_us`:
    those alone that have not ended by then."""
    c = sharings.c
    query = sa.select(sharings).where(c.id > after).order_by(c.id)
    if ended_us is not None:
        query = query.where(sa.or_(c.valid_to_us.is_(None), c.valid_to_us > ended_us))
    return [_sharing(r) for r in connection.execute(query)]


def in_force(connection: Connection, at_us: int) -> Iterator[Sharing]:
    c = sharings.c
    query = sa.select(sharings).where(
        c.valid_from_us <= at_us, sa.or_(c.valid_to_us.is_(None), c.valid_to_us > at_us)
    )
    return (_sharing(r) for r in connection.execute(query.order_by(c.id)))


def by_token(rows: Iterable[Sharing], there: Organisation) -> dict[str, tuple[Sharing, ...]]:
    """Agreements by the circle of users that they are made with."""
    out: dict[str, tuple[Sharing, ...]] = {}
    for row in rows:
        token = row.token(there)
        if token is not None:
            out[token] = (*out.get(token, ()), row)
    return out


def _sharing(row: sa.Row[Any]) -> Sharing:
    return Sharing(**{name: getattr(row, name) for name in Sharing.__dataclass_fields__})
