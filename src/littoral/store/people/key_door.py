"""The door to keys of systems."""

from __future__ import annotations

from collections.abc import Sequence

from littoral.store.people import api_keys
from littoral.store.people.accounts import AccountRefused
from littoral.store.people.api_keys import ApiKey, KeyRefused, Renewed
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

    def renew_key(self, key_id: str) -> Renewed | None:
        """By the key itself. None where the key that renewed it is in use already, which the log
        has. KeyRefused."""
        with self._base.change(f"key:{key_id}") as change:
            renewed = api_keys.renew(change.connection, key_id, change.by, change.now_us)
            if renewed is None:
                change.tell("key.renew.refused", key_id, "the new key is in use")
            else:
                for dropped in renewed.dropped:
                    change.tell("key.revoke", dropped, "never used, renewed again")
                change.tell("key.renew", renewed.made.id, ", ".join(renewed.made.actions))
        return renewed

    def end_key(self, key_id: str, by: str) -> bool:
        """With all that was renewed from it or from which it was; False when it is not there or
        was ended before."""
        with self._base.change(by) as change:
            ended = api_keys.end(change.connection, key_id, by, change.now_us)
            for each in ended:
                change.tell("key.revoke", each)
        return bool(ended)
