"""`/alert-load`, and shelves where nobody signs in."""

from __future__ import annotations

import uuid

import httpx

from littoral.api.wire import iso
from littoral.store.clock import clock_us

from .shore import Shore
from .test_resources import API, get

HOUR_US = 3_600_000_000


def raise_apart(shore: Shore, numbers: range, **changes: object) -> None:
    """Of vessels far from each other: none has anything in common with another."""
    for n in numbers:
        things = [{"ref": f"vessel:{n}-x", "label": str(n), "mmsi": n}]
        shore.raise_alerts({"number": n, "lat": 10.0 + 0.5 * n, "things": things, **changes})


def test_a_flood_is_more_than_ten_in_ten_minutes(shore: Shore, http: httpx.Client) -> None:
    raise_apart(shore, range(1, 11), end_us=None)
    load = get(http, "/alert-load")
    assert load["ten_minutes"] == {"annunciated": 10, "grouped": 0, "held": 0, "shelved": 0}
    assert (load["flood"], load["flood_above"], load["hour"]) == (False, 10, load["ten_minutes"])
    raise_apart(shore, range(11, 12), priority=2)
    raise_apart(shore, range(12, 13), held_by="receiver:sanya", end_us=None)
    raise_apart(shore, range(13, 14), priority=5)
    load = get(http, "/alert-load")
    assert load["ten_minutes"] == {"annunciated": 11, "grouped": 0, "held": 1, "shelved": 0}
    assert load["flood"] is True
    assert load["now"] == {
        "shelved": 0, "grouped": 0, "held": [{"cause": "receiver:sanya", "count": 1}],
    }  # fmt: skip
    assert len(load["history"]) == 144
    last = load["history"][-1]
    assert (last["annunciated"], last["most_urgent"]) == (11, 2)
    assert sum(slot["annunciated"] for slot in load["history"]) == 11
    assert load["desks"] == []


def test_the_one_operator_sets_a_class_aside_alone(shore: Shore, http: httpx.Client) -> None:
    raise_apart(shore, range(1, 3), end_us=None)
    wanted = {
        "id": str(uuid.uuid4()), "rule": "encounter", "kind": "encounter",
        "until": iso(clock_us() + HOUR_US), "reason": "survey",
    }  # fmt: skip
    made = http.post(f"{API}/shelves", json=wanted)
    assert (made.status_code, made.json()["holds"]) == (201, 2), made.text
    assert get(http, "/alert-load")["now"]["shelved"] == 2
    assert http.delete(f"{API}/shelves/{wanted['id']}").status_code == 204
    assert get(http, "/alerts", shelved=True)["items"] == []
