"""A dismissal is counted, and its lot is drawn, with the dismissal itself or not at all."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any
from uuid import uuid4

import sqlalchemy as sa

from littoral.api.alerts import ActionInput, keep_action
from littoral.store import alerts
from littoral.store.changes import dismissals
from littoral.store.records import Records
from littoral.store.tables import alert_actions
from tests.store.alert_rows import alert

NOW = 1_790_000_000_000_000
MOST = 40  # words to the database; a dismissal takes fewer


def dismiss(url: str, key: str, dies_at: int) -> int:
    """In a process of its own, which dies with 9 before its n-th word to the database, or ends with
    0 where there are fewer."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    left = [dies_at]

    def step(*_: Any) -> None:
        left[0] -= 1
        if left[0] == 0:
            os._exit(9)

    try:
        with Records.open(url) as records:
            for name in ("before_cursor_execute", "commit"):
                sa.event.listen(records.database._engine, name, step)
            keep_action(records, "li", "46/police", ["46/police"], key, said())
        os._exit(0)
    finally:
        os._exit(1)  # an error: the test must not go on in the child


def said() -> ActionInput:
    return ActionInput.model_validate({"id": str(uuid4()), "action": "dismiss", "reason": "known"})


def test_killed_at_every_step_of_a_dismissal(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'records.sqlite'}"
    with Records.open(url) as records, records.database.write() as connection:
        alerts.put(connection, [alert(f"a-{n}", priority=2) for n in range(1, MOST)], NOW)
    codes: list[int] = []
    while 0 not in codes and len(codes) < MOST - 1:
        codes.append(dismiss(url, f"a-{len(codes) + 1}", len(codes) + 1))
    assert codes[-1] == 0
    assert set(codes[:-1]) == {9}
    assert len(codes) >= 8
    with Records.open(url) as records, records.database.read() as connection:
        done = connection.execute(
            sa.select(alert_actions.c.id).where(alert_actions.c.action == "dismiss")
        ).scalars()
        counted = connection.execute(sa.select(dismissals.c.action_id)).scalars()
        assert sorted(done) == sorted(counted)
        assert records.alert(f"a-{len(codes)}").alert.handling == "dismissed"


def test_sent_again_it_is_counted_once_and_its_lot_stays(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'records.sqlite'}"
    sent = said()
    with Records.open(url) as records:
        with records.database.write() as connection:
            alerts.put(connection, [alert("a-1", priority=2)], NOW)
        for _ in range(2):
            keep_action(records, "li", "46/police", ["46/police"], "a-1", sent)
        with records.database.read() as connection:
            (row,) = connection.execute(sa.select(dismissals)).all()
    assert (row.action_id, row.desk, row.who, row.review) == (str(sent.id), "46/police", "li", True)
