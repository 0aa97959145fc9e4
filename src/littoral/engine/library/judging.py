"""Observations through tracks and rules, slice by slice, as `engine.history` does with a lake."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pyarrow as pa

from littoral.area.world import World
from littoral.engine import core
from littoral.engine.lake_out import ALERTS_ORDER, alerts_table
from littoral.engine.ledger import Ledger, Row
from littoral.engine.library.own import UTC_US
from littoral.engine.library.reading import Read, in_order, rows_of
from littoral.engine.reference import region_world

TIMES = ("start_us", "end_us", "updated_us")
region = lru_cache(maxsize=4)(region_world)  # loading a coast takes a second


def rows_judged(given: Read, rules: tuple[core.Rule, ...], world: World) -> list[Row]:
    """Every alert as a run would leave it in the lake, by its start."""
    for _, rows in given.pieces:
        core.mark_areas(rows.positions, world)
    ledger = Ledger(rules)
    state = core.start(rules, world)
    reference = core.Reference(rules, core.with_stations(world, given.stations))
    for tracked in core.follow(state, in_order(given), 0, reference):
        settled = core.judge(state, tracked)
        if settled.findings:
            names = core.names_of(tracked.fleet, settled.findings)
            ledger.settle(settled.findings, names, settled.until_us)
    return sorted(ledger.settled_rows(), key=lambda r: tuple(r[name] for name in ALERTS_ORDER))


def as_table(rows: list[Row], given: Read) -> pa.Table:
    """The columns of the lake's alerts (docs/stores.md), but that times are times, that the MMSIs
    are added, and that the evidence in a table which is none of ours is rows of it, from 0."""
    table = alerts_table(rows)
    found: dict[str, pa.Array] = {}
    for name in table.column_names:
        if name in TIMES:
            found[name.removesuffix("_us")] = table[name].cast(UTC_US)
        else:
            found[name] = table[name]
        if name == "things":
            mmsi = [[t["mmsi"] for t in r["things"] if t["mmsi"] is not None] for r in rows]
            found["mmsi"] = pa.array(mmsi, pa.list_(pa.int32()))
    if not given.is_own:
        evidence = [rows_of(np.array(r["evidence"], np.int64), given).tolist() for r in rows]
        found["evidence"] = pa.array(evidence, pa.list_(pa.int64()))
    return pa.table(found)


def tracks_of(given: Read) -> pa.Array:
    """The id of the track of each row of the table of positions; null where it is of none: no
    coordinates, a repeat, a base station, late."""
    world = region("hainan")
    state = core.start((), world)
    found = np.full(len(given.row_obs_id), -1, np.int64)
    reference = core.Reference((), core.with_stations(world, given.stations))
    for tracked in core.follow(state, in_order(given), 0, reference):
        for rows in (tracked.batch.positions, tracked.beacons):
            found[rows_of(rows.obs_id, given)] = rows.track
    fleet = core.picture(state)
    ids = pa.array([fleet.track_id(k) for k in range(fleet.count)], pa.string())
    return ids.take(pa.array(found, mask=found < 0))
