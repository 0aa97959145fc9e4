"""Who takes over an incident that is being handed over, and what the new desk sees."""

from __future__ import annotations

from .conftest import Watch
from .test_incidents import HAIKOU, SANYA, ids, reported, stepped


def test_the_unit_that_is_asked_alone_takes_over_or_declines(watch: Watch) -> None:
    haikou = watch.browser("watch_lead", unit=HAIKOU)
    others = [
        watch.browser("watch_lead"),  # the province's, around both
        watch.browser("agency_lead", "customs", unit=HAIKOU),
        watch.browser("agency_lead", "customs", unit="460300"),
    ]
    key = reported(haikou)["id"]
    assert stepped(haikou, key, "join", agency="customs").status_code == 200
    assert stepped(haikou, key, "transfer", to=SANYA, reason="it went south").status_code == 200
    for step in ("take_over", "decline"):
        for other in (haikou, *others):
            assert stepped(other, key, step, reason="ours").status_code == 403
    assert stepped(watch.browser("watch_lead", unit=SANYA), key, "take_over").status_code == 200


def test_who_has_taken_over_sees_and_handles_it(watch: Watch) -> None:
    haikou = watch.browser("watch_lead", unit=HAIKOU)
    sanya = watch.browser("watch_lead", unit=SANYA)
    key = reported(haikou)["id"]
    assert stepped(haikou, key, "transfer", to=SANYA, reason="it went south").status_code == 200
    assert stepped(sanya, key, "take_over").status_code == 200
    assert key in ids(sanya)
    for kind, more in (
        ("dispatch", {}), ("begin", {}), ("feed_back", {"reason": "found"}), ("verify", {}),
        ("close", {"outcome": "done"}),
    ):  # fmt: skip
        answer = stepped(sanya, key, kind, **more)
        assert answer.status_code == 200, answer.text
