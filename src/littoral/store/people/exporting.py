"""Units, agencies and users as Excel sheets, in the form in which `importing` takes them back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

from littoral.store.people.accounts import Account
from littoral.store.people.importing import AGENCY_COLUMNS, SHEETS, UNIT_COLUMNS, USER_COLUMNS
from littoral.store.people.organisations import Agency, Unit
from littoral.store.people.packaged import EPOCH, HAINAN_UTC_OFFSET_MIN
from littoral.store.people.sheets import write_book
from littoral.store.people.words import LOCAL

MOST = 100_000  # rows that a sheet is read back with


def units_book(units: Iterable[Unit], agencies: Iterable[Agency]) -> bytes:
    """All versions given, by code and day."""
    unit_rows = [
        (
            u.code, u.tier, u.parent or "", u.name_zh, u.name_en, _day(u.valid_from_us),
            _day(u.valid_to_us), _yes(u.synthetic),
        )
        for u in sorted(units, key=lambda u: (u.code, u.valid_from_us))
    ]  # fmt: skip
    agency_rows = [
        (
            a.code, a.kind, a.unit, a.name_zh, a.name_en, _day(a.valid_from_us),
            _day(a.valid_to_us), _yes(a.synthetic),
        )
        for a in sorted(agencies, key=lambda a: (a.code, a.valid_from_us))
    ]  # fmt: skip
    return write_book(
        {"units": (UNIT_COLUMNS, unit_rows), "agencies": (AGENCY_COLUMNS, agency_rows)}
    )


def users_book(accounts: Sequence[Account], now_us: int) -> bytes:
    """A row a role that holds now or later."""
    rows = [
        (
            account.login, account.name, account.language, m.role, m.unit, m.agency or "",
            _day(m.valid_from_us), _day(m.valid_to_us, last=True), _yes(m.source == LOCAL),
        )
        for account in accounts
        for m in account.memberships
        if m.valid_to_us is None or m.valid_to_us > now_us
    ]  # fmt: skip
    return write_book({"users": (USER_COLUMNS, rows)})


def template_book() -> bytes:
    """Empty sheets with one row each as an example."""
    return write_book(
        {key: (columns, [[c.example for c in columns]]) for key, columns in SHEETS.items()}
    )


def _day(us: int | None, last: bool = False) -> str:
    """The day in China on which it falls; with `last` the next one where it falls within a day, so
    that nobody loses a role by the rounding."""
    if us is None:
        return ""
    local = EPOCH + timedelta(microseconds=us, minutes=HAINAN_UTC_OFFSET_MIN)
    if last and local != datetime(local.year, local.month, local.day, tzinfo=UTC):
        local += timedelta(days=1)
    return local.strftime("%Y-%m-%d")


def _yes(value: bool) -> str:
    return "yes" if value else ""
