"""The door to units, agencies and what they share: each method that changes is one transaction."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from littoral.store.people import lasting, organisations, sharings
from littoral.store.people.accounts import AccountRefused
from littoral.store.people.base import Base, Change
from littoral.store.people.organisations import Agency, Organisation, Unit, Version
from littoral.store.people.sharings import Sharing, Wanted

FRESH_US = 30_000_000  # another process may have changed units; read them again after this


class UnitDoor:
    """Safe for several threads and processes. `by` is the id of who does it."""

    def __init__(self, base: Base) -> None:
        self._base = base
        self._lock = threading.Lock()
        self._organisation: Organisation | None = None
        self._fresh_until_us = 0

    def organisation(self, at_us: int | None = None) -> Organisation:
        """As it was at a moment; without one as it is now: what another process changed is
        seen within half a minute, what was written to begin or end now at once."""
        now_us = self._base.now_us()
        if at_us is not None:
            with self._base.database.read() as connection:
                return organisations.read(connection, at_us)
        with self._lock:
            kept = self._organisation
            if kept is None or not kept.at_us <= now_us < self._fresh_until_us:
                with self._base.database.read() as connection:
                    kept = organisations.read(connection, now_us)
                    ahead_us = organisations.next_change(connection, now_us)
                until_us = now_us + FRESH_US
                self._fresh_until_us = until_us if ahead_us is None else min(until_us, ahead_us)
                self._organisation = kept
            return kept

    def unit_versions(self, code: str | None = None) -> list[Unit]:
        """All versions of all units, or of one, oldest first."""
        with self._base.database.read() as connection:
            return organisations.unit_versions(connection, code)

    def agency_versions(self) -> list[Agency]:
        with self._base.database.read() as connection:
            return organisations.agency_versions(connection)

    def put_units(self, rows: Sequence[Unit], by: str, alone: bool = False) -> int:
        """See `organisations.put_units`; whether they fit together `importing` says first. With
        `alone`, by an administrator who may not change what lasts of them. AccountRefused."""
        with self._base.change(by) as change:
            changed = write_units(change, rows, alone)
        self.units_changed()
        return changed

    def put_agencies(self, rows: Sequence[Agency], by: str, alone: bool = False) -> int:
        """As `put_units`; an agency's kind nobody changes."""
        with self._base.change(by) as change:
            changed = write_agencies(change, rows, alone)
        self.units_changed()
        return changed

    def share(self, wanted: Wanted, by: str) -> Sharing:
        """Raises SharingRefused."""
        with self._base.change(by) as change:
            there = organisations.read(change.connection, change.now_us)
            made = sharings.share(change.connection, wanted, there, by, change.now_us)
            whose = f"{made.unit}/{made.agency}" if made.agency else made.unit
            change.tell("unit.share", made.id, f"{made.kind} of {whose} with {made.shared_with}")
        self.units_changed()
        return made

    def unshare(self, sharing_id: str, reason: str, by: str) -> bool:
        """Ends it now; False when it is not there or has ended. Raises SharingRefused."""
        with self._base.change(by) as change:
            done = sharings.end(change.connection, sharing_id, reason, by, change.now_us)
            if done:
                change.tell("unit.unshare", sharing_id)
        self.units_changed()
        return done

    def sharing(self, sharing_id: str) -> Sharing | None:
        with self._base.database.read() as connection:
            return sharings.found(connection, sharing_id)

    def sharings(self, after: str = "", ended_us: int | None = None) -> list[Sharing]:
        """See `sharings.listed`."""
        with self._base.database.read() as connection:
            return sharings.listed(connection, after, ended_us)

    def check_place(self, unit: str, agency: str | None) -> None:
        """Raises AccountRefused."""
        check_place(self.organisation(), unit, agency)

    def units_changed(self) -> None:
        with self._lock:
            self._organisation = None


def check_place(there: Organisation, unit: str, agency: str | None) -> None:
    """Raises AccountRefused for a unit or agency that is not there."""
    if unit not in there.units:
        raise AccountRefused(f"there is no unit {unit!r} now", "unit")
    if agency is not None and agency not in there.agencies:
        raise AccountRefused(f"there is no agency {agency!r} now", "agency")


def write_units(change: Change, rows: Sequence[Unit], alone: bool = False) -> int:
    """In the caller's transaction. AccountRefused."""
    stored = organisations.unit_versions(change.connection)
    if alone:
        lasting.check_alone(stored, rows)
    changed = organisations.put_units(change.connection, rows, change.by, change.now_us)
    _tell(change, "units", stored, rows, changed)
    return changed


def write_agencies(change: Change, rows: Sequence[Agency], alone: bool = False) -> int:
    """In the caller's transaction. AccountRefused."""
    stored = organisations.agency_versions(change.connection)
    lasting.check_kinds(stored, rows)
    if alone:
        lasting.check_alone(stored, rows)
    changed = organisations.put_agencies(change.connection, rows, change.by, change.now_us)
    _tell(change, "agencies", stored, rows, changed)
    return changed


def _tell(
    change: Change, what: str, stored: list[Version], rows: Sequence[Version], changed: int
) -> None:
    """Each that was there and is changed with before and after; of new ones how many."""
    added = lasting.by_code(rows)
    known = lasting.by_code(v for v in stored if v.code in added)
    for code, before in known.items():
        said = lasting.told(before, organisations.succeed(before, added[code]))
        if said:
            change.tell("unit.write", code, said)
    new = added.keys() - known.keys()
    if new or not changed:
        thing = next(iter(added)) if len(added) == 1 else what
        change.tell("unit.write", thing, f"{changed} versions")
