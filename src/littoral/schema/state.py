"""State of a step: dataclasses of NumPy arrays, numbers and small containers of these.

A step owns its state and may change it in place. The engine copies it before it looks ahead
(`clone`) and writes it into a checkpoint as Arrow (`pack`, `unpack`), so no step needs code for either.
"""

from __future__ import annotations

import dataclasses
import json
from typing import Any

import numpy as np
import pyarrow as pa


def clone(value: Any) -> Any:
    """A copy that shares no mutable part with `value`."""
    if isinstance(value, np.ndarray):
        return value.copy()
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        if value.__dataclass_params__.frozen:  # type: ignore[attr-defined]
            return value
        return type(value)(
            **{f.name: clone(getattr(value, f.name)) for f in dataclasses.fields(value)}
        )
    if isinstance(value, dict):
        return {k: clone(v) for k, v in value.items()}
    if isinstance(value, list):
        return [clone(v) for v in value]
    if isinstance(value, set):
        return set(value)
    return value


def pack(value: Any) -> bytes:
    """`value` as an Arrow IPC stream: one row an array, the tree of the rest as JSON beside it."""
    arrays: list[np.ndarray] = []

    def tree(v: Any) -> Any:
        if isinstance(v, np.ndarray):
            arrays.append(np.ascontiguousarray(v))
            return {"a": len(arrays) - 1}
        if dataclasses.is_dataclass(v) and not isinstance(v, type):
            return {"d": {f.name: tree(getattr(v, f.name)) for f in dataclasses.fields(v)}}
        if isinstance(v, dict):
            return {"m": [[tree(k), tree(w)] for k, w in v.items()]}
        if isinstance(v, (list, tuple, set, frozenset)):
            kind = {list: "l", tuple: "t", set: "s", frozenset: "f"}[type(v)]
            return {kind: [tree(w) for w in v]}
        if isinstance(v, bytes):
            return {"b": v.hex()}
        if isinstance(v, np.generic):
            return v.item()
        return v

    document = json.dumps(tree(value))
    batch = pa.record_batch(
        {
            "dtype": [a.dtype.str for a in arrays],
            "shape": pa.array([list(a.shape) for a in arrays], pa.list_(pa.int64())),
            "data": pa.array([a.tobytes() for a in arrays], pa.large_binary()),
        }
    )
    schema = batch.schema.with_metadata({"tree": document})
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, schema) as writer:
        writer.write_batch(batch.replace_schema_metadata({"tree": document}))
    return sink.getvalue().to_pybytes()


def unpack(data: bytes, like: Any) -> Any:
    """Inverse of `pack`. `like` is a value of the same type (a fresh state): dataclasses are built
    after its types, and fields that the packed state lacks keep the fresh value, so that an older
    checkpoint still opens."""
    with pa.ipc.open_stream(data) as reader:
        document = json.loads(reader.schema.metadata[b"tree"])
        table = reader.read_all()
    dtypes, shapes = table["dtype"].to_pylist(), table["shape"].to_pylist()
    blobs = table["data"]

    def build(node: Any, model: Any) -> Any:
        if not isinstance(node, dict):
            return node
        ((tag, body),) = node.items()
        if tag == "a":
            flat = np.frombuffer(blobs[body].as_py(), dtype=np.dtype(dtypes[body]))
            return flat.reshape(shapes[body]).copy()
        if tag == "d":
            values = {}
            for f in dataclasses.fields(model):
                old = getattr(model, f.name)
                values[f.name] = build(body[f.name], old) if f.name in body else old
            return type(model)(**values)
        if tag == "m":
            return {
                build(k, None): build(v, model.get(build(k, None)) if isinstance(model, dict) else None)
                for k, v in body
            }
        if tag == "b":
            return bytes.fromhex(body)
        make = {"l": list, "t": tuple, "s": set, "f": frozenset}[tag]
        inner = list(model) if isinstance(model, (list, tuple)) else []
        return make(build(v, inner[i] if i < len(inner) else None) for i, v in enumerate(body))

    return build(document, like)
