"""How often the records are asked for what a desk does in a hurry. A ratchet: each statement costs,
and whoever writes to the records keeps others waiting."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from .conftest import Watch
from .test_incidents import HAIKOU, reported
from .test_sync import phone
from .test_tasks import added, assigned


@contextmanager
def asked_of_records() -> Iterator[list[str]]:
    """The statements that routes run meanwhile, without those of threads that run beside them."""
    found: list[str] = []

    def told(_c: Any, _k: Any, statement: str, _v: Any, _x: Any, _m: Any) -> None:
        if threading.current_thread().name.startswith("AnyIO") and "BEGIN" not in statement:
            found.append(statement)

    sa.event.listen(Engine, "before_cursor_execute", told)
    try:
        yield found
    finally:
        sa.event.remove(Engine, "before_cursor_execute", told)


def test_a_report_and_an_assignment_ask_little(watch: Watch) -> None:
    lead = watch.browser("watch_lead", unit=HAIKOU)
    boat = added(watch.browser("watch_lead", "coast_guard", unit=HAIKOU))["id"]
    reported(lead, area=HAIKOU)  # what is read once in half a minute is read
    with asked_of_records() as to_report:
        key = reported(lead, area=HAIKOU)["id"]
    with asked_of_records() as to_assign:
        assigned(lead, key, boat)
    assert 0 < len(to_report) <= 15, to_report
    assert 0 < len(to_assign) <= 31, to_assign
    # Whether the policies are in force, once for each; who asks is read anew for each.
    for about in ("FROM settings", "FROM sessions", "FROM accounts", "FROM memberships"):
        assert [sum(about in s for s in each) for each in (to_report, to_assign)] == [1, 1], about


def test_what_a_phone_may_have_asks_for_the_policies_once(watch: Watch) -> None:
    lead = watch.browser("watch_lead", unit=HAIKOU)
    for _ in range(5):
        reported(lead, area=HAIKOU)
    held = phone(lead)
    with asked_of_records() as asked:
        held.pull()
    assert len(held.items) == 5
    assert sum("FROM settings" in s for s in asked) == 1
