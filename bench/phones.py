"""Thousands of phones that sync within one minute, the server killed once in the middle.

    python -m bench.phones [--quick] [--phones=N] [--within=SECONDS]

A real `littoral serve --tls` with sign-in, policies, log and vault; phones in one other process
(bench/_phones_many.py), each with a TLS connection of its own and the client of the protocol that
the tests of contracts/sync run (littoral.sim.phone): a report, a photo of 200 kB that goes into
evidence custody, and what its user may have. All on the same two cores; the share of
the driver is shown. Accounts, open sessions and the server's certificate are made before the clock
starts. Halfway the server is killed (SIGKILL) and started again at once; phones go by the
protocol's back-off. Meanwhile twenty people sign in with a password over the same TLS, spread over
the minute; one who comes while the server is away tries again every quarter of a second.

A phone's time is from its first attempt until the server has taken report and photo and the phone
has what it may have. At the end the records are looked at: each report and each photo once, and
each photo in the vault.
"""

from __future__ import annotations

import http.client
import json
import os
import ssl
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import psutil
import sqlalchemy as sa

from bench._harness import QUICK, report, row
from bench._phones_people import NAME, PASSWORD, prepare
from bench._serve import API, Server, free_port
from littoral.cli.sign_in import gate_over
from littoral.store.incidents import incidents
from littoral.store.records import Records
from littoral.store.sync.tables import sync_records
from littoral.store.vault import tables as vault_tables


def option(name: str, usual: int) -> int:
    given = [int(a.partition("=")[2]) for a in sys.argv if a.startswith(f"--{name}=")]
    return given[0] if given else usual


PHONES = option("phones", 200 if QUICK else 9_919)
WITHIN_S = option("within", 20 if QUICK else 60)
SIGN_INS = 5 if QUICK else 20
UNTIL_S = max(120.0, 4.0 * WITHIN_S)  # after the beginning: what is not done then is lost here
BOUND_S, SIGN_IN_S = 10.0, 2.0
PEER = "CHT calls under 3 minutes satisfying"


@dataclass
class SignIn:
    first_s: float
    done_s: float = 0.0
    status: int = 0


@dataclass(eq=False)
class People(threading.Thread):
    """Each signs in once, at its moment, over a connection of its own."""

    port: int
    trusted: ssl.SSLContext
    logins: list[str]
    begin_s: float
    made: list[SignIn] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(name="people")

    def run(self) -> None:
        threads = []
        for n, login in enumerate(self.logins):
            at_s = self.begin_s + WITHIN_S * (n + 0.5) / len(self.logins)
            time.sleep(max(0.0, at_s - time.time()))
            one = SignIn(time.time())
            self.made.append(one)
            threads.append(threading.Thread(target=self.sign_in, args=(login, one)))
            threads[-1].start()
        for thread in threads:
            thread.join()

    def sign_in(self, login: str, one: SignIn) -> None:
        body = json.dumps({"login": login, "password": PASSWORD})
        headers = {
            "content-type": "application/json", "x-littoral-request": "1",
            "host": f"{NAME}:{self.port}",
        }  # fmt: skip
        while time.time() < self.begin_s + UNTIL_S:
            line = http.client.HTTPSConnection(
                "127.0.0.1", self.port, timeout=60, context=self.trusted
            )
            try:
                line.request("POST", API + "/session", body, headers)
                answer = line.getresponse()
                answer.read()
                one.status, one.done_s = answer.status, time.time()
                if answer.status != 503:
                    return
            except (OSError, http.client.HTTPException):
                pass
            finally:
                line.close()
            time.sleep(0.25)


def started(data: Path, tls_port: int, cookie: str) -> Server:
    return Server(data, "--tls", f"127.0.0.1:{tls_port}", cookie=cookie)


def measure(folder: Path) -> dict[str, Any]:
    data = folder / "data"
    data.mkdir()
    began = time.monotonic()
    crowd = prepare(data, PHONES, SIGN_INS)
    prepared_s = time.monotonic() - began
    (folder / "crowd.json").write_text(json.dumps(crowd.cookies))
    trusted = ssl.create_default_context(cafile=crowd.authority)
    tls_port = free_port()
    server = started(data, tls_port, crowd.watching)
    driver = None
    try:
        server.wait()
        begin_s = time.time() + 3.0 + PHONES / 2_000
        driver = subprocess.Popen(
            [
                sys.executable, "-m", "bench._phones_many", "--port", str(tls_port),
                "--authority", str(crowd.authority), "--crowd", str(folder / "crowd.json"),
                "--begin", str(begin_s), "--within", str(WITHIN_S), "--until", str(UNTIL_S),
                "--log", str(folder / "phones.json"),
            ]
        )  # fmt: skip
        people = People(tls_port, trusted, crowd.logins, begin_s)
        people.start()
        time.sleep(max(0.0, begin_s - time.time()))
        driving = psutil.Process(driver.pid)
        cpu_of_driver = cpu_s(driving)
        first = psutil.Process(server.process.pid)
        cpu_of_server = -cpu_s(first)
        time.sleep(max(0.0, begin_s + WITHIN_S / 2 - time.time()))
        cpu_of_server += cpu_s(first)
        killed_s = time.time()
        server.kill()
        server = started(data, tls_port, crowd.watching)
        server.wait()
        back_s = time.time()
        second = psutil.Process(server.process.pid)
        marks = [(time.time(), cpu_s(second), cpu_s(driving))]
        while driver.poll() is None:
            try:
                marks.append((time.time(), cpu_s(second), cpu_s(driving)))
            except psutil.NoSuchProcess:
                break
            time.sleep(0.2)
        if driver.returncode:
            raise RuntimeError(f"the phones ended with {driver.returncode}\n{server.said()}")
        people.join()
        ended_s, of_second, of_driver = marks[-1]
        resident = second.memory_info().rss
        server.stop()
    finally:
        for running in (driver, server.process):
            if running is not None and running.poll() is None:
                running.kill()
                running.wait()
    seconds = ended_s - begin_s
    return {
        "phones": orjson.loads((folder / "phones.json").read_bytes()), "people": people.made,
        "begin_s": begin_s, "killed_s": killed_s, "back_s": back_s, "seconds": seconds,
        "server": (cpu_of_server + of_second) / seconds,
        "driver": (of_driver - cpu_of_driver) / seconds,
        "resident": resident, "prepared_s": prepared_s, "kept": kept(data),
    }  # fmt: skip


