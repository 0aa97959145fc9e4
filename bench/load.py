"""How many alerts a watch is asked to attend to in a day, and how many are of net beacons.

The days of `planted` (of its first reporting seed, one a season), with the demo's number of vessels
and 0.8 net beacons a vessel; of each kind (but silences, and what only the published profiles ask
about) one event and one near-miss is played beside the ordinary traffic, and each may set off more,
so the load is above that of a quiet day. Counted is what is annunciated (docs/alarms.md): an alert
of priority 1 to 4 when it is first told of and nothing holds it, and again when it becomes more
urgent; groups are not taken together. In ten minutes those are counted that were told in them, to
the end of the slice of half a minute that showed it.
"""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from pathlib import Path

import numpy as np

from bench import _days, _scenes
from bench._harness import QUICK, report, row
from bench.planted import HOURS, REPORTING, SETTING
from littoral.sim import traffic
from littoral.sim.feed import region_coast
from littoral.sim.planted import Planted
from littoral.sim.referee.ground import Ground, ground_of

VESSELS = 160 if QUICK else 2_500
DAYS = _days.days_of(SETTING[0])[:1] if QUICK else _days.days_of(REPORTING[0])
BEACONS_A_VESSEL, EACH_A_DAY = 0.8, 1
AN_HOUR, IN_TEN_MINUTES = 6.0, 10
TEN_US = 600_000_000


def most_in_ten_minutes(times_us: np.ndarray) -> int:
    """Of sorted times (n,): the most that lie within ten minutes."""
    if not len(times_us):
        return 0
    ends = np.searchsorted(times_us, times_us + TEN_US, "left")
    return int((ends - np.arange(len(times_us))).max())


def day_of(seed: int, ground: Ground, folder: Path) -> _days.Day:
    settings = traffic.Settings(
        vessels=VESSELS, seed=seed, planted=False, beacons=round(BEACONS_A_VESSEL * VESSELS)
    )

    def plant(start_us: int, seed: int) -> Planted:
        return _scenes.plant(start_us, seed, HOURS, ground, EACH_A_DAY)

    return _days.sail(folder, region_coast(), seed, HOURS, settings, plant)


def main() -> int:
    ground = ground_of(region_coast())
    count, kinds, played, of_nets, nets, most = 0, Counter[str](), 0, 0, 0, 0
    noted = held = again = 0
    for seed in DAYS:
        with tempfile.TemporaryDirectory(prefix="littoral-bench-") as name:
            day = day_of(seed, ground, Path(name))
        by_id = {a["id"]: a for a in day.alerts}
        told = [by_id[key] for _, key in day.told]
        actors = set(day.record.mmsi[day.first_planted :].tolist())
        count += len(told)
        again += len(told) - len({a["id"] for a in told})
        kinds.update(f"{a['rule']}, {a['kind']}" for a in told)
        played += sum(bool(actors & set(_days.mmsis_of(a))) for a in told)
        held += sum(bool(a["held_by"]) for a in day.alerts)
        noted += sum(a["priority"] > _days.LEAST_URGENT for a in day.alerts)
        most = max(most, most_in_ten_minutes(np.array(sorted(t for t, _ in day.told))))
        nets += len(day.net_beacons)
        of_nets += sum(_days.is_of_net_beacon(day, a) for a in day.alerts)
    hours = HOURS * len(DAYS)
    rows = [
        row("annunciated", count / hours, "an hour", at_most=None if QUICK else AN_HOUR),
        row("annunciated, the most in ten minutes", most, "",
            at_most=None if QUICK else IN_TEN_MINUTES),
        row("annunciated, of scenes that were played", played / hours, "an hour"),
        row("annunciated, of the ordinary traffic", (count - played) / hours, "an hour"),
        *(row(f"annunciated: {kind}", n / hours, "an hour") for kind, n in sorted(kinds.items())),
        row("annunciated again, being more urgent", again, ""),
        row("held by another cause", held, ""),
        row("noted, not annunciated", noted, ""),
        row("vessels", VESSELS, ""),
        row("net beacons", nets, ""),
        row("alerts of net beacons", of_nets, "", at_most=0),
    ]  # fmt: skip
    return report("load", rows)


if __name__ == "__main__":
    sys.exit(main())
