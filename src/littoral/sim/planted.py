"""The planted events of a demo: what happens, when, and which look-alikes stand beside them.

Times are minutes from the end of the history ("live"). Those before it lie in the history where it
reaches back so far; the rest are spread over the first hour after it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from littoral.area.geofence import Geofence
from littoral.schema.watched import Watched
from littoral.sim import (
    incidents,
    incidents_asked,
    incidents_lanes,
    incidents_meet,
    incidents_port,
    incidents_shore,
    incidents_still,
    season,
)
from littoral.sim.fleet import Fleet
from littoral.sim.incidents import EAST_COAST, EVER_US, WEST_COAST
from littoral.sim.radio import SCRIPT
from littoral.sim.scenes import MINUTE_US, TEXTS, Begin, Builder, Event

__all__ = ["TEXTS", "Planted", "plant"]


@dataclass(frozen=True, slots=True)
class Planted:
    """`begins` one a ship; `fleet` None when nothing is planted. `silences` (station, from, until)
    are what the receivers miss; `planned` (station, from, until, reason) is what the operator was
    told of beforehand; `fences` and `watched` are what people have drawn and listed; `texts` (ship,
    time, text) are safety related broadcasts."""

    fleet: Fleet | None = None
    begins: tuple[Begin, ...] = ()
    scripts: np.ndarray = field(default_factory=lambda: np.zeros(0, SCRIPT))
    events: tuple[Event, ...] = ()
    silences: tuple[tuple[str, int, int], ...] = ()
    planned: tuple[tuple[str, int, int, str], ...] = ()
    fences: tuple[Geofence, ...] = ()
    watched: tuple[Watched, ...] = ()
    texts: tuple[tuple[int, int, str], ...] = ()


def plant(start_us: int, history_us: int, seed: int) -> Planted:
    """Everything that happens in a world whose live part begins at `start_us + history_us`."""
    b = Builder(start_us, np.random.default_rng([seed, 9]))
    live_us = start_us + history_us

    def at(minutes: float) -> int:
        return live_us + int(minutes * MINUTE_US)

    def fits(minutes: float) -> bool:
        return at(minutes) >= start_us + 30 * MINUTE_US

    if fits(-600):
        incidents.gap(b, "HAI FENG XING 7", EAST_COAST, 4, at(-600), 300)
        incidents.outage(b, "DANZHOU", at(-540), at(-420), planned=False)
        incidents.static_flips(b, at(-500))
        incidents.distress_device(
            b, "sart test before", 970_412_901, (111.20, 19.52), at(-480), at(-473), test=True
        )
        incidents.mute_in_port(b, at(-470), at(-80))
        incidents.clash(b, at(-420), at(-120), live=False)
    if fits(-720):
        incidents.outage(b, "DONGFANG", at(-720), at(-660), planned=True)
    if fits(-420):
        incidents.gap(b, "MING ZHOU TONG 21", WEST_COAST, 3, at(-420), 270)
    for minutes in (-1150, -780, -900, -1020, -660, -400):
        if (
            fits(minutes)
            and season.is_night(at(minutes), 109.8, 17.9)
            and season.is_night(at(minutes + 130), 109.8, 17.9)
        ):
            incidents.encounter(b, "encounter in the history", at(minutes), 105, (109.80, 17.90))
            incidents.slow_passing(b, at(minutes + 30))
            incidents.bunkering(b, at(minutes - 10))
            break
    if fits(-360):
        incidents.head_on(b, at(-360), (111.62, 18.95), 20.0, "in the history")
        incidents.wide_meeting(b, at(-330))
        incidents.same_imo(b, at(-350))
    if fits(-180):
        incidents.crossing(b, at(-180), (110.98, 18.05), "in the history")
    if fits(-240):
        incidents.mmsi_change(b, at(-240), EAST_COAST, 3, "history")
        incidents.jump(b, at(-230), (111.25, 18.80), "history")
    if fits(-90):
        incidents.overtaking(b, at(-90), (110.75, 17.95), "in the history")
    incidents.bad_numbers(b, at(0))
    closed_from, closed_until = season.moratorium_us(start_us)
    for minutes in (-1380, -1000, -700, -60):
        until_us = at(minutes + 240)
        if fits(minutes) and closed_from <= at(minutes) and until_us <= closed_until:
            incidents.moratorium(b, at(minutes), until_us)
            break
    # Live.
    if fits(-85):
        incidents.gap(b, "JIN HAI LONG 16", EAST_COAST, 4, at(-85), 260)
    incidents.gap(b, "RONG CHANG 58", WEST_COAST, 2, at(-20), 240)
    if season.is_night(at(-10), 110.8, 18.3):
        incidents.encounter(b, "encounter", at(-10), 95, (110.56, 18.38), "fishing")
    incidents.distress_device(b, "sart", 970_412_902, (109.62, 17.86), at(2.5), EVER_US, test=False)
    incidents.enter_fence(b, at(4), "YUAN DA HE 3")
    incidents.head_on(b, at(12), (111.62, 19.12), 15.0, "live")
    incidents.speeding(b, at(8))
    incidents.jump(b, at(9), (111.40, 19.75), "live")
    incidents.distress_device(b, "mob", 972_412_903, (110.72, 18.50), at(15), EVER_US, test=False)
    incidents.mmsi_change(b, at(18), WEST_COAST, 3, "live")
    incidents.clash(b, at(20), at(240), live=True)
    incidents.crossing(b, at(28), (111.05, 18.42), "live")
    if season.is_night(at(25), 110.2, 18.3):
        incidents.night_in_fence(b, at(25))
    incidents.status_14(b, at(30))
    incidents.outage(b, "YINGGEHAI", at(33), at(153), planned=False)
    incidents.overtaking(b, at(46), (110.35, 17.75), "live")
    incidents.distress_device(
        b, "sart test live", 970_412_904, (109.22, 20.05), at(40), at(46), test=True
    )
    incidents.enter_fence(b, at(50), "AN TAI FA 9")
    incidents_shore.plant_shore(b, live_us)
    incidents_still.plant(b, at, fits)
    # What comes later stands behind all before it: each ship takes its chances from one row.
    if fits(-600):
        incidents_port.port_call(b, at(-590), 180)
        incidents_port.port_call(b, at(-400), 200, draught_dm=41)
        incidents_port.passing_by(b, at(-300))
        incidents_port.renamed_at_sea(b, at(-250), "in the history")
        incidents_port.renamed_in_port(b, at(-260))
        incidents_port.one_text_new(b, at(-240), "JIN FENG 26", "")
        incidents_port.one_text_new(b, at(-220), "", "BQZZ9")
        incidents_port.typed_short(b, at(-210))
        incidents_port.loads_at_sea(b, at(-150))
        incidents_port.trims_at_sea(b, at(-160))
        incidents_port.another_flag(b, at(-200))
    incidents_port.renamed_at_sea(b, at(6), "live")
    incidents_lanes.all_of_them(b, at, fits)
    if fits(-330):
        incidents_meet.visitors(b, at(-270), "tanker", (109.25, 17.80))
        incidents_meet.visitors(b, at(-250), "fishing", (109.10, 17.90), innocent=True)
        incidents_meet.rounds(b, at(-150), 53, (110.28, 18.36), innocent=True)
        incidents_meet.compass_turns(b, at(-130))
        incidents_meet.two_jumps(b, at(-300))
        incidents_meet.new_berth(b, at(0))
    if fits(-55):
        incidents_meet.rounds(b, at(-55), 90, (110.28, 18.42))
    incidents_meet.on_land(b, at(6))
    incidents_meet.false_circle(b, at(14))
    incidents_meet.interference(b, at(26))
    incidents.nameless(b, at(20))
    incidents.distress_device(b, "epirb", 974_412_905, (111.0, 19.3), at(22), at(52), test=False)
    incidents_asked.all_of_them(b, at, fits)
    return Planted(
        b.fleet(), tuple(b.begins), b.script_rows(), tuple(b.events), tuple(b.silences),
        tuple(b.planned), texts=tuple(b.texts),
    )  # fmt: skip
