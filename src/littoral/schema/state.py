"""State of a step: dataclasses of NumPy arrays, numbers and small containers of these.

A step owns its state and may change it in place. The engine copies it before it looks ahead
(`clone`) and writes it into a checkpoint as Arrow (`pack`, `unpack`), so no step needs code for
either."""

from __future__ import annotations

import dataclasses
import importlib
import json
import struct
import zlib
from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow as pa

FORMAT = "littoral-state-2"
ARRAYS = pa.schema(
    [("dtype", pa.string()), ("shape", pa.list_(pa.int64())), ("data", pa.large_binary())]
)
# After the Arrow stream, whose readers stop before it: that its bytes are those written. Arrow ends
# the process on some damage, so none may come to it.
TRAILER = struct.Struct("<8sII")  # magic, zero, CRC-32 of all before
TRAILER_MAGIC = b"LITSTATE"
BATCH_BYTES = 1 << 20  # of arrays that are copied at a time while a state is written
_CONTAINERS: dict[type, str] = {list: "l", tuple: "t", set: "s", frozenset: "f"}
_MAKE = {tag: kind for kind, tag in _CONTAINERS.items()}


def clone(value: Any) -> Any:
    """A copy that shares no mutable part with `value`; frozen dataclasses are shared."""
    if isinstance(value, np.ndarray):
        return value.copy()
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        if value.__dataclass_params__.frozen:  # type: ignore[attr-defined]
            return value
        copied = {f.name: clone(getattr(value, f.name)) for f in dataclasses.fields(value)}
        return type(value)(**copied)
    if isinstance(value, dict):
        return {k: clone(v) for k, v in value.items()}
    if isinstance(value, list):
        return [clone(v) for v in value]
    if isinstance(value, set):
        return set(value)
    return value


def pack(value: Any) -> bytes:
    """`value` as an Arrow IPC stream: one row an array, the tree of the rest as JSON beside it.

    Raises TypeError for what a state may not hold, naming its type.
    """
    sink = pa.BufferOutputStream()
    pack_into(value, sink)
    return sink.getvalue().to_pybytes()


def pack_into(value: Any, sink: Any) -> None:
    """`pack` into a binary file or an Arrow stream, piece by piece: beside the state there is never
    more than `BATCH_BYTES` and one array in memory."""
    arrays: list[np.ndarray] = []

    def tree(v: Any) -> Any:
        if isinstance(v, np.ndarray):
            arrays.append(np.ascontiguousarray(v))
            return {"a": len(arrays) - 1}
        if dataclasses.is_dataclass(v) and not isinstance(v, type):
            kind = f"{type(v).__module__}:{type(v).__qualname__}"
            return {"d": [kind, {f.name: tree(getattr(v, f.name)) for f in dataclasses.fields(v)}]}
        if isinstance(v, dict):
            return {"m": [[tree(k), tree(w)] for k, w in v.items()]}
        if isinstance(v, tuple) and hasattr(v, "_fields"):
            return {"n": [f"{type(v).__module__}:{type(v).__qualname__}", [tree(w) for w in v]]}
        if type(v) in _CONTAINERS:
            return {_CONTAINERS[type(v)]: [tree(w) for w in v]}
        if isinstance(v, bytes):
            return {"b": v.hex()}
        if isinstance(v, np.generic):
            return v.item()
        if v is None or isinstance(v, (bool, int, float, str)):
            return v
        raise TypeError(f"a state may not hold a {type(v).__name__}")

    document = {"tree": json.dumps(tree(value)), "format": FORMAT}
    summed = _Summed(sink)
    with pa.ipc.new_stream(pa.PythonFile(summed, "w"), ARRAYS.with_metadata(document)) as writer:
        for batch in _batches(arrays):
            writer.write_batch(batch.replace_schema_metadata(document))
    sink.write(TRAILER.pack(TRAILER_MAGIC, 0, summed.check))


