"""Running the rules: preview says what, run does it, the log has the proof."""

from __future__ import annotations

import hashlib
from itertools import pairwise
from pathlib import Path

import pytest

from littoral.access.retention import DAY_US
from littoral.store.evidence import custody
from littoral.store.vault import cases, erasure, holds, persons, retention
from littoral.store.vault.entries import AccessDenied, Ask
from littoral.store.vault.retention import Ending
from littoral.store.vault.vault import Erased, NotThere, Vault
from tests.store.evidence.test_media import JPEG
from tests.store.vault.conftest import NOW, PERSON, FakeLog, Scene

RULES = retention.packaged_rules()
WAITS = retention.ENDS_AFTER_US


@pytest.fixture
def epidemic(vault: Vault, log: FakeLog) -> Scene:
    case = cases.open_case(
        vault, "user:yi", "疫情排查", "epidemic_control", "public_health_emergency", "46", NOW, log,
        "health",
    )  # fmt: skip
    ask = Ask("user:yi", case.id, "epidemic_control", "public_health_emergency")
    return Scene(ask, persons.add_subject(vault, ask, "contact", PERSON, NOW, log))


def states(vault: Vault, now_us: int) -> dict[str, str]:
    return {d.item.id: d.state for d in retention.preview(vault, RULES, now_us)}


def test_epidemic_data_ends_with_its_purpose(
    vault: Vault, scene: Scene, epidemic: Scene, log: FakeLog, data: Path
) -> None:
    folder = data / "evidence"
    photo = custody.add(vault, folder, epidemic.ask, [JPEG], "", "", "personal", NOW, log)
    assert set(states(vault, NOW + DAY_US).values()) == {"kept"}
    end = NOW + 2 * DAY_US
    retention.end_purpose(vault, "user:dpo", "epidemic_control", "health", end - WAITS, log)
    assert states(vault, end) == {
        epidemic.subject: "due", photo.id: "due", epidemic.ask.case: "due",
        scene.subject: "kept", scene.ask.case: "kept",
    }  # fmt: skip
    before = len(log.entries)
    ran = retention.run(vault, RULES, "user:dpo", end, log, folder)
    assert set(ran.erased) == {epidemic.subject, photo.id, epidemic.ask.case}
    assert (ran.refused, ran.files) == ((), (photo.id,))
    assert not [p for p in folder.rglob("*") if p.is_file()]
    for thing in (epidemic.subject,):
        with pytest.raises(Erased):
            erasure.erase_subject(vault, epidemic.ask, thing, "request", end, log)
    assert persons.show_masked(vault, scene.ask, [scene.subject], end, log)
    # The proof: each thing with its key, and one hash over them in order.
    said = log.entries[before:]
    pairs = [
        (a.thing.split(":")[1], b.thing.split(":")[1])
        for a, b in pairwise(said)
        if a.action == b.action == "person.erase" and b.thing.startswith("key:")
        and not a.thing.startswith("key:")
    ]  # fmt: skip
    digest = hashlib.sha256("".join(f"{t}\n{k}\n" for t, k in pairs).encode()).hexdigest()
    assert digest == ran.proof
    (last,) = [e for e in said if e.action == "retention.run" and "sha256" in e.facts]
    assert dict(last.facts) == {"erased": 3, "refused": 0, "sha256": digest}
    assert "张三" not in repr(said)
    # What is collected after the end is another outbreak's.
    again = cases.open_case(
        vault, "user:yi", "新疫情", "epidemic_control", "public_health_emergency", "46",
        end + 1, log, "health",
    )  # fmt: skip
    assert states(vault, end + 2)[again.id] == "kept"


