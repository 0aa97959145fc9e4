"""The figures of load, as `/alert-load` gives them and a handover keeps them."""

from __future__ import annotations

from typing import Any

from sqlalchemy.engine import Connection

from littoral.api.wire import iso
from littoral.store import alert_calls
from littoral.store.alert_calls import FLOOD, SLOT_US

HOUR_US = 3_600_000_000


def load_json(connection: Connection, now_us: int) -> dict[str, Any]:
    """As `LoadModel`, without its desks and history."""
    ten = alert_calls.counted(connection, now_us - SLOT_US, now_us)
    hour = alert_calls.counted(connection, now_us - HOUR_US, now_us)
    shelved, grouped = alert_calls.aside_now(connection)
    held = alert_calls.held_now(connection)
    return {
        "at": iso(now_us),
        "ten_minutes": ten,
        "hour": hour,
        "flood": ten[alert_calls.ANNUNCIATED] > FLOOD,
        "flood_above": FLOOD,
        "now": {
            "shelved": shelved,
            "grouped": grouped,
            "held": [{"cause": cause, "count": n} for cause, n in held.items()],
        },
    }
