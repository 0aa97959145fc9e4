"""A ship that does not go where it says: each threshold from both sides."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pytest

from littoral.area.lanes import Lanes
from littoral.area.places import Place
from littoral.detect.deviation import DETECTOR
from littoral.detect.deviation.settings import COASTAL, DeviationSettings
from littoral.schema.ais import Positions, Statics
from littoral.schema.batch import SLICE_US
from littoral.schema.finding import CAUTION, NOTED, Finding
from tests.detect.deviation.sea import harbour, lanes_of
from tests.detect.making import SPHERE, at_us, final, fixes, fleet_of, run, world

START = at_us("2026-11-24T03:00")
MINUTE_US = 60_000_000
LONG_US = 600_000_000  # slices; that the cut does not matter is a test of its own
BEARING = 40.0  # from the destination to all that happens
# `destinations.csv`; Singapore as in UN/LOCODE, Zhanjiang as in GeoNames.
SINGAPORE, ZHANJIANG = (103.8325, 1.2392), (110.43, 21.14)


def at(metres: float, place: tuple[float, float] = SINGAPORE) -> tuple[float, float]:
    lon, lat, _ = SPHERE.fwd(*place, BEARING, metres)
    return float(lon), float(lat)


def sailing(*km: float, mps: float = 10.0, every_s: int = 60) -> Positions:
    """A ship that goes from distance to distance (km from Singapore) at `mps`."""
    track: list[float] = []
    for a, b in pairwise(km):
        steps = max(1, round(abs(b - a) * 1000.0 / mps / every_s))
        track += np.linspace(a, b, steps, endpoint=False).tolist()
    track.append(km[-1])
    lon, lat = np.array([at(1000.0 * d) for d in track]).T
    t = START + np.arange(len(track)) * every_s * 1_000_000
    return fixes(0, t, lon, lat, mps / 0.514444, 0.0)


def lying(metres: float, minutes: float, from_us: int, mps: float = 0.1) -> Positions:
    t = from_us + np.arange(0, round(minutes) + 1, 2) * MINUTE_US
    return fixes(0, t, *at(metres), mps / 0.514444, 0.0)


def said(*sayings: tuple[float, str]) -> Statics:
    """Destinations by minutes after the start."""
    s = Statics.empty(len(sayings))
    s.t_us[:] = [START + round(m * MINUTE_US) for m, _ in sayings]
    s.track[:], s.mmsi[:], s.msg_type[:] = 0, 412_000_000, 5
    s.obs_id[:] = 7_000_000 + np.arange(len(sayings))
    s.destination[:] = [text.encode() for _, text in sayings]
    return s


def told(
    parts: Sequence[Positions], statics: Statics, settings: DeviationSettings = COASTAL,
    ports: tuple[Place, ...] = (), lanes: Lanes | None = None, ship_type: int = 80,
    slice_us: int = LONG_US, repack: bool = False,
) -> list[Finding]:  # fmt: skip
    where = world(ports=ports, lanes=lanes)
    fleet = fleet_of({0: ship_type})
    found = run(
        DETECTOR, settings, parts, fleet, where, statics=statics, after_s=4 * 3600.0,
        slice_us=slice_us, repack=repack,
    )  # fmt: skip
    return list(final(found).values())


def test_it_came_nearer_and_went_away() -> None:
    (alert,) = told([sailing(400, 370, 460)], said((0, "SG SIN")))
    assert (alert.kind, alert.priority) == ("destination", CAUTION)
    assert alert.start_us == START + 50 * MINUTE_US  # 30 km at 10 m/s: the least distance
    assert alert.facts["how"] == "away"
    assert alert.facts["least_m"] == pytest.approx(370_000, abs=300)
    assert 7_000_000 in alert.evidence
    assert "bound for SINGAPORE, came within 199.8 n mile" in DETECTOR.sentence(alert, {}, "en")
    assert "“SINGAPORE”" in DETECTOR.sentence(alert, {}, "zh")


def test_distances_are_taken_every_two_minutes() -> None:
    """It turns 30.8 km on, 369.2 km off, after 3,080 s: a distance is taken at 3,000 s (370.0 km)
    and at 3,120 s, 0.4 km on its way back."""
    (alert,) = told([sailing(400, 369.2, 430, every_s=10)], said((0, "SG SIN")))
    assert alert.start_us == START + 52 * MINUTE_US
    assert alert.facts["least_m"] == pytest.approx(369_600, abs=50)


AWAY = [
    # greatest, least, last distance in km, alerts
    (400, 381.5, 450, 0),  # approach 20 km
    (400, 378.5, 450, 1),
    (400, 370, 415.5, 0),  # away 50 km
    (400, 370, 424.5, 1),
    (100, 32.5, 100, 1),  # arrived 30 km
    (100, 27.5, 100, 0),
]


@pytest.mark.parametrize(("far", "near", "last", "alerts"), AWAY)
def test_both_sides_of_each_number(far: float, near: float, last: float, alerts: int) -> None:
    assert len(told([sailing(far, near, last)], said((0, "SG SIN")))) == alerts


def test_a_ship_that_sails_with_the_old_destination_is_not_accused() -> None:
    """It never came nearer: Starpath and others note that crews leave the old text for days."""
    assert told([sailing(200, 400)], said((0, "SG SIN"))) == []
    assert told([sailing(10, 400, 370, 460)], said((0, "SG SIN"))) == []  # it was there


@pytest.mark.parametrize(
    "text", ["", "FOR ORDERS", "SG SIN <> VN SGN", "SINGAPOOR", "SIN/HKG", "SEE AGENT", "CN 123"]
)
def test_an_unknown_text_says_nothing(text: str) -> None:
    assert told([sailing(400, 370, 460)], said((0, text))) == []


def test_another_text_begins_anew_and_another_spelling_does_not() -> None:
    ship = sailing(400, 370, 460)
    assert len(told([ship], said((0, "SG SIN"), (60, "SINGAPORE")))) == 1
    assert told([ship], said((0, "SG SIN"), (60, "HONG KONG"), (62, "SG SIN"))) == []
    (alert,) = told([ship], said((0, "SG SIN"), (190, "HONG KONG")))
    assert alert.end_us == START + 190 * MINUTE_US
    assert alert.facts["destination"] == "SINGAPORE"


@pytest.mark.parametrize(("silence_min", "alerts"), [(56, 1), (64, 0)])
def test_after_a_silence_all_begins_anew(silence_min: int, alerts: int) -> None:
    """Out of hearing it may have been there and be bound elsewhere by now: the sea beyond the
    receivers is full of ships that come back with another destination."""
    there, back = sailing(400, 370), sailing(370, 460)
    back.t_us[:] = back.t_us + there.t_us[-1] - START + silence_min * MINUTE_US
    assert len(told([there, back], said((0, "SG SIN")))) == alerts


def test_fishing_vessels_go_where_they_like() -> None:
    assert told([sailing(400, 370, 460)], said((0, "SG SIN")), ship_type=30) == []


def elsewhere(
    minutes: float = 70.0, sailed_km: float = 60.0, off_km: float = 300.0, mps: float = 0.1,
    settings: DeviationSettings = COASTAL, lanes: Lanes | None = None, text: str = "SG SIN",
) -> list[Finding]:  # fmt: skip
    """It sails `sailed_km` and lies in a port `off_km` from where it said."""
    ship = sailing(off_km + sailed_km, off_km)
    port = harbour(*at(1000.0 * off_km))
    stop = lying(1000.0 * off_km, minutes, int(ship.t_us[-1]) + MINUTE_US, mps)
    return told([ship, stop], said((0, text)), settings, (port,), lanes)


def test_a_voyage_that_ends_elsewhere_is_noted() -> None:
    (alert,) = elsewhere()
    assert (alert.kind, alert.priority) == ("destination", NOTED)
    assert alert.facts["how"] == "elsewhere"
    assert alert.facts["distance_m"] == pytest.approx(300_000, abs=300)
    assert alert.end_us is not None
    assert "another port, 162.0 n mile" in DETECTOR.sentence(alert, {}, "en")


STOPS: list[tuple[dict[str, float], int]] = [
    ({"minutes": 56}, 0),
    ({"minutes": 64}, 1),
    ({"sailed_km": 28}, 0),
    ({"sailed_km": 32}, 1),
    ({"off_km": 46}, 0),
    ({"off_km": 54}, 1),
    ({"mps": 0.28}, 0),
    ({"mps": 0.235}, 1),
]


@pytest.mark.parametrize(("change", "alerts"), STOPS)
def test_both_sides_of_each_number_of_a_stop(change: dict[str, float], alerts: int) -> None:
    assert len(elsewhere(**change)) == alerts  # type: ignore[arg-type]


@pytest.mark.parametrize(("nearer_km", "alerts"), [(18, 0), (22, 1), (0, 0)])
def test_it_has_set_out_before_it_lies_elsewhere(nearer_km: float, alerts: int) -> None:
    """A ship with the destination of the voyage before is not accused, as it is not for going away:
    it sails off to 354 km and lies so much nearer, 32 km and more from where it began."""
    ship = sailing(300.0, 354.0, 354.0 - nearer_km)
    stop = lying(1000.0 * (354.0 - nearer_km), 80, int(ship.t_us[-1]) + MINUTE_US)
    port = (harbour(*at(1000.0 * (354.0 - nearer_km))),)
    assert len(told([ship, stop], said((0, "SG SIN")), ports=port)) == alerts


def end_cell(lon: float, lat: float) -> int:
    return int((lat + 90.0) / 0.1) * 3600 + int((lon + 180.0) / 0.1)


def ends_off(metres: float) -> Lanes:
    """Ships bound for Singapore are known to end about `metres` from the port of `elsewhere`."""
    lon, lat = at(300_000.0)
    best = None
    for k in range(360):
        x, y, _ = SPHERE.fwd(lon, lat, float(k), metres)
        cell = end_cell(x, y)
        middle = cell % 3600 * 0.1 - 179.95, cell // 3600 * 0.1 - 89.95
        miss = abs(SPHERE.inv(lon, lat, *middle)[2] - metres)
        best = min(best, (miss, cell)) if best else (miss, cell)
    assert best is not None
    assert best[0] < 500.0
    return lanes_of([], ((best[1], "SEAROUTE:SGSIN", 2),))


@pytest.mark.parametrize(("metres", "alerts"), [(18_500.0, 0), (21_500.0, 1)])
def test_where_such_voyages_are_known_to_end(metres: float, alerts: int) -> None:
    assert len(elsewhere(lanes=ends_off(metres))) == alerts


def test_alongside_in_the_port_that_it_said() -> None:
    ship = sailing(100, 1)
    stop = lying(1_000.0, 120, int(ship.t_us[-1]) + MINUTE_US)
    assert told([ship, stop], said((0, "SG SIN")), ports=(harbour(*SINGAPORE),)) == []


def test_no_matter_how_the_stream_is_cut_or_stored() -> None:
    ship = sailing(400, 370, 460, 370, 460)
    statics = said((0, "SG SIN"), (150, ""), (160, "SG SIN"), (460, "CN ZHA"))
    whole = told([ship], statics)
    assert len(whole) == 2
    assert told([ship], statics, slice_us=SLICE_US) == whole
    assert told([ship], statics, slice_us=SLICE_US, repack=True) == whole


def test_a_full_table_of_ships_has_room_for_the_one_that_comes_after_sayings() -> None:
    """Sixty-four ships that only say where they go fill the first table; then one is heard."""
    last = 64
    ship = sailing(400, 370, 460)
    ship.track[:] = last
    others = said(*[(0, "SG SIN")] * last)
    others.track[:] = np.arange(last)
    mine = said((1, "SG SIN"))
    mine.track[:] = last
    statics = Statics.concat([others, mine])
    fleet = fleet_of(dict.fromkeys(range(last + 1), 80))
    told = run(
        DETECTOR, COASTAL, [ship], fleet, world(), statics=statics, after_s=4 * 3600.0,
        slice_us=LONG_US,
    )  # fmt: skip
    assert {f.things for f in told} == {(fleet.thing(last),)}
