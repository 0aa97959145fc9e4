"""Nothing vanishes and nothing breaks: the account of lines over the whole engine."""

from __future__ import annotations

import random
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from littoral.sim.encode import encode
from littoral.sim.rows import messages, ships

from . import scene
from .running import ROWS, Outcome, run


def outcome(*feeds: bytes) -> Outcome:
    with TemporaryDirectory() as folder:
        return run([[feed] for feed in feeds], Path(folder))


def assert_accounted(found: Outcome, data: bytes) -> None:
    """lines = used + rejected by reason + ignored by kind; what the report says is in the lake."""
    counts = found.report.counts
    assert counts.lines == data.count(b"\n") + (not data.endswith(b"\n") and bool(data))
    used = counts.lines - sum(counts.rejected.values()) - sum(counts.ignored.values())
    assert counts.used == used >= counts.messages >= 0
    assert found.report.positions == found.tables["observations"].num_rows
    assert sum(found.report.alerts.values()) == len(found.alerts)
    assert found.report.tracks == found.tables["tracks"].num_rows


def sent(count: int, **columns: object) -> bytes:
    """`count` messages half a minute apart of one vessel, "not available" but for `columns`."""
    rows = messages(count)
    rows["t_us"] = scene.START_US + np.arange(count) * 30_000_000
    rows["mmsi"], rows["msg_type"], rows["station"] = 412_000_777, 1, 0
    for name, value in columns.items():
        rows[name] = value
    return encode(rows, ships(1), ["HAIKOU"]).data.tobytes()


def test_the_account_of_the_night(whole: Outcome) -> None:
    assert_accounted(whole, scene.lines())
    assert len(whole.report.counts.rejected) >= 4


@pytest.mark.parametrize("data", [b"", b"\n", b"\r\n\r\n", b"# a comment\n", b"\x00", b"!AIVDM"])
def test_of_nothing_comes_nothing(data: bytes) -> None:
    found = outcome(data)
    assert_accounted(found, data)
    assert (found.report.counts.messages, found.alerts) == (0, {})


@pytest.mark.parametrize("msg_type", [1, 3, 4, 9, 18, 19, 27])
def test_reserved_codes_alone_are_no_track(msg_type: int) -> None:
    """Position, speed, course, heading and turn not available (ITU-R M.1371-5): rows for the lake,
    and no vessel anywhere."""
    data = sent(40, msg_type=msg_type)
    found = outcome(data)
    assert_accounted(found, data)
    observations = found.tables["observations"]
    assert observations.num_rows == 40
    assert observations["lon_deg"].null_count == observations["sog_mps"].null_count == 40
    assert (found.report.tracks, found.alerts) == (0, {})


@pytest.mark.parametrize("msg_type", [5, 24])
def test_static_data_without_a_position_are_kept_and_no_track(msg_type: int) -> None:
    data = sent(40, msg_type=msg_type)
    found = outcome(data)
    assert_accounted(found, data)
    assert found.tables["statics"].num_rows == 40
    assert (found.report.tracks, found.alerts) == (0, {})


def test_one_vessel_on_a_straight_course_is_one_track_and_no_alert() -> None:
    lon = 111.9 + np.arange(120) * 30 * 5.0 / 105_000.0  # 5 m/s east
    data = sent(120, lon_deg=lon, lat_deg=18.9, sog_mps=5.0, cog_deg=90.0, nav_status=0)
    found = outcome(data)
    assert_accounted(found, data)
    assert (found.report.positions, found.report.tracks, found.alerts) == (120, 1, {})


PIECES = st.one_of(
    st.binary(max_size=300),
    st.sampled_from(
        [b"\n", b"!AIVDM,2,1,3,A,", b"\\s:X,c:9*", b"$", b"\\", b"!", b"*", b"\x1f\x8b"]
    ),
    st.integers(0, len(scene.lines()) - 200).map(lambda at: scene.lines()[at : at + 190]),
)


@settings(max_examples=25, deadline=None)
@given(st.lists(PIECES, max_size=30))
def test_hostile_bytes_are_accounted_for(parts: list[bytes]) -> None:
    data = b"".join(parts)
    assert_accounted(outcome(data), data)


def test_rubbish_between_good_lines_takes_none_of_them(clean: Outcome) -> None:
    """Noise of any bytes on lines of its own; only its own lines are lost."""
    rng = random.Random(8)
    mixed, noise = [], 0
    for _, message in scene.sent():
        mixed.append(message)
        if rng.random() < 0.1:
            mixed.append(rng.randbytes(rng.randrange(1, 400)).replace(b"\n", b"") + b"\n")
            noise += 1
    data = b"".join(mixed)
    found = outcome(data)
    assert_accounted(found, data)
    counts = found.report.counts
    assert counts.messages == clean.report.counts.messages
    assert sum(counts.rejected.values()) + sum(counts.ignored.values()) == noise
    assert found.alerts.keys() == clean.alerts.keys()
    for name in ROWS:
        assert found.tables[name].num_rows == clean.tables[name].num_rows
