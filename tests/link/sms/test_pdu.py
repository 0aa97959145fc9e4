"""Short messages against an independent decoder (smspdudecoder) and the standard's own examples."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from smspdudecoder.fields import SMSDeliver, SMSSubmit

from littoral.link.sms.pdu import ONE, PART, PduError, Received, StatusReport, read, submit

DAY = timedelta(days=1)
HAIKOU = "+8613876012345"


def decoded(text: str) -> dict:
    """By the independent decoder."""
    return SMSSubmit.decode(StringIO(text))


def test_a_page_in_chinese_is_one_message() -> None:
    text = "滨海：任务 2026-000123，海口东港，请接受。"
    (part,) = submit(HAIKOU, text, 7, DAY)
    found = decoded(part.text)
    assert found["recipient"]["number"] == HAIKOU.removeprefix("+")
    assert found["recipient"]["toa"]["ton"] == "international"
    assert found["user_data"]["data"] == text
    assert found["dcs"]["encoding"] == "ucs2"
    assert found["header"]["srr"] is True
    assert part.octets == len(part.text) // 2 - 1


@given(st.text(st.characters(codec="utf-16", exclude_categories=["Cs"]), min_size=1, max_size=400))
def test_any_text_arrives_whole_and_in_order(text: str) -> None:
    parts = submit("10086", text, 65_535, DAY)
    found = [decoded(part.text) for part in parts]
    units = [f["user_data"]["data"] for f in found]
    assert "".join(units) == text
    assert len(parts) == 1 or all(len(u.encode("utf-16-be")) <= 2 * PART for u in units)
    assert (len(parts) == 1) == (len(text.encode("utf-16-be")) <= 2 * ONE)
    if len(parts) > 1:
        headers = [f["user_data"]["header"]["elements"][0]["data"] for f in found]
        assert [h["part_number"] for h in headers] == list(range(1, len(parts) + 1))
        assert {(h["reference"], h["parts_count"]) for h in headers} == {(65_535, len(parts))}


# TS 23.040, 9.2.3.12.1: 0 to 143 (value + 1) times 5 minutes; 144 to 167 12 hours and (value -
# 143) times 30 minutes; 168 to 196 (value - 166) days; 197 to 255 (value - 192) weeks.
@pytest.mark.parametrize(
    ("keep", "value"),
    [
        (timedelta(minutes=1), 0),
        (timedelta(minutes=5), 0),
        (timedelta(minutes=6), 1),
        (timedelta(hours=12), 143),
        (timedelta(hours=12, minutes=1), 144),
        (timedelta(hours=24), 167),
        (timedelta(days=2), 168),
        (timedelta(days=30), 196),
        (timedelta(days=31), 197),
        (timedelta(weeks=63), 255),
        (timedelta(weeks=99), 255),
    ],
)
def test_how_long_the_network_tries(keep: timedelta, value: int) -> None:
    (part,) = submit("10086", "海", 0, keep)
    # 00, first, TP-MR, the address (length, kind, 3 octets), TP-PID, TP-DCS; then TP-VP.
    assert bytes.fromhex(part.text)[10] == value


@pytest.mark.parametrize(
    ("number", "text", "says"),
    [
        ("+86 138", "海", "number"),
        ("", "海", "number"),
        ("一三八", "海", "number"),
        ("12", "海", "number"),
        ("10086", "", "empty"),
        ("10086", "海" * (255 * 67 + 1), "can be sent"),
    ],
)
def test_what_cannot_be_sent_is_refused(number: str, text: str, says: str) -> None:
    with pytest.raises(PduError, match=says):
        submit(number, text, 0, DAY)


def test_a_message_that_came() -> None:
    # An example of smspdudecoder's documentation, read by both.
    text = "0791447758100650040DD0F334FC1CA6970100008080312170224008D4F29CDE0EA7D9"
    theirs = SMSDeliver.decode(StringIO(text))
    found = read(text)
    assert isinstance(found, Received)
    assert found.text == theirs["user_data"]["data"]
    # 13 half octets hold 7 characters; the other decoder also reads the three bits that fill up.
    assert found.number == theirs["sender"]["number"].rstrip("@") == "sipgate"
    at = theirs["scts"].astimezone(UTC)
    assert datetime.fromtimestamp(found.at_us / 1e6, UTC) == at


def test_an_answer_in_chinese_in_parts() -> None:
    head = "0891683108200805F0440D91683178060021F3000862119232950123"
    body = "06080412340202" + "收到".encode("utf-16-be").hex()
    found = read(head + f"{len(body) // 2:02X}" + body)
    assert found == Received("+8613876000123", found.at_us, "收到", 0x1234, 2, 2)
    assert datetime.fromtimestamp(found.at_us / 1e6, UTC) == datetime(
        2026, 11, 29, 15, 59, 10, tzinfo=UTC
    )  # 23:59:10 eight hours east, which is 32 quarters


def report(status: int) -> StatusReport:
    stamp = "62119232950123"
    found = read("0891683108200805F0062A0D91683178060021F3" + stamp * 2 + f"{status:02X}")
    assert isinstance(found, StatusReport)
    return found


# TS 23.040, 9.2.3.15.
@pytest.mark.parametrize(
    ("status", "state"),
    [(0x00, "delivered"), (0x01, "delivered"), (0x20, "trying"), (0x30, "trying"),
     (0x40, "failed"), (0x46, "failed"), (0x60, "failed"), (0x7F, "failed"), (0x03, "failed")],
)  # fmt: skip
def test_only_what_the_phone_has_is_delivered(status: int, state: str) -> None:
    found = report(status)
    assert (found.state, found.reference, found.number) == (state, 42, "+8613876000123")


@given(st.binary(max_size=200))
def test_whatever_the_modem_gives_is_a_message_or_refused(data: bytes) -> None:
    try:
        found = read(data.hex())
    except PduError:
        return
    assert isinstance(found, Received | StatusReport)
