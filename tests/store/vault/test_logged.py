"""The vault's entries in a real log: readable where they must be, sealed where they may tell."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import orjson
import pytest

from littoral.schema.logentry import from_bytes, to_bytes
from littoral.store.log.signing import Signer
from littoral.store.log.writer import Log, LogError
from littoral.store.vault import breakglass, cases, erasure, grants, persons
from littoral.store.vault.entries import Ask, entry
from littoral.store.vault.logged import as_logged, facts_json, facts_of, log_key, recorder
from littoral.store.vault.sealing import SealError
from littoral.store.vault.vault import Vault
from tests.store.vault.conftest import HOUR, NOW, PERSON


def test_through_a_real_log(vault: Vault, tmp_path: Path) -> None:
    key = log_key(vault, NOW)
    assert log_key(vault, NOW) == key
    with Log(tmp_path / "log", Signer.generate("littoral.example/log")) as log:
        record = recorder(log.append, key, policy_hash=bytes(32))
        case = cases.open_case(
            vault, "user:li", "案", "anti_smuggling", "statutory_duty", "46", NOW, record, "customs"
        )
        ask = Ask("user:li", case.id, "anti_smuggling", "statutory_duty")
        subject = persons.add_subject(vault, ask, "person", PERSON, NOW, record)
        grant = grants.ask_for(
            vault, ask, "read", "personal", NOW + HOUR, "查找报告人的电话", NOW, record,
            search_fields=["phone"],
        )  # fmt: skip
        grants.approve(vault, grant.id, "user:zhao", NOW, record)
        persons.search(vault, ask, grant.id, "phone", PERSON["phone"], NOW, record)
        persons.reveal(vault, ask, grant.id, [subject], NOW, record)
        cases.list_cases(vault, "user:li", [("46", "customs")], NOW, record)
        _, review = breakglass.break_glass(
            vault, "user:li", "落水者身份不明", "emergency", "vital_interest", "46", NOW, record,
            things=[subject], agency="coast_guard",
        )  # fmt: skip
        breakglass.review(vault, review.id, "user:chen", True, "确有必要，已核实", NOW, record)
        done = erasure.erase_subject(vault, ask, subject, "request", NOW, record)
        log.publish()
        entries = [from_bytes(log.proof(i).entry or b"") for i in range(log.size)]
    assert [e.action for e in entries] == [
        "case.open", "intake.write", "grant.request", "grant.approve",
        "person.search", "person.read",
        "person.read", "case.read", "case.open", "breakglass.use", "breakglass.review",
        "person.erase", "person.erase",
    ]  # fmt: skip
    assert {e.policy_hash for e in entries} == {bytes(32)}
    assert erasure.destroyed_keys(entries) == list(done.keys)
    whole = b"".join(map(to_bytes, entries))
    for told in (*PERSON.values(), "phone", "落水者", "案"):
        assert told.encode() not in whole
        assert told.encode("unicode_escape") not in whole
    facts = facts_json(entries[4], key)
    assert facts is not None
    assert orjson.loads(facts) == {"field": "phone", "found": 1}


def test_a_closed_log_gives_no_access(vault: Vault, tmp_path: Path) -> None:
    log = Log(tmp_path / "log", Signer.generate("littoral.example/log"))
    record = recorder(log.append, log_key(vault, NOW))
    case = cases.open_case(
        vault, "user:li", "案", "anti_smuggling", "statutory_duty", "46", NOW, record, "customs"
    )
    ask = Ask("user:li", case.id, "anti_smuggling", "statutory_duty")
    subject = persons.add_subject(vault, ask, "person", PERSON, NOW, record)
    log.close()
    with pytest.raises(LogError):
        persons.show_masked(vault, ask, [subject], NOW, record)


def test_facts_do_not_open_elsewhere(vault: Vault) -> None:
    key = log_key(vault, NOW)
    ask = Ask("user:li", "", "oversight", "statutory_duty")
    logged = as_logged(entry(ask, "person.read", "subject:x", NOW, masked=True), key)
    assert facts_json(logged, key) == b'{"masked":true}'
    with pytest.raises(SealError):
        facts_json(replace(logged, actor="user:wang"), key)
    assert facts_json(replace(logged, details=None), key) is None


def test_facts_are_told_of_the_bytes_of_an_entry_as_of_the_entry(vault: Vault) -> None:
    key = log_key(vault, NOW)
    ask = Ask("user:li", "", "oversight", "statutory_duty")
    logged = as_logged(entry(ask, "person.read", "subject:x", NOW, masked=True), key)
    document = orjson.loads(to_bytes(logged))
    assert facts_of(document, key) == facts_json(logged, key)
    for name, other in {"actor": "user:wang", "time_us": NOW + 1, "verdict": "deny"}.items():
        with pytest.raises(SealError):
            facts_of(document | {name: other}, key)
    bare = replace(logged, details=None)
    assert facts_of(orjson.loads(to_bytes(bare)), key) is None
