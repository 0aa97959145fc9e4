"""Clone and pack: nothing shared, nothing lost, older checkpoints open."""

from __future__ import annotations

import json
import zlib

import numpy as np
import pyarrow as pa
import pytest

from littoral.schema.ais import Observations, Positions
from littoral.schema.batch import Outage
from littoral.schema.fleet import Fleet
from littoral.schema.state import (
    BATCH_BYTES,
    TRAILER,
    TRAILER_MAGIC,
    clone,
    pack,
    pack_into,
    unpack,
)


def filled() -> Fleet:
    fleet = Fleet.empty(3)
    fleet.count = 2
    fleet.name[0] = b"QIONG LIN YU 1"
    fleet.lon_deg[:2] = [110.5, np.nan]
    return fleet


def test_clone_shares_no_array():
    fleet = filled()
    other = clone(fleet)
    other.name[0] = b"X"
    other.lon_deg[0] = 0
    assert fleet.name[0] == b"QIONG LIN YU 1"
    assert fleet.lon_deg[0] == 110.5


def test_pack_gives_back_every_kind_of_value():
    value = {
        "fleet": filled(),
        7: [Outage(1, "r1", 5, None, True), (1, 2.5, None, b"\x00\xff")],
        "set": {1, 2},
        "rows": Observations.empty(),
        "nan": np.array([[1.0, np.nan]]),
    }
    back = unpack(pack(value))
    assert back[7] == value[7]
    assert back["set"] == {1, 2}
    assert back["fleet"].count == 2
    assert back["fleet"].name.dtype == np.dtype("S34")
    np.testing.assert_array_equal(back["fleet"].lon_deg, value["fleet"].lon_deg)
    np.testing.assert_array_equal(back["nan"], value["nan"])
    back["fleet"].lon_deg[0] = 1  # writable
    assert len(back["rows"]) == 0


def summed(stream: bytes) -> bytes:
    return stream + TRAILER.pack(TRAILER_MAGIC, 0, zlib.crc32(stream))


def test_an_older_checkpoint_opens_with_fresh_values_for_new_fields():
    data = pack(Positions.empty(2))
    with pa.ipc.open_stream(data) as reader:
        batch, metadata = reader.read_next_batch(), dict(reader.schema.metadata)
    tree = json.loads(metadata[b"tree"])
    del tree["d"][1]["ring"]
    tree["d"][1]["gone"] = 3
    metadata[b"tree"] = json.dumps(tree).encode()
    sink = pa.BufferOutputStream()
    old = batch.replace_schema_metadata(metadata)
    with pa.ipc.new_stream(sink, old.schema) as writer:
        writer.write_batch(old)
    back = unpack(summed(sink.getvalue().to_pybytes()), like=Positions.empty(5))
    assert len(back.ring) == 5
    assert len(back.t_us) == 2


def test_what_a_state_may_not_hold_is_named():
    with pytest.raises(TypeError, match="object"):
        pack({"x": object()})


def test_foreign_types_are_not_built():
    data = summed(
        pack(Outage(1, "r", 0, None, False))[: -TRAILER.size].replace(
            b"littoral.schema.batch:Outage", b"somewhere.schema.batch:Outag"
        )
    )
    with pytest.raises(ValueError, match="may not name"):
        unpack(data)


@pytest.mark.parametrize("at", [4, 40, 100, 300, -40, -1])
def test_damage_is_refused_before_it_is_read(at):
    """Arrow would end the process on some of it: 0xff in the length of a word of the schema."""
    data = bytearray(pack({"a": np.arange(100), "b": "word"}))
    data[at] ^= 0xFF
    with pytest.raises(ValueError, match="checksum"):
        unpack(bytes(data))


@pytest.mark.parametrize(
    "tree",
    [
        '{"a": 5}',
        '{"n": ["littoral.schema.batch:Outage", [1]]}',
        '{"zz": []}',
        '{"b": 3}',
        "[",
        "{}",
        '{"d": ["littoral.schema.nowhere:Outage", {}]}',
        '{"d": ["littoral.schema.batch:json", {}]}',
        "[" * 100_000,
    ],
)  # fmt: skip
def test_a_tree_that_is_none_is_refused(tree):
    data = pack(3)
    with pa.ipc.open_stream(data) as reader:
        batch, metadata = reader.read_next_batch(), dict(reader.schema.metadata)
    sink = pa.BufferOutputStream()
    other = batch.replace_schema_metadata(metadata | {b"tree": tree.encode()})
    with pa.ipc.new_stream(sink, other.schema) as writer:
        writer.write_batch(other)
    with pytest.raises(ValueError):  # noqa: PT011 - whatever it says
        unpack(summed(sink.getvalue().to_pybytes()))


class Sink:
    """A file that notes the longest piece written and how much Arrow held then."""

    closed = False

    def __init__(self) -> None:
        self.pieces: list[bytes] = []
        self.held = 0

    def write(self, piece) -> int:
        self.pieces.append(bytes(piece))
        self.held = max(self.held, pa.total_allocated_bytes())
        return len(piece)

    def flush(self) -> None:
        pass


def test_a_state_is_written_a_piece_at_a_time():
    """Of 40 MiB in arrays of up to 1 MiB, there are never copies of more than a few."""
    value = {i: np.full(1 << (12 + i % 9), i % 251, np.uint8) for i in range(360)}
    assert sum(a.nbytes for a in value.values()) > 20 * BATCH_BYTES
    sink, before = Sink(), pa.total_allocated_bytes()
    pack_into(value, pa.PythonFile(sink, "w"))
    assert sink.held - before < 8 * BATCH_BYTES
    assert max(map(len, sink.pieces)) < 3 * BATCH_BYTES
    back = unpack(b"".join(sink.pieces))
    assert back.keys() == value.keys()
    assert all(np.array_equal(back[i], value[i]) for i in value)