class _Summed:
    """A sink that adds up what goes through it."""

    closed = False

    def __init__(self, sink: Any) -> None:
        self._sink = sink
        self.check = 0

    def write(self, piece: bytes) -> int:
        self.check = zlib.crc32(piece, self.check)
        self._sink.write(piece)
        return len(piece)

    def flush(self) -> None:
        """Whoever gave the sink makes it durable."""


def _batches(arrays: list[np.ndarray]) -> Iterator[pa.RecordBatch]:
    """The arrays in their order, as many a batch as fill `BATCH_BYTES`; at least one batch."""
    start = size = 0
    for end, array in enumerate(arrays, start=1):
        size += array.nbytes
        if size >= BATCH_BYTES or end == len(arrays):
            yield _batch(arrays[start:end])
            start, size = end, 0
    if not arrays:
        yield _batch([])


def _batch(arrays: list[np.ndarray]) -> pa.RecordBatch:
    return pa.record_batch(
        [
            pa.array([a.dtype.str for a in arrays], ARRAYS.field("dtype").type),
            pa.array([list(a.shape) for a in arrays], ARRAYS.field("shape").type),
            pa.array([a.tobytes() for a in arrays], ARRAYS.field("data").type),
        ],
        schema=ARRAYS,
    )


def unpack(data: bytes, like: Any = None) -> Any:
    """Inverse of `pack`. `like` is a fresh state: fields that the packed one lacks keep its value,
    and fields that it no longer has are dropped, so that an older checkpoint still opens.

    Raises ValueError when the bytes are not a packed state or name a type that is not ours.
    """
    try:
        return _unpack(data, like)
    except (
        pa.ArrowException,
        OSError,
        LookupError,
        TypeError,
        AttributeError,
        ImportError,
        RecursionError,
        OverflowError,
    ) as error:
        raise ValueError(f"not a packed state: {type(error).__name__}: {error}") from error


def _unpack(data: bytes, like: Any) -> Any:
    magic, _, check = TRAILER.unpack(data[-TRAILER.size :].rjust(TRAILER.size))
    if magic != TRAILER_MAGIC or zlib.crc32(memoryview(data)[: -TRAILER.size]) != check:
        raise ValueError("not a packed state: it has no checksum, or another")
    with pa.ipc.open_stream(data) as reader:
        metadata = reader.schema.metadata or {}
        if metadata.get(b"format") != FORMAT.encode():
            raise ValueError("not a packed state of this format")
        document = json.loads(metadata[b"tree"])
        table = reader.read_all()
    dtypes, shapes = table["dtype"].to_pylist(), table["shape"].to_pylist()
    blobs = table["data"]

    def build(node: Any, model: Any) -> Any:
        if not isinstance(node, dict):
            return node
        ((tag, body),) = node.items()
        if tag == "a":
            flat = np.frombuffer(blobs[body].as_buffer(), dtype=np.dtype(dtypes[body]))
            return flat.reshape(shapes[body]).copy()
        if tag == "d":
            return _dataclass(body[0], body[1], model, build)
        if tag == "n":
            return _named(body[0])(*(build(v, None) for v in body[1]))
        if tag == "m":
            known = model if isinstance(model, dict) else {}
            pairs = ((build(k, None), v) for k, v in body)
            return {k: build(v, known.get(k)) for k, v in pairs}
        if tag == "b":
            return bytes.fromhex(body)
        return _MAKE[tag](build(v, None) for v in body)

    return build(document, like)


def _named(kind: str) -> type:
    module, _, name = kind.partition(":")
    if module.split(".")[0] != "littoral":
        raise ValueError(f"a packed state may not name {kind}")
    return getattr(importlib.import_module(module), name)


def _dataclass(kind: str, packed: dict[str, Any], model: Any, build: Any) -> Any:
    cls = _named(kind)
    values = {}
    for f in dataclasses.fields(cls):
        fresh = getattr(model, f.name, None)
        if f.name in packed:
            values[f.name] = build(packed[f.name], fresh)
        elif model is not None:
            values[f.name] = fresh
    return cls(**values)
