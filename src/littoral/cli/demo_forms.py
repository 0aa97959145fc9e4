"""The form of the demonstration: the household visit that comes with Littoral, published by the
county clerk, and what the grid worker handed in by it, sent as a phone sends it."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4
from xml.sax.saxutils import escape
from zoneinfo import ZoneInfo

import httpx

from littoral.respond.duty.wall import day_of
from littoral.respond.sync.queue import SENT
from littoral.sim.phone import Phone
from littoral.store.clock import clock_us
from littoral.store.people.ids import uuid7

FORM = "household_visit"
PURPOSE = "neighbourhood_governance"
ZONE = ZoneInfo("Asia/Shanghai")
# All are invented; no mobile number begins with 10. Days before today, and what was answered.
VISITS = (
    (2, "typhoon", "吴某七（虚构）", "10000000007", "演示镇海边 1 号 / 1 Shore Road (demo)", 3,
     "transport"),
    (1, "request", "郑某八（虚构）", "10000000008", "演示镇海边 2 号 / 2 Shore Road (demo)", 1,
     "medicine"),
)  # fmt: skip


def publish(clerk: httpx.Client) -> str:
    """`clerk`: signed in, its base the server's `/api/v1`. The id of the form that is in force.
    Raises httpx.HTTPError."""
    sheet = clerk.get(f"/forms/shipped/{FORM}").raise_for_status().content
    taken = clerk.post(
        "/forms/upload",
        content=sheet,
        params={"name": f"{FORM}.xlsx", "purpose": PURPOSE, "keep": "true"},
        headers={"content-type": "application/octet-stream"},
    ).raise_for_status()
    form: str = taken.json()["form"]["id"]
    clerk.post(f"/forms/{form}/publish", json={}).raise_for_status()
    return form


def hand_in(worker: httpx.Client, form: str) -> None:
    """Both visits. Raises httpx.HTTPError where one was not taken."""
    version = worker.get(f"/forms/{form}").raise_for_status().json()["version"]
    phone = Phone(worker, str(uuid4()), clock_us, uuid7)
    for visit in VISITS:
        phone.hand_in(form, filled(version, *visit))
    phone.sync()
    if any(record.state != SENT for record in phone.queue.values()):
        raise httpx.HTTPError(f"answers to a form: {phone.answers}")


def filled(
    version: str, days: int, reason: str, name: str, phone: str, address: str, people: int,
    need: str,
) -> bytes:  # fmt: skip
    """As the phone fills in the form: an instance of its XForm."""
    day = day_of(clock_us(), ZONE) - timedelta(days=days)
    return (
        f'<data id="{FORM}" version="{escape(version)}"><visited_on>{day}</visited_on>'
        f"<reason>{reason}</reason><at_home>yes</at_home><household>"
        f"<head_name>{escape(name)}</head_name><phone>{phone}</phone>"
        f"<address>{escape(address)}</address><people>{people}</people><needs>{need}</needs>"
        "<needs_note/></household><place/><photo/><again>no</again>"
        f"<meta><instanceID>uuid:{uuid4()}</instanceID></meta></data>"
    ).encode()
