"""Entries of the log: one form, nothing of a person in clear, details that a key's end erases."""

from __future__ import annotations

import dataclasses
import hashlib
import hmac
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from littoral.schema.logentry import (
    CODE,
    NUMBER_OF_A_PERSON,
    REFERENCE,
    Details,
    EntryError,
    LogEntry,
    Verdict,
    commit,
    from_bytes,
    is_committed,
    to_bytes,
)

ENTRY = LogEntry(
    time_us=1_764_028_800_000_000,
    actor="account:7f3e",
    action="person.read",
    thing="person:0192f0c4-aaaa-7bbb-8ccc-1234567890ab",
    verdict=Verdict.ALLOW,
    purpose="search-and-rescue",
    case="case:2026/114",
    legal_basis="LED-10a",
    policy_hash=hashlib.sha256(b"policies").digest(),
    details=Details("HMAC-SHA256", "key:19", bytes(32)),
)


def test_the_bytes_are_ordered_json() -> None:
    document = json.loads(to_bytes(ENTRY))
    assert list(document) == sorted(document)
    assert document["policy"] == "sha256:" + hashlib.sha256(b"policies").hexdigest()
    assert document["details"] == {
        "algorithm": "HMAC-SHA256",
        "data": "A" * 43 + "=",
        "key": "key:19",
    }
    bare = LogEntry(0, "system:engine", "retention.run", "rule:9", Verdict.DONE)
    assert to_bytes(bare) == (
        b'{"action":"retention.run","actor":"system:engine","form":1,"thing":"rule:9",'
        b'"time_us":0,"verdict":"done"}'
    )


def says_nothing(text: str) -> bool:
    return not NUMBER_OF_A_PERSON.fullmatch(text.split(":")[-1])


REFERENCES = st.from_regex(REFERENCE, fullmatch=True).filter(says_nothing)
CODES = st.from_regex(CODE, fullmatch=True).filter(says_nothing)


@given(
    st.integers(0, (1 << 63) - 1), REFERENCES, CODES, REFERENCES, st.sampled_from(Verdict),
    st.none() | CODES, st.none() | REFERENCES, st.none() | st.binary(min_size=32, max_size=32),
    st.binary(max_size=300),
)  # fmt: skip
def test_there_and_back(time_us, actor, action, thing, verdict, purpose, case, policy, data):
    details = Details("AES-256-GCM", "key:1", data)
    entry = LogEntry(time_us, actor, action, thing, verdict, purpose, case, None, policy, details)
    assert from_bytes(to_bytes(entry)) == entry


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("actor", "Li Ming"),
        ("actor", "account:李明"),
        ("actor", "account"),
        ("thing", "person:460100198001011234"),
        ("thing", "person:46010019800101123X"),
        ("thing", "phone:13800138000"),
        ("thing", "person:li ming"),
        ("case", ""),
        ("purpose", "because he asked"),
        ("purpose", "13800138000"),
        ("action", None),
        ("time_us", -1),
        ("policy_hash", b"short"),
        ("details", Details("ROT13", "key:1", b"")),
        ("details", Details("HMAC-SHA256", "no reference", b"")),
    ],
)
def test_what_is_not_kept(name: str, value: object) -> None:
    with pytest.raises(EntryError, match=name):
        dataclasses.replace(ENTRY, **{name: value})


def test_too_long() -> None:
    long = dataclasses.replace(ENTRY, details=Details("AES-256-GCM", "key:1", bytes(50_000)))
    with pytest.raises(EntryError, match="at most 65535"):
        to_bytes(long)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"\xff",
        to_bytes(ENTRY) + b" ",
        to_bytes(ENTRY).replace(b'"form":1', b'"form":2'),
        to_bytes(ENTRY).replace(b'"form":1', b'"form":1,"more":1'),
        to_bytes(ENTRY).replace(b'"allow"', b'"perhaps"'),
        b"[" * 100_000,
    ],
)
def test_what_is_no_entry(data: bytes) -> None:
    with pytest.raises(EntryError):
        from_bytes(data)


def test_a_commitment_is_the_keyed_hash() -> None:
    key, plain = bytes(range(32)), "姓名：李明".encode()
    details = commit(plain, "key:19", key)
    assert details.data == hmac.new(key, plain, "sha256").digest()
    assert is_committed(details, plain, key)
    assert not is_committed(details, plain, bytes(32))
    assert not is_committed(details, b"another", key)
    with pytest.raises(EntryError, match="32"):
        commit(plain, "key:19", b"short")
