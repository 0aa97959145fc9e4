"""Values that generators of valid JSON never make, in every place of every operation.

Halves of surrogate pairs, NUL, NaN, infinities, whole numbers beyond all types, nesting without
end, in each member of the least body that an operation takes, in each parameter of its address and
query. Whatever comes back must be named by the document for that operation, and never be a 5xx.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

import httpx

from bench._fuzz_server import Ground

RAW = (
    '"\\ud800"', '"\\u0000"', '"a\\u0000b"', "NaN", "Infinity", "-1e999", "1" + "0" * 400, "-1",
    "1e308", "0.1", "[]", "{}", "null", "true", '""', '"' + "x" * 20_000 + '"', "[" * 5_000,
    '"' + "\u202e\U0001f6a2" + '"', '"9999-12-31T23:59:60Z"', '"0000-00-00"', "[[[[[[1]]]]]]",
)  # fmt: skip
WORDS = (
    "%00", "%ff", "%ed%a0%80", "..%2f..", "%2e%2e", "x" * 3_000, "-1", "1e999", "NaN",
    "9" * 400, "%E2%80%AE", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999999-14:00",
    "null", "a'b", "%25", "", "13800138000", "460106001001001", "11010519491231002X",
)  # fmt: skip
TELL_EVERY_S = 15.0
MARK = "\ue000"  # where the odd value goes; in no text of ours
Schema = Mapping[str, Any]


def least(schema: Schema, parts: Mapping[str, Schema]) -> Any:
    """The least value of a schema: needed members only, the first of what may be chosen."""
    while "$ref" in schema:
        schema = parts[schema["$ref"].rpartition("/")[2]]
    for key in ("const", "default"):
        if schema.get(key) is not None:
            return schema[key]
    for key in ("examples", "enum"):
        if schema.get(key):
            return schema[key][0]
    for key in ("anyOf", "oneOf", "allOf"):
        if key in schema:
            return least(next(s for s in schema[key] if s.get("type") != "null"), parts)
    match schema.get("type"):
        case "object":
            given = schema.get("properties", {})
            return {name: least(given[name], parts) for name in given} or {"name": "x"}
        case "array":
            items = schema.get("prefixItems") or [schema.get("items", {})]
            return [least(item, parts) for item in items]
        case "integer" | "number":
            return schema.get("minimum", 1)
        case "boolean":
            return True
    return "2027-01-01T00:00:00Z" if schema.get("format") == "date-time" else "as the duty asks"


def marked(value: Any) -> Iterator[Any]:
    """The value with a mark in place of each of its parts in turn."""
    yield MARK
    if isinstance(value, dict):
        for name, part in value.items():
            for other in marked(part):
                yield {**value, name: other}
        yield {**value, MARK: 1}
    elif isinstance(value, list):
        for i, part in enumerate(value):
            for other in marked(part):
                yield [*value[:i], other, *value[i + 1 :]]


def bodies(operation: Schema, parts: Mapping[str, Schema]) -> Iterator[bytes]:
    content = operation.get("requestBody", {}).get("content", {}).get("application/json")
    if content is None:
        return
    for each in marked(least(content["schema"], parts)):
        text = json.dumps(each, ensure_ascii=False)
        for raw in RAW:
            yield text.replace(f'"{MARK}"', raw).encode("utf-8", "surrogatepass")


def addresses(path: str, operation: Schema, known: Mapping[str, list[str]]) -> Iterator[str]:
    """The path and query, with one odd word in one parameter at a time."""
    parameters = operation.get("parameters", [])
    plain = path
    for p in parameters:
        if p["in"] == "path":
            there = known.get(p["name"], ["x"])[0]
            plain = plain.replace("{" + p["name"] + "}", quote(there, safe=""))
    yield plain
    for p in parameters:
        for word in WORDS:
            if p["in"] == "path":
                first = path.replace("{" + p["name"] + "}", word or "%20")
                for other in parameters:
                    first = first.replace("{" + other["name"] + "}", "x")
                yield first
            elif p["in"] == "query":
                yield f"{plain}?{p['name']}={word}"


def ask_odd(
    ground: Ground, role: str, document: Mapping[str, Any], most: int, until: float
) -> tuple[int, list[str]]:
    """(requests, what is wrong); at most `most` requests an operation. Each operation has its share
    of the time that is left until `until`, by the monotonic clock."""
    parts = document["components"]["schemas"]
    asked, wrong, told = 0, set(), time.monotonic()
    left = sum(len(item) for item in document["paths"].values())
    with httpx.Client(base_url=ground.url, timeout=60) as client:
        for path, item in document["paths"].items():
            for method, operation in item.items():
                requests = [(a, None) for a in addresses(path, operation, ground.known)]
                requests += [(requests[0][0], body) for body in bodies(operation, parts)]
                step = max(1, len(requests) // most)
                end = time.monotonic() + (until - time.monotonic()) / left
                left -= 1
                for n, (address, body) in enumerate(requests[::step]):
                    if n and time.monotonic() > end:
                        break
                    asked += 1
                    said = _ask(client, ground, role, method, address, body, operation)
                    if said and f"{method.upper()} {path}: {said}" not in wrong:
                        wrong.add(f"{method.upper()} {path}: {said}")
                        print(f"    {method.upper()} {path}: {said}: {address[:200]} {body!r:.300}")
                if time.monotonic() - told > TELL_EVERY_S:
                    told = time.monotonic()
                    print(f"    {role}: odd values, {left} operations to go", flush=True)
    print(f"{role}: {asked:,} requests with odd values, {len(wrong)} wrong", flush=True)
    return asked, sorted(wrong)


def _ask(
    client: httpx.Client,
    ground: Ground,
    role: str,
    method: str,
    address: str,
    body: bytes | None,
    operation: Schema,
) -> str:
    headers = ground.headers(role)
    if body is not None:
        headers["content-type"] = "application/json"
    url = httpx.URL(ground.url).copy_with(raw_path=address.encode())
    answer = client.request(method.upper(), url, headers=headers, content=body)
    status = answer.status_code
    if status >= 500 and status != 503:
        return f"answers {status}"
    elsewhere = status in (404, 405)  # a word with a slash in it leads to another path altogether
    if str(status) not in operation["responses"] and not elsewhere:
        return f"answers {status}, which the document does not name"
    kind = answer.headers.get("content-type", "").partition(";")[0]
    if status >= 400 and kind != "application/problem+json":
        return f"answers {status} as {kind}"
    return ""
