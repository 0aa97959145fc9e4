"""Sends the simulated coast to an AIVDM listener over TCP, in a process of its own.

`python -m littoral.sim.feed --host 127.0.0.1 --port 4001 --start 2026-08-15T12:00:00Z --hours 24
--speed 10`: first the history as fast as the listener takes it (TCP holds the sender back), then on
from there at `speed` simulated seconds a second. Event times are in the tag blocks (`c:`,
milliseconds). Progress goes to standard error as JSON lines. When the listener goes away the feed
connects again and repeats the last lines, since what was still on its way is lost with the
connection. SIGTERM and SIGINT end it with exit code 0.
"""

from __future__ import annotations

import argparse
import json
import signal
import socket
import sys
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

import numpy as np

import littoral.area
from littoral.area.coast import Coast
from littoral.sim import traffic
from littoral.sim.encode import encode
from littoral.sim.rows import STATION_BYTES, TEXT_BYTES, ascii_rows

REPEAT_BYTES = 4_000_000  # what may be on its way: both ends' socket buffers and some more
REPEAT_US = 10_000_000  # live: the last ten simulated seconds are enough
TICK_S = 0.05
RETRY_S = 0.5
PROGRESS_S = 1.0


class Ended(Exception):
    """A signal asked the feed to end."""


def region_coast(region: str = "hainan") -> Coast:
    return Coast.load(Path(littoral.area.__file__).parent / "data" / region)


def say(**facts: object) -> None:
    print(json.dumps(facts), file=sys.stderr, flush=True)


@dataclass(slots=True)
class Sender:
    """A connection that comes back. Counts are of first sendings."""

    host: str
    port: int
    keep_bytes: int = REPEAT_BYTES
    sock: socket.socket | None = None
    recent: deque[tuple[int, bytes]] = field(default_factory=deque)
    recent_bytes: int = 0
    live: bool = False
    reconnects: int = 0

    def send(self, t_us: int, data: bytes) -> None:
        """Send `data` (whole lines up to event time `t_us`); waits for the listener as long as it
        takes."""
        self.recent.append((t_us, data))
        self.recent_bytes += len(data)
        while len(self.recent) > 1 and self._old(t_us):
            self.recent_bytes -= len(self.recent.popleft()[1])
        try:
            self._connected().sendall(data)
        except OSError:
            self._again()

    def _old(self, t_us: int) -> bool:
        if self.live and self.recent[0][0] < t_us - REPEAT_US:
            return True
        return self.recent_bytes - len(self.recent[0][1]) > self.keep_bytes

    def _again(self) -> None:
        """Connect anew and repeat what is kept, until that succeeds."""
        while True:
            self.close()
            self.reconnects += 1
            try:
                sock = self._connected()
                for _, data in self.recent:
                    sock.sendall(data)
                return
            except OSError:
                time.sleep(RETRY_S)

    def _connected(self) -> socket.socket:
        first = True
        while self.sock is None:
            try:
                self.sock = socket.create_connection((self.host, self.port), timeout=None)
            except OSError as error:
                if first:
                    say(event="waiting", host=self.host, port=self.port, why=str(error))
                first = False
                time.sleep(RETRY_S)
        return self.sock

    def close(self) -> None:
        if self.sock is not None:
            self.sock.close()
            self.sock = None


def lines_of(world: traffic.Traffic) -> Iterator[tuple[np.ndarray, np.ndarray, bytes, int]]:
    """Minute by minute: event times (m,), ends (m,) of the messages' lines, the lines, their
    number."""
    stations = ascii_rows(list(world.receivers.names), STATION_BYTES)
    texts = ascii_rows(world.texts, TEXT_BYTES)
    while True:
        rows = world.block()
        encoded = encode(rows, world.ships, stations, texts)
        yield rows["t_us"], encoded.ends, encoded.data.tobytes(), int(encoded.lines.sum())


