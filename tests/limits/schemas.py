"""Every name that a schema gives to something, found by walking: nobody has to add to a list."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import sqlalchemy as sa

import littoral
from littoral.api.app import build_app
from littoral.api.openapi import document
from littoral.schema.columns import Rows
from littoral.store.vault.fields import FIELDS

ROOT = Path(__file__).resolve().parents[2]
CEDAR = ROOT / "src" / "littoral" / "access" / "schema.cedarschema"

# What no schema holds about anybody (docs/limits.md), as words of a name.
FORBIDDEN = frozenset({
    "face", "faces", "facial", "gait", "iris", "fingerprint", "biometric", "biometrics",
    "ethnic", "ethnicity", "race", "tribe", "religion", "religious", "faith", "political",
    "politics", "party", "ideology", "union",
    "score", "scores", "scoring", "rank", "ranking", "rating", "predicted", "prediction",
    "propensity", "likelihood", "suspicion", "creditworthiness", "reputation",
    "wechat", "weixin", "weibo", "douyin", "qq", "facebook", "twitter", "telegram", "social",
})  # fmt: skip


def words(name: str) -> set[str]:
    """`riskScore_of` -> risk, score, of."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name)
    return {w.lower() for w in re.split(r"[^A-Za-z]+", spaced) if w}


def forbidden(names: set[str]) -> list[str]:
    return sorted(n for n in names if words(n) & FORBIDDEN)


@cache
def modules() -> tuple[Any, ...]:
    """Every module of the package but its commands, which are programs."""
    names = [info.name for info in pkgutil.walk_packages(littoral.__path__, "littoral.")]
    apart = ("__main__", ".migrations")
    return tuple(importlib.import_module(n) for n in names if not any(a in n for a in apart))


def sql_names(url: str) -> set[str]:
    """Tables and columns as they are in a database, whoever made them."""
    engine = sa.create_engine(url)
    inspector = sa.inspect(engine)
    tables = inspector.get_table_names()
    names = set(tables) | {c["name"] for t in tables for c in inspector.get_columns(t)}
    engine.dispose()
    return names


def arrow_names() -> set[str]:
    """Columns of every Arrow schema that a module holds, alone, in a table or in a mapping."""
    names: set[str] = set()
    for module in modules():
        for value in vars(module).values():
            if isinstance(value, type) and issubclass(value, Rows) and hasattr(value, "TABLE"):
                names |= set(value.TABLE.names())
            for one in value.values() if isinstance(value, dict) else [value]:
                if isinstance(one, pa.Schema):
                    names |= set(one.names)
    return names


def cedar_names() -> set[str]:
    text = re.sub(r"//.*", "", CEDAR.read_text())
    return set(re.findall(r"(\w+)\??\s*:", text)) | set(re.findall(r'"([\w.]+)"', text))


@cache
def api() -> dict[str, Any]:
    return document(build_app())


def operations() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, item in api()["paths"].items():
        for method, operation in item.items():
            yield path, method, operation


def properties(schema: Any, seen: frozenset[str] = frozenset()) -> set[str]:
    """Names of all properties of a schema and of those it refers to."""
    names: set[str] = set()
    if isinstance(schema, list):
        return set().union(*(properties(s, seen) for s in schema))
    if not isinstance(schema, dict):
        return names
    ref = schema.get("$ref", "").rpartition("/")[2]
    if ref and ref not in seen:
        names |= properties(api()["components"]["schemas"][ref], seen | {ref})
    if isinstance(schema.get("properties"), dict):
        names |= set(schema["properties"])
    for key, value in schema.items():
        if key not in ("enum", "example", "examples", "default", "required", "$ref"):
            names |= properties(value, seen)
    return names


def answered(operation: dict[str, Any]) -> set[str]:
    return properties([r for s, r in operation["responses"].items() if s.startswith("2")])


def api_names() -> set[str]:
    names = properties(api()["components"]["schemas"])
    for _, _, operation in operations():
        names |= {p["name"] for p in operation.get("parameters", [])}
    return names


def personal_fields() -> frozenset[str]:
    """Of the vault; without those whose names other things have too (a ship's name, a note on an
    alert, the address of a device, the account that signs in, the health of the system)."""
    return frozenset(FIELDS) - {"name", "note", "address", "account", "health"}
