"""Positions of devices to a Littoral server over its API: of each device the newest alone, no more
often than it is worth, by a key that may do nothing else."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import httpx

from littoral.area.geodesy import KNOT_MPS
from littoral.link.words import detail_of, why
from littoral.sense.cot import Point

API = "/api/v1"
EVERY_S = 5.0  # of one device; what comes in between is not kept
STRANGER_S = 60.0  # for so long a device that is no responder's is not asked for again
TOO_OLD_S = 7_200.0  # the server counts no older one
AHEAD_S = 60.0  # of a device's clock: more is a wrong clock
MOST = 10_000  # devices that wait or are named

log = logging.getLogger(__name__)


class ServerRefused(Exception):
    """The server takes nothing from this key; the message says what it said."""


@dataclass
class PositionsOut:
    """`client`: to the server, with the key. Used by one thread at a time but for `hear`."""

    client: httpx.Client
    clock: Callable[[], float] = time.time
    sent: int = 0
    refused: dict[str, int] = field(default_factory=dict)
    _newest: dict[str, Point] = field(default_factory=dict)
    _next_s: dict[str, float] = field(default_factory=dict)
    _strangers: set[str] = field(default_factory=set)

    def hear(self, point: Point) -> None:
        """From any thread. An older one than was heard last is passed over."""
        known = self._newest.get(point.uid)
        if known is None and len(self._newest) >= MOST:
            self._refuse("more devices than can be kept apart")
        elif known is None or point.t_us > known.t_us:
            self._newest[point.uid] = point

    def step(self) -> None:
        """Sends what is due. Raises httpx.HTTPError while the server cannot be reached: then what
        is newest waits. Raises ServerRefused where no position will ever be taken."""
        now_s = self.clock()
        self._next_s = {uid: at_s for uid, at_s in self._next_s.items() if at_s > now_s}
        for uid, point in list(self._newest.items()):
            if now_s < self._next_s.get(uid, 0.0):
                continue
            if not -AHEAD_S <= now_s - point.t_us / 1e6 <= TOO_OLD_S:
                self._refuse("its clock is wrong, or it is too old")
            else:
                self._next_s[uid] = now_s + self._send(point)
            if self._newest.get(uid) is point:
                del self._newest[uid]

    def _send(self, point: Point) -> float:
        """After how many seconds the next of this device is worth sending."""
        body = {
            "tak_uid": point.uid, "lon": point.lon_deg, "lat": point.lat_deg,
            "at": _iso(point.t_us), "cog_deg": point.cog_deg,
            "sog_kn": None if point.sog_mps is None else point.sog_mps / KNOT_MPS,
        }  # fmt: skip
        answer = self.client.post(f"{API}/device-positions", json=body)
        if answer.status_code == 404:
            self._stranger(point)
            return STRANGER_S
        if answer.status_code in (409, 422):
            self._refuse(detail_of(answer)[:200])  # of a person nothing is taken without a task
        elif answer.status_code == 401:
            raise ServerRefused(f"401 {detail_of(answer)[:200]}")
        elif answer.status_code == 403:
            # Of this device: it may be another agency's or another area's.
            self._refuse(f"403 {detail_of(answer)[:200]}")
            return STRANGER_S
        else:
            answer.raise_for_status()
            self.sent += 1
        return EVERY_S

    def _stranger(self, point: Point) -> None:
        self._refuse("the device is no responder's")
        if point.uid not in self._strangers and len(self._strangers) < MOST:
            self._strangers.add(point.uid)
            log.warning(
                "TAK device %s is no responder's: enter it under Tasks, Responders, if it is one",
                point.uid,
            )

    def _refuse(self, reason: str) -> None:
        self.refused[reason] = self.refused.get(reason, 0) + 1


def follow(out: PositionsOut, stopped: Callable[[float], bool]) -> None:
    """Until `stopped`, which waits for so many seconds, says so. Raises ServerRefused."""
    pause_s, is_away = 1.0, False
    while not stopped(pause_s):
        try:
            out.step()
            if is_away:
                log.warning("the server is back")
            pause_s, is_away = 1.0, False
        except httpx.HTTPError as error:
            if not is_away:
                log.warning("the server does not answer; positions wait: %s", why(error))
            pause_s, is_away = min(30.0, 2 * pause_s), True


def _iso(us: int) -> str:
    whole, rest = divmod(us, 1_000_000)
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(whole)) + f".{rest // 1000:03d}Z"
