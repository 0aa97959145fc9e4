"""The door to keys of systems."""

from __future__ import annotations

from collections.abc import Sequence

from littoral.store.people import api_keys
from littoral.store.people.accounts import AccountRefused
from littoral.store.people.api_keys import ApiKey, KeyRefused
from littoral.store.people.unit_door import UnitDoor


class KeyDoor(UnitDoor):
    def api_keys(self) -> list[ApiKey]:
        """All, the newest first, also those that ended."""
        with self._base.database.read() as connection:
            return api_keys.listed(connection)

    def create_key(
        self,
        name: str,
        actions: Sequence[str],
        unit: str,
        agency: str | None,
        expires_us: int,
        by: str,
    ) -> tuple[str, ApiKey]:
        """The key, shown once, and what is kept of it. KeyRefused."""
        try:
            self.check_place(unit, agency)
        except AccountRefused as error:
            raise KeyRefused(str(error), error.field) from error
        with self._base.change(by) as change:
            written, made = api_keys.create(
                change.connection, name, actions, unit, agency, expires_us, by, change.now_us
            )
            change.tell("key.create", made.id, ", ".join(made.actions))
        return written, made

    def end_key(self, key_id: str, by: str) -> bool:
        """False when it is not there or has ended."""
        with self._base.change(by) as change:
            done = api_keys.end(change.connection, key_id, by, change.now_us)
            if done:
                change.tell("key.revoke", key_id)
        return done
