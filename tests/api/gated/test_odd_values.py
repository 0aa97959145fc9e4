"""Values that no page sends: refused in words, never an error of the server."""

from __future__ import annotations

from typing import Any

import pytest

from .conftest import Watch

DAY = "2026-01-01"
ROLE = {"role": "grid_worker", "unit": ""}
KEY = {
    "name": "sensor", "actions": ["intake.write"], "unit": "", "expires": "2027-06-01T00:00:00Z",
}  # fmt: skip


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/keys", KEY),
        ("/users", {"login": "new.one", "name": "新人", "roles": [ROLE]}),
        (
            "/units/x",
            {"tier": "village", "parent": "", "name_zh": "村", "valid_from": "2026-01-01"},
        ),
    ],
)
def test_a_unit_without_a_code_is_refused(watch: Watch, path: str, body: dict[str, Any]) -> None:
    administrator = watch.browser("administrator", "platform")
    send = administrator.put if path.startswith("/units") else administrator.post
    answer = send(path, json=body)
    assert answer.status_code in (403, 422), answer.text
    assert answer.json()["detail"]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("DELETE", "/outages/%F4%8B%9F%91"),
        ("DELETE", "/geofences/%F4%8B%9F%91?why=over"),
        ("POST", "/reviews/%F4%8B%9F%91"),
        ("POST", "/changes/%F4%8B%9F%91/decision"),
        ("DELETE", "/changes/%F4%8B%9F%91"),
    ],
)
def test_an_id_that_no_thing_can_have_is_not_found(watch: Watch, method: str, path: str) -> None:
    """A letter of no alphabet, U+10B7D1."""
    lead = watch.browser("watch_lead")
    watch.sign_policies()
    body = {"agree": True, "note": "seen"} if method == "POST" else None
    answer = lead.request(method, path, json=body)
    assert answer.status_code == 404, answer.text