def run(
    world: traffic.Traffic, sender: Sender, live_from_us: int, speed: float, minutes: float | None
) -> None:
    """Send for ever, or for `minutes` of real time once the history is sent."""
    began = time.monotonic()
    told = began
    sent_lines = 0
    live_began: float | None = None
    for times, ends, data, lines in lines_of(world):
        now_us = world.now_us
        if now_us <= live_from_us:
            sender.send(now_us, data)
        else:
            if live_began is None:
                live_began = time.monotonic()
                sender.live = True
                say(event="history_sent", lines=sent_lines, seconds=round(live_began - began, 3))
            if not _paced(sender, times, ends, data, live_began, live_from_us, speed, minutes):
                break
        sent_lines += lines
        if time.monotonic() - told >= PROGRESS_S:
            told = time.monotonic()
            share = (now_us - world.start_us) / max(1, live_from_us - world.start_us)
            say(
                event="progress",
                mode="history" if live_began is None else "live",
                event_time=str(np.datetime64(now_us // 1000, "ms")) + "Z",
                progress=round(min(1.0, share), 4),
                lines=sent_lines,
                reconnects=sender.reconnects,
            )
    say(event="done", lines=sent_lines, seconds=round(time.monotonic() - began, 3))


def _paced(
    sender: Sender,
    times: np.ndarray,
    ends: np.ndarray,
    data: bytes,
    began: float,
    live_from_us: int,
    speed: float,
    minutes: float | None,
) -> bool:
    """One minute of lines, each when its time has come; False when `minutes` are over."""
    at = 0
    while at < len(times):
        passed_s = time.monotonic() - began
        if minutes is not None and passed_s > 60.0 * minutes:
            return False
        due_us = live_from_us + int(passed_s * speed * 1e6)
        until = int(np.searchsorted(times, due_us, "right"))
        if until > at:
            first = int(ends[at - 1]) if at else 0
            sender.send(int(times[until - 1]), data[first : int(ends[until - 1])])
            at = until
        else:
            time.sleep(TICK_S)
    return True


def _parse(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m littoral.sim.feed", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--start", default="2026-08-15T12:00:00Z", help="begin of history, UTC")
    parser.add_argument("--hours", type=float, default=24.0, help="hours of history")
    parser.add_argument(
        "--speed",
        "--then-live-speed",
        dest="speed",
        type=float,
        default=10.0,
        help="simulated seconds a second after the history",
    )
    parser.add_argument("--minutes", type=float, help="end after so many minutes of the live part")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--vessels", type=int, default=2_500)
    parser.add_argument("--beacons", type=int, default=0, help="net beacons")
    parser.add_argument("--density", type=float, default=traffic.Settings().density)
    parser.add_argument("--no-planted", action="store_true", help="background traffic alone")
    parser.add_argument("--truth", type=Path, help="write the planted events here (JSON) first")
    return parser.parse_args(arguments)


def main(arguments: list[str] | None = None) -> int:
    a = _parse(arguments)

    def end(signum: int, frame: FrameType | None) -> None:
        raise Ended

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    start_us = int(np.datetime64(a.start.rstrip("Z"), "us").astype("int64"))
    history_us = round(a.hours * 60) * traffic.BLOCK_US
    sender = Sender(a.host, a.port)
    try:
        settings = traffic.Settings(
            a.vessels,
            a.seed,
            a.density,
            planted=not a.no_planted,
            history_us=history_us,
            beacons=a.beacons,
        )
        world = traffic.start(region_coast(), start_us, settings)
        if a.truth is not None:
            from littoral.sim.truth import write_truth

            write_truth(world, a.truth)
        say(event="ready", start=a.start, hours=a.hours, seed=a.seed, vessels=len(world.states))
        run(world, sender, start_us + history_us, a.speed, a.minutes)
    except Ended:
        say(event="ended", event_time_us=sender.recent[-1][0] if sender.recent else None)
    finally:
        sender.close()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