def cpu_s(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


def kept(data: Path) -> dict[str, Any]:
    """What the records and the vault hold once the server has stopped."""
    s = sync_records.c
    with (
        Records.open(f"sqlite:///{data / 'records.sqlite'}") as records,
        gate_over(data, records) as gate,
    ):
        with records.database.read() as connection:
            reports = [r.id for r in connection.execute(sa.select(incidents.c.id))]
            files = [
                (r.id, r.fields["sha256"], r.answer["status"])
                for r in connection.execute(
                    sa.select(s.id, s.fields, s.answer).where(s.kind == "incident.file")
                )
            ]
        with gate.trust.vault.db.read() as connection:
            query = sa.select(sa.func.count()).select_from(vault_tables.evidence)
            evidence = int(connection.execute(query).scalar_one())
    return {"reports": reports, "files": files, "evidence": evidence}


def main() -> int:
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory(prefix="littoral-phones-") as name:
        got = measure(Path(name))
    phones: list[dict[str, Any]] = got["phones"]
    held = got["kept"]
    whole = [p for p in phones if p["done_s"] and p["sent"] == 2]
    through = {p["report"] for p in whole}
    reports, taken = held["reports"], [f for f in held["files"] if f[2] == "taken"]
    away = (got["killed_s"], got["back_s"])
    for one in got["people"]:
        one.done_s = one.done_s if one.status == 200 else np.inf
    calm = [p for p in got["people"] if not away[0] - SIGN_IN_S <= p.first_s <= away[1]]
    within = [p for p in got["people"] if p not in calm]
    for one in [p for p in phones if p["report"] not in through][:5]:
        print(f"not done after {one['attempts']} attempts: {one['codes']} {one['said']}")
    ready_s = np.sort([p["done_s"] - got["begin_s"] for p in whole])

    every = np.sort(
        [p["done_s"] - p["first_s"] if p["report"] in through else np.inf for p in phones]
    )

    def share(percent: float) -> float | None:
        """None: that one never came to an end."""
        found = float(every[int(np.ceil(percent / 100 * len(every))) - 1])
        return found if np.isfinite(found) else None

    p99 = share(99)
    rows = [
        row("phones", len(phones), ""),
        row("phones come within", WITHIN_S, "s"),
        row("phones that got all through", len(whole), "", at_least=len(phones)),
        row("reports lost", len({p["report"] for p in phones} - set(reports)), "", at_most=0),
        row("photos lost", len({p["file"] for p in phones} - {f[0] for f in taken}), "",
            at_most=0),
        row("incidents beyond one a phone", max(0, len(reports) - len(phones)), "", at_most=0),
        row("photos beyond one a phone", held["evidence"] - len(phones), "", at_most=0),
        row("from the first attempt, p50", share(50), "s"),
        row("from the first attempt, p99", p99, "s", at_most=BOUND_S, peer=PEER),
        row("bound against it", None if p99 is None else BOUND_S / p99, "x", at_least=1.0),
        row("from the first attempt, longest", share(100), "s"),
        row("attempts of a phone, at most", max(p["attempts"] for p in phones), ""),
        row("all through after", float(ready_s[-1]) if len(whole) == len(phones) else None, "s"),
        row("phones a second, over that time", len(whole) / got["seconds"], "1/s"),
        row("server away by the kill", away[1] - away[0], "s"),
        row("sign-ins by password", len(got["people"]), ""),
        row("sign-ins refused", sum(p.status != 200 for p in got["people"]), "", at_most=0),
        row("sign-in while the server is there, longest",
            max((p.done_s - p.first_s for p in calm), default=None), "s", at_most=SIGN_IN_S),
        row("sign-in that met the kill, longest",
            max((p.done_s - p.first_s for p in within), default=None), "s"),
        row("processor: server", got["server"], "cores"),
        row("processor: phones (the driver)", got["driver"], "cores"),
        row("driver's share", got["driver"] / (got["driver"] + got["server"]), ""),
        row("resident memory of the server, at the end", got["resident"] / 2**30, "GiB"),
        row("accounts and sessions written before", got["prepared_s"], "s"),
        row("load average of a minute, before", load, "1"),
    ]  # fmt: skip
    return report("phones", rows)


if __name__ == "__main__":
    sys.exit(main())
