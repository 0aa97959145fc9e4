"""What a crew does carries its incident along (docs/tasks.md)."""

from __future__ import annotations

import pytest

from littoral.respond.incident.flow import KINDS
from littoral.respond.task.follow import follows

from .steps import step


@pytest.mark.parametrize(
    ("kind", "state", "others_open", "into"),
    [
        ("arrive", "dispatched", True, "begin"), ("arrive", "handling", False, None),
        ("finish", "handling", False, "feed_back"), ("finish", "handling", True, None),
        ("finish", "dispatched", False, None), ("refuse", "dispatched", False, "refuse"),
        ("refuse", "dispatched", True, None), ("refuse", "handling", False, None),
        ("cancel", "dispatched", False, "refuse"), ("accept", "dispatched", False, None),
        ("message", "dispatched", False, None),
    ],
)  # fmt: skip
def test_what_goes_with_it(kind: str, state: str, others_open: bool, into: str | None) -> None:
    given = step(kind, reason="engine", found="nine crates")
    found = follows(given, state, others_open)
    assert (None if found is None else found["kind"]) == into
    if found is not None:
        assert found["task"] == "t-1"
        assert state in KINDS[found["kind"]].states
        said = {"refuse": "engine", "feed_back": "nine crates"}.get(found["kind"])
        assert found.get("reason") == said
