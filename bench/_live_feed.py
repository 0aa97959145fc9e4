"""The sender of the live bench, in a process of its own: a fleet and events over one TCP line.

The first `--warm` seconds of the stream go as fast as they are taken; once the server has caught
up, the rest goes message by message when its time has come. The log holds, for every piece sent:
the wall clock before sending, the lines sent so far, the event time of the piece's last message.
"""

from __future__ import annotations

import argparse
import http.client
import json
import socket
import time
from pathlib import Path

import numpy as np

from bench._live_events import CALL, all_rows, events, wrong_ship
from littoral.sim import tracks
from littoral.sim.encode import encode
from littoral.sim.lines import START_US
from littoral.sim.rows import STATION_BYTES, TEXT_BYTES, ascii_rows

VESSELS = 19_000
TICK_S = 0.01
PIECE = 100_000


def make(rate: float, warm_s: float, live_s: float, share: float, seed: int):
    """Times (messages,), ends (messages,), lines up to each message (messages,), all bytes."""
    fleet = tracks.make_fleet(VESSELS, seed)
    cycle = tracks.make_cycle(fleet, seed)
    extra = events(warm_s + 2.0, warm_s + live_s - 3.0, len(fleet.ships), share, seed)
    planted = all_rows(extra, warm_s + live_s)
    planted["t_us"] += START_US
    total_s = warm_s + live_s
    fleet_rate = rate - len(planted) / total_s
    cycle_us = len(cycle.phase) / fleet_rate * 1e6
    base = tracks.reports(fleet, cycle, 0, int(fleet_rate * total_s), START_US, cycle_us, seed)
    rows = np.concatenate([base, planted])
    rows = rows[np.argsort(rows["t_us"], kind="stable")]
    ships = np.concatenate([fleet.ships, wrong_ship()])
    stations = ascii_rows(extra.stations, STATION_BYTES)
    texts = ascii_rows([CALL], TEXT_BYTES)
    parts, ends, lines, size = [], [], [], 0
    for at in range(0, len(rows), PIECE):
        made = encode(rows[at : at + PIECE], ships, stations, texts, milliseconds=True)
        parts.append(made.data.tobytes())
        ends.append(made.ends + size)
        lines.append(made.lines)
        size += len(parts[-1])
    upto = np.cumsum(np.concatenate(lines))
    return rows["t_us"].copy(), np.concatenate(ends), upto, b"".join(parts)


def wait_until_read(page: int, cookie: str) -> None:
    """Until the engine has taken in what was sent."""
    for _ in range(1200):
        connection = http.client.HTTPConnection("127.0.0.1", page, timeout=30)
        headers = {"cookie": cookie} if cookie else {}
        connection.request("GET", "/api/v1/health", headers=headers)
        counts = json.loads(connection.getresponse().read())["counts"]
        connection.close()
        if counts["lines"] and counts["behind_bytes"] == 0:
            return
        time.sleep(0.1)
    raise RuntimeError("the server did not catch up within two minutes")


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--port", type=int, required=True)
    p.add_argument("--page", type=int, required=True, help="the server's HTTP port")
    p.add_argument("--rate", type=float, required=True, help="messages a second")
    p.add_argument("--warm", type=float, required=True)
    p.add_argument("--live", type=float, required=True)
    p.add_argument("--share", type=float, required=True)
    p.add_argument("--seed", type=int, required=True)
    p.add_argument("--log", type=Path, required=True)
    p.add_argument("--cookie", default="", help="of a session, where the server has sign-in")
    a = p.parse_args()
    times, ends, upto, data = make(a.rate, a.warm, a.live, a.share, a.seed)
    view = memoryview(data)
    log: list[tuple[int, int, int]] = []
    at = int(np.searchsorted(times, START_US + int(a.warm * 1e6)))
    with socket.create_connection(("127.0.0.1", a.port)) as line:
        log.append((time.time_ns() // 1000, int(upto[at - 1]), int(times[at - 1])))
        line.sendall(view[: ends[at - 1]])
        wait_until_read(a.page, a.cookie)
        began = time.monotonic()
        live_us = time.time_ns() // 1000
        while at < len(times):
            passed_us = int((time.monotonic() - began) * 1e6)
            until = int(np.searchsorted(times, START_US + int(a.warm * 1e6) + passed_us, "right"))
            if until > at:
                log.append((time.time_ns() // 1000, int(upto[until - 1]), int(times[until - 1])))
                line.sendall(view[ends[at - 1] : ends[until - 1]])
                at = until
            time.sleep(TICK_S)
        seconds = time.monotonic() - began
        wait_until_read(a.page, a.cookie)
        time.sleep(1.5)  # what is on its way to the client arrives
    np.savez(
        a.log, sent=np.array(log, np.int64), live_us=live_us, seconds=seconds,
        messages=len(times), lines=int(upto[-1]), live_messages=int(np.sum(times >= log[1][2])),
    )  # fmt: skip


if __name__ == "__main__":
    main()
