"""What a simulated day's radios said, kept while it is sailed: static data as they were sent, calls
of planted ships, texts, and when each receiver heard anything."""

from __future__ import annotations

import numpy as np

from littoral.sim import traffic
from littoral.sim.motion import OFF
from littoral.sim.radio import CLASS_B, IDENTITY, MMSI, MUTE, NAMELESS
from littoral.sim.referee.said import CALL, Said, Spoken

POSITIONS, STATICS, TEXT = (1, 2, 3, 18), (5, 24), 14


class Recorder:
    """`before` and `after` each block of a world."""

    def __init__(self, world: traffic.Traffic) -> None:
        self._texts = world.texts
        first = len(world.planner.lives)
        planted = [int(m) for m in world.hulls["mmsi"][first : len(world.states)]]
        scripted = world.scripts[world.scripts["what"] == MMSI]["value"].tolist()
        self._numbers = np.array(sorted({*planted, *scripted}), np.int64)
        self._own = len(world.states)
        # Who speaks, by row of the ship table: second identities follow the ships.
        self._speaker = np.arange(len(world.ships))
        for c in world.scripts[world.scripts["what"] == IDENTITY]:
            self._speaker[c["value"]] = c["vessel"]
        self._due: list[Spoken] = []
        self._statics: list[Spoken] = []
        self._calls: list[np.ndarray] = []
        self._said: set[tuple[int, int, str]] = set()
        self._heard: list[list[np.ndarray]] = [[] for _ in world.receivers.names]
        self._names = world.receivers.names

    def before(self, world: traffic.Traffic) -> None:
        """The static data that are to be sent in the next block."""
        states, hulls = world.states, world.hulls
        end_us = world.now_us + traffic.BLOCK_US
        speak = (states["static_us"] < end_us) & (states["stop"] != OFF)
        speak &= hulls["radio"][: self._own] <= CLASS_B
        for v in np.flatnonzero(speak).tolist():
            spoken = _spoken(world, v, int(states["static_us"][v]))
            if spoken is not None:
                self._due.append(spoken)

    def after(self, rows: np.ndarray) -> None:
        """Keep what was heard in the block."""
        told = rows[np.isin(rows["msg_type"], STATICS)]
        heard = set(zip(told["mmsi"].tolist(), told["t_us"].tolist(), strict=True))
        self._statics += [s._replace(heard=(s.mmsi, s.t_us) in heard) for s in self._due]
        self._due = []
        calls = rows[np.isin(rows["msg_type"], POSITIONS) & np.isin(rows["mmsi"], self._numbers)]
        kept = np.zeros(len(calls), CALL)
        for name in ("t_us", "mmsi", "lon_deg", "lat_deg", "sog_mps", "cog_deg"):
            kept[name] = calls[name]
        kept["ship"] = self._speaker[calls["ship"]]
        kept["status"] = np.where(calls["msg_type"] == 18, -1, calls["nav_status"])
        self._calls.append(kept)
        for m in rows[rows["msg_type"] == TEXT]:
            self._said.add((int(m["t_us"]), int(m["mmsi"]), self._texts[int(m["text"])]))
        for k, times in enumerate(self._heard):
            times.append(np.sort(rows["t_us"][rows["station"] == k]))

    def result(self) -> Said:
        calls = np.concatenate([np.zeros(0, CALL), *self._calls])
        _, once = np.unique(
            np.stack([calls["mmsi"], calls["t_us"], calls["ship"]]), axis=1, return_index=True
        )
        stations = {
            name: np.concatenate([np.zeros(0, np.int64), *times])
            for name, times in zip(self._names, self._heard, strict=True)
        }
        return Said(
            sorted(self._statics), calls[once], sorted(self._said), stations
        )  # fmt: skip


def _spoken(world: traffic.Traffic, ship: int, t_us: int) -> Spoken | None:
    """None where a script keeps the ship from saying anything."""
    mmsi, row = int(world.hulls["mmsi"][ship]), ship
    a, b = np.searchsorted(world.scripts["vessel"], [ship, ship + 1])
    for c in world.scripts[a:b]:
        if not c["from_us"] <= t_us < c["until_us"]:
            continue
        if c["what"] in (MUTE, NAMELESS):
            return None
        if c["what"] == MMSI:
            mmsi = int(c["value"])
        elif c["what"] == IDENTITY:
            row = int(c["value"])
    of = world.ships[row]
    name, sign = (of[c].tobytes().decode("ascii").rstrip("\0 ") for c in ("name", "call_sign"))
    size = (int(of["to_bow_m"]), int(of["to_stern_m"]), int(of["to_port_m"]),
            int(of["to_starboard_m"]))  # fmt: skip
    small = world.hulls["radio"][ship] == CLASS_B  # sends neither
    imo, draught = (0, 0) if small else (int(of["imo"]), int(of["draught_dm"]))
    return Spoken(t_us, ship, mmsi, imo, name, sign, draught, size, False)
