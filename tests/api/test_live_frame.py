"""The binary frame against the table of docs/live-stream.md."""

import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from littoral.api.fleet_rows import states
from littoral.api.live import frame
from littoral.api.live.changes import Seen, changes, frame_of
from littoral.engine.fleet_view import empty_view, next_view

from .fleets import NOW_US, large_fleet


def columns_of(rows: int, seed: int = 1) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(seed)
    columns = {}
    for name, dtype in frame.COLUMNS:
        kind = np.dtype(dtype).kind
        values = rng.uniform(-100, 100, rows) if kind == "f" else rng.integers(0, 100, rows)
        columns[name] = values.astype(dtype)
    return columns


def test_layout_of_three_rows_by_hand() -> None:
    """Offsets worked out from the document: header 16; 3 x f64 = 24 each; 3 x 4 bytes = 12,
    padded to 16; 3 x 1 byte, padded to 8."""
    columns = columns_of(3)
    columns["lon"][:] = [110.5, -1.25, 180.0]
    columns["track"][:] = [7, 8, 4_000_000_000]
    columns["sog_mps"][1] = np.nan
    columns["nav_status"][:] = [-1, 0, 14]
    columns["state"][:] = [0, 1, 2]
    data = frame.encode(1_795_506_003_120.0, columns)
    assert len(data) == 16 + 3 * 24 + 4 * 16 + 4 * 8
    assert data[:4] == b"LTF1"
    assert struct.unpack_from("<I", data, 4) == (3,)
    assert struct.unpack_from("<d", data, 8) == (1_795_506_003_120.0,)
    assert struct.unpack_from("<3d", data, 16) == (110.5, -1.25, 180.0)
    assert struct.unpack_from("<3I", data, 16 + 72) == (7, 8, 4_000_000_000)
    assert np.isnan(struct.unpack_from("<3f", data, 16 + 72 + 16)[1])
    assert struct.unpack_from("<3b", data, 16 + 72 + 64) == (-1, 0, 14)
    assert data[16 + 72 + 64 + 3 : 16 + 72 + 64 + 8] == bytes(5)
    assert struct.unpack_from("<3B", data, 16 + 72 + 64 + 24) == (0, 1, 2)


@given(rows=st.integers(0, 40), seed=st.integers(0, 1000))
def test_decode_gives_back_what_was_encoded(rows: int, seed: int) -> None:
    columns = columns_of(rows, seed)
    data = frame.encode(12.5, columns)
    assert len(data) == frame.size(rows)
    assert len(data) % 8 == 0
    event_time_ms, again = frame.decode(data)
    assert event_time_ms == 12.5
    for name, _ in frame.COLUMNS:
        np.testing.assert_array_equal(again[name], columns[name])


@pytest.mark.parametrize("cut", [0, 3, 15, 16, 100])
def test_a_cut_frame_is_refused(cut: int) -> None:
    data = frame.encode(0.0, columns_of(2))
    with pytest.raises(ValueError, match=r"bytes|header"):
        frame.decode(data[:cut])
    with pytest.raises(ValueError, match="not a frame"):
        frame.decode(b"LTF2" + data[4:])


def test_twenty_thousand_rows_are_one_frame() -> None:
    view = next_view(empty_view(), large_fleet(20_000), NOW_US)
    new, _ = changes(Seen(), view, states(view))
    assert len(frame_of(view, new)) == frame.size(20_000)
