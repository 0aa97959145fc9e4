"""Positions of TAK devices, end to end: pytak, another's TAK client, over TLS with a certificate,
to `littoral tak` in a process of its own, to a server with sign-in."""

from __future__ import annotations

import asyncio
import configparser
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytak
import pytest

from littoral.cli import main
from tests.link.test_tls import Authority

from .conftest import Watch
from .test_incidents import reported
from .test_tasks import added, assigned, done

HAIKOU = "460100"
WAIT_S = 30.0


def key_of(watch: Watch, tmp_path: Path, *actions: str) -> Path:
    watch.enter("watch_officer", "coast_guard", HAIKOU)
    now_us = watch.gate.people.base.now_us()
    written, _ = watch.gate.people.directory.create_key(
        "tak", list(actions), HAIKOU, f"coast_guard-{HAIKOU}", now_us + 86_400_000_000, "test"
    )
    path = tmp_path / "key"
    path.write_text(written)
    return path


@contextmanager
def bridge(*arguments: str) -> Iterator[tuple[int, subprocess.Popen[str]]]:
    """The port at which devices connect."""
    process = subprocess.Popen(
        [sys.executable, "-m", "littoral.cli", "tak", *arguments],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    try:
        line = process.stdout.readline()
        assert line.startswith("TAK devices: "), (line, process.stderr and process.stderr.read())
        yield int(line.rpartition(":")[2]), process
    finally:
        process.terminate()
        process.wait(20)


def sent(port: int, ours: Authority, *events: bytes) -> None:
    """By pytak, which shows a certificate and checks ours."""
    certificate = str(ours.issue("127.0.0.1", days=2))
    config = configparser.ConfigParser()
    config["device"] = {
        "COT_URL": f"tls://127.0.0.1:{port}", "PYTAK_TLS_CLIENT_CERT": certificate,
        "PYTAK_TLS_CLIENT_KEY": certificate, "PYTAK_TLS_CLIENT_CAFILE": str(ours.file),
        "PYTAK_TLS_SERVER_EXPECTED_HOSTNAME": "127.0.0.1",
    }  # fmt: skip

    async def send() -> None:
        section = config["device"]
        reader, writer = await pytak.protocol_factory(section)
        worker = pytak.TXWorker(asyncio.Queue(), section, writer)
        for event in events:
            await worker.handle_data(event)
        await worker.handle_data(pytak.gen_cot(uid="device", cot_type="t-x-c-t"))
        answer = await asyncio.wait_for(reader.readuntil(b"</event>"), WAIT_S)
        assert b'type="t-x-c-t-r"' in answer  # all before the ping was read
        writer.close()

    asyncio.run(send())


def until(browser: httpx.Client, responder: str, fits: Callable[[dict], bool]) -> dict:
    deadline = time.monotonic() + WAIT_S
    while time.monotonic() < deadline:
        items = browser.get("/responders").json()["items"]
        found = next(i for i in items if i["id"] == responder)
        if fits(found):
            return found
        time.sleep(0.2)
    raise AssertionError(f"not in time: {found}")


def test_where_a_boat_and_a_team_on_its_task_are(watch: Watch, tmp_path: Path) -> None:
    guard = watch.browser("watch_lead", "coast_guard", unit=HAIKOU)
    boat = added(guard, tak_uid="ANDROID-1")["id"]
    team = added(guard, "登陆组", kind="team", tak_uid="ANDROID-2", speed_kn=None, mmsi=None)["id"]
    key = key_of(watch, tmp_path, "responder.report")
    ours = Authority(tmp_path, "ours")

    def at(uid: str, lat: float) -> bytes:
        return pytak.gen_cot(lat=lat, lon=110.5, ce=10, uid=uid, cot_type="a-f-G-U-C", stale=60)

    with bridge(
        "--server", watch.url, "--key-file", str(key), "--listen", "tls:127.0.0.1:0",
        "--certificate", str(ours.issue("127.0.0.1")), "--authority", str(ours.file),
    ) as (port, process):  # fmt: skip
        sent(port, ours, at("ANDROID-2", 20.2), at("stranger", 20.3), at("ANDROID-1", 20.1))
        shown = until(guard, boat, lambda r: r["position"] is not None)
        assert (shown["position"]["lon"], shown["position"]["lat"]) == (110.5, 20.1)
        assert shown["position"]["source"] == "device"
        # Where people are is not taken without a task; on one it is.
        assert until(guard, team, lambda r: True)["position"] is None
        incident = reported(guard, area=HAIKOU)["id"]
        task = assigned(guard, incident, team)["id"]
        assert done(guard, task, "accept").status_code == 200
        time.sleep(5.0)  # between two positions of one device
        sent(port, ours, at("ANDROID-2", 20.25))
        shown = until(guard, team, lambda r: r["position"] is not None)
        assert shown["position"]["lat"] == 20.25
        process.terminate()
        out, _ = process.communicate(timeout=20)
    assert "the device is no responder's: 1" in out
    assert "A position is taken during a task only.: 1" in out


def test_a_device_without_a_certificate_of_ours_is_not_heard(watch: Watch, tmp_path: Path) -> None:
    key = key_of(watch, tmp_path, "responder.report")
    ours, others = Authority(tmp_path, "ours"), Authority(tmp_path, "others")
    others.file = ours.file  # it trusts us; we do not trust it
    with (
        bridge(
            "--server", watch.url, "--key-file", str(key), "--listen", "tls:127.0.0.1:0",
            "--certificate", str(ours.issue("127.0.0.1")), "--authority", str(ours.file),
        ) as (port, process),
        pytest.raises((OSError, asyncio.IncompleteReadError)),
    ):  # fmt: skip
        sent(port, others, pytak.gen_cot(lat=20.1, lon=110.5, uid="ANDROID-1"))
    out, _ = process.communicate(timeout=20)
    assert "heard 0 positions" in out


def test_a_key_that_may_not_is_refused_by_the_server(watch: Watch, tmp_path: Path) -> None:
    added(watch.browser("watch_lead", "coast_guard", unit=HAIKOU), tak_uid="ANDROID-1")
    key = key_of(watch, tmp_path, "unit.read")
    with bridge("--server", watch.url, "--key-file", str(key), "--listen", "127.0.0.1:0") as (
        port,
        process,
    ):

        async def send() -> None:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(pytak.gen_cot(lat=20.1, lon=110.5, uid="ANDROID-1", cot_type="a-f-S"))
            await writer.drain()
            writer.close()

        asyncio.run(send())
        deadline = time.monotonic() + WAIT_S
        while not any(e.verdict == "deny" for e in watch.logged()):
            assert time.monotonic() < deadline
            time.sleep(0.2)
        process.terminate()
        out, _ = process.communicate(timeout=20)
    assert "sent 0" in out
    assert "not taken, 403" in out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "give --listen or --connect"),
        (("--listen", "0.0.0.0:8087"), "write tls: before it"),
        (("--listen", "tls:0.0.0.0:8089"), "give --certificate and --authority too"),
        (("--listen", "127.0.0.1:x"), "write host:port"),
    ],
)
def test_what_cannot_be_used_is_named(
    arguments: tuple[str, ...], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "key").write_text("lit_x")
    given = ("tak", "--server", "https://watch.example", "--key-file", str(tmp_path / "key"))
    assert main([*given, *arguments]) == 2
    assert said in capsys.readouterr().err