def test_a_hold_keeps_a_person_and_with_it_the_case(
    vault: Vault, epidemic: Scene, log: FakeLog
) -> None:
    other = persons.add_subject(vault, epidemic.ask, "contact", {"name": "李四"}, NOW, log)
    held = holds.set_hold(vault, "user:fa", epidemic.subject, "court_order", "12", NOW, log)
    retention.end_purpose(vault, "user:dpo", "epidemic_control", "health", NOW - WAITS, log)
    assert states(vault, NOW) == {
        epidemic.subject: "held", other: "due", epidemic.ask.case: "held",
    }  # fmt: skip
    assert retention.run(vault, RULES, "user:dpo", NOW, log).erased == (other,)
    holds.release(vault, "user:gao", held.id, "court_order", "13", NOW, log)
    ran = retention.run(vault, RULES, "user:dpo", NOW, log)
    assert ran.erased == (epidemic.subject, epidemic.ask.case)
    assert retention.run(vault, RULES, "user:dpo", NOW, log).erased == ()


def test_a_case_waits_until_nothing_of_it_is_kept(vault: Vault, scene: Scene, log: FakeLog) -> None:
    cases.close_case(vault, "user:li", scene.ask.case, NOW, log)
    day = 1095
    short = tuple(r for r in RULES if r.id != "smuggling-case")
    ran = retention.run(vault, short, "user:dpo", NOW + day * DAY_US, log)
    assert (ran.erased, ran.refused) == ((), (scene.ask.case,))
    ran = retention.run(vault, RULES, "user:dpo", NOW + day * DAY_US, log)
    assert ran.erased == (scene.subject, scene.ask.case)


def test_a_purpose_ends_for_one_agency_alone(vault: Vault, epidemic: Scene, log: FakeLog) -> None:
    """Customs has done with the epidemic; what the health authority keeps goes on."""
    theirs = cases.open_case(
        vault, "user:li", "疫情排查", "epidemic_control", "public_health_emergency", "46", NOW, log,
        "customs",
    )  # fmt: skip
    retention.end_purpose(vault, "user:dpo", "epidemic_control", "customs", NOW - WAITS, log)
    assert dict(log.entries[-1].facts) == {
        "change": "end", "agency": "customs", "until_us": NOW,
    }  # fmt: skip
    assert states(vault, NOW) == {
        theirs.id: "due", epidemic.subject: "kept", epidemic.ask.case: "kept",
    }  # fmt: skip
    nobody = retention.run(vault, RULES, "user:dpo", NOW, log, chosen=lambda due: [])
    assert nobody.erased == ()
    assert retention.run(vault, RULES, "user:dpo", NOW, log).erased == (theirs.id,)


def test_an_end_waits_and_can_be_taken_back(vault: Vault, epidemic: Scene, log: FakeLog) -> None:
    """It is one person's word: nothing is due before others could see it."""
    both = {epidemic.subject, epidemic.ask.case}
    said = retention.end_purpose(vault, "user:dpo", "epidemic_control", "health", NOW, log)
    assert said == Ending("epidemic_control", "health", NOW + 3 * DAY_US, "user:dpo")
    assert retention.endings(vault, NOW) == [said]
    assert set(states(vault, said.at_us - 1).values()) == {"kept"}
    assert retention.run(vault, RULES, "user:dpo", said.at_us - 1, log).erased == ()
    again = retention.end_purpose(vault, "user:two", "epidemic_control", "health", NOW + 1, log)
    assert again == said  # said twice it ends no sooner, and no later
    with pytest.raises(NotThere):
        retention.take_end_back(vault, "user:two", "epidemic_control", "customs", NOW, log)
    retention.take_end_back(vault, "user:two", "epidemic_control", "health", said.at_us - 1, log)
    assert dict(log.entries[-1].facts) == {"change": "take_back", "agency": "health"}
    assert retention.endings(vault, NOW) == []
    assert set(states(vault, said.at_us).values()) == {"kept"}
    ends = retention.end_purpose(vault, "user:dpo", "epidemic_control", "health", NOW, log).at_us
    with pytest.raises(NotThere):  # it has come
        retention.take_end_back(vault, "user:two", "epidemic_control", "health", ends, log)
    assert set(retention.run(vault, RULES, "user:dpo", ends, log).erased) == both


def test_only_purposes_end(vault: Vault, log: FakeLog) -> None:
    with pytest.raises(AccessDenied):
        retention.end_purpose(vault, "user:dpo", "curiosity", "health", NOW, log)
    with pytest.raises(AccessDenied):
        retention.end_purpose(vault, "user:dpo", "epidemic_control", "", NOW, log)
