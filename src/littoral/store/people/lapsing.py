"""What an account proposed, of the watch or of accounts, ends with the account or a role of it."""

from __future__ import annotations

from littoral.store import changes
from littoral.store.people import account_changes, accounts
from littoral.store.people.base import Change


def lapse(change: Change, account: str) -> None:
    """Which of its roles a proposal was made by is not kept: the end of any ends them all, and who
    still may proposes anew. Raises AccountRefused."""
    login = accounts.one(change.connection, account).login
    for lapsed in account_changes.lapse_of(change.connection, account, change.now_us):
        change.tell("account.lapse", lapsed.account, lapsed.id)
    for key in changes.lapse_of(change.connection, login, change.now_us):
        change.tell("change.lapse", key)
