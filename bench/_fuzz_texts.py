"""Target: what a modem gives of text messages, and what a gateway says of them."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import orjson

from bench._fuzz_target import Differs, Target

CENTRE, STAMP = "0891683108200805F0", "62119232950123"


def texts(_: Path) -> Target:
    """Odd: a message of the modem. Even: a gateway's report. Both: a text that is sent."""
    from littoral.link.sms.gateway import Form, Gateway, GatewayError
    from littoral.link.sms.pdu import PduError, read, submit

    report = {"id": "/a/0/id", "state": "/state", "delivered": ["0"], "trying": ["1"]}
    form = Form.of({"url": "https://sms.example", "taken": "/id", "report": report})
    gateway = Gateway(form)

    def run(data: bytes) -> None:
        if data[:1] and data[0] & 1:
            read(data[1:].decode("latin-1"))
            return
        if data[1:2] and data[1] & 1:
            gateway.report(orjson.loads(data[2:]))
            return
        text = data[2:].decode("utf-8", "replace")
        parts = submit("+8613876012345", text, 7, timedelta(hours=1))
        said = b"".join(bytes.fromhex(p.text)[16 + (6 + 1) * (len(parts) > 1) :] for p in parts)
        if said.decode("utf-16-be") != text:
            raise Differs("another text is sent")

    def seeds() -> list[bytes]:
        address = "0D91683178060021F3"
        report = f"{CENTRE}062A{address}{STAMP}{STAMP}00"
        came = f"{CENTRE}44{address}0008{STAMP}0B06080412340202" + "收到".encode("utf-16-be").hex()
        seven = "0791447758100650040DD0F334FC1CA6970100008080312170224008D4F29CDE0EA7D9"
        return [
            *(b"\x01" + text.encode() for text in (report, came, seven)),
            b"\x00\x01" + orjson.dumps({"a": [{"id": 7}], "state": 0}),
            b"\x00\x00" + ("滨海：任务，请接受" * 12).encode(),
        ]

    return Target(run, (PduError, GatewayError, orjson.JSONDecodeError), seeds)
