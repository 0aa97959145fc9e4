"""What one account reads in plain without a second person is summed over a day and all cases."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from dataclasses import replace

import pytest
import sqlalchemy as sa

from littoral.store.vault import breakglass, cases, grants, persons
from littoral.store.vault.entries import AccessDenied, Ask
from littoral.store.vault.grants import Grant
from littoral.store.vault.rules import DAY_US, Limits
from littoral.store.vault.vault import Vault
from tests.store.vault.conftest import HOUR, NOW, FakeLog, Scene

WHY = "核对船员身份，见第 12 号"
ALONE = Limits().read_alone


def people(vault: Vault, ask: Ask, log: FakeLog, count: int) -> list[str]:
    return [
        persons.add_subject(vault, ask, "person", {"name": f"甲{i}"}, NOW, log)
        for i in range(count)
    ]


def wanted(
    vault: Vault, ask: Ask, log: FakeLog, things: Sequence[str], now_us: int = NOW, **more: bool
) -> Grant:
    return grants.ask_for(
        vault, ask, "read", "personal", now_us + HOUR, WHY, now_us, log, things, **more
    )


def other_case(vault: Vault, log: FakeLog) -> Ask:
    case = cases.open_case(
        vault, "user:li", "另案", "anti_smuggling", "statutory_duty", "460100", NOW, log, "customs"
    )
    return Ask("user:li", case.id, "anti_smuggling", "statutory_duty")


def refused(vault: Vault, ask: Ask, grant: Grant, things: Sequence[str], log: FakeLog) -> str:
    with pytest.raises(AccessDenied) as caught:
        persons.reveal(vault, ask, grant.id, things, NOW, log)
    assert log.entries[-1].facts == {"code": caught.value.code}
    return caught.value.code


def test_a_sixth_of_a_register_is_not_read_alone(vault: Vault, scene: Scene, log: FakeLog) -> None:
    ids = people(vault, scene.ask, log, 2 * ALONE + 1)
    first = wanted(vault, scene.ask, log, ids[:ALONE])
    assert (first.needs, first.facts.state) == (0, "active")
    persons.reveal(vault, scene.ask, first.id, ids[:ALONE], NOW, log)
    second = wanted(vault, scene.ask, log, ids[ALONE : ALONE + 1])
    assert (second.needs, second.facts.state) == (1, "asked")
    assert refused(vault, scene.ask, second, ids[ALONE : ALONE + 1], log) == "not_active"
    with pytest.raises(AccessDenied):
        grants.approve(vault, second.id, "user:li", NOW, log)
    grants.approve(vault, second.id, "user:zhao", NOW, log)
    assert persons.reveal(vault, scene.ask, second.id, ids[ALONE : ALONE + 1], NOW, log)
    # The same persons again are no more, and what another approved counts for nothing.
    assert wanted(vault, scene.ask, log, ids[:ALONE]).needs == 0
    assert wanted(vault, scene.ask, log, ids[ALONE:]).needs == 1
    assert wanted(vault, scene.ask, log, [scene.subject]).needs == 1


def test_more_at_once_than_one_reads_alone_waits(vault: Vault, scene: Scene, log: FakeLog) -> None:
    ids = people(vault, scene.ask, log, ALONE)
    assert wanted(vault, scene.ask, log, [*ids, scene.subject]).needs == 1
    assert wanted(vault, scene.ask, log, (), whole_case=True).needs == 1
    assert wanted(vault, scene.ask, log, ids).needs == 0


def test_grants_that_are_not_used_yet_count_as_well(
    vault: Vault, scene: Scene, log: FakeLog
) -> None:
    elsewhere = other_case(vault, log)
    ids, more = people(vault, scene.ask, log, ALONE - 1), people(vault, elsewhere, log, 2)
    grant = wanted(vault, scene.ask, log, (), whole_case=True)
    assert grant.needs == 0
    assert wanted(vault, elsewhere, log, more[:1]).needs == 1
    persons.reveal(vault, scene.ask, grant.id, ids[: ALONE - 2], NOW, log)
    grants.end(vault, grant.id, "user:li", NOW, log)
    assert wanted(vault, elsewhere, log, more).needs == 0


def test_a_day_later_one_reads_alone_again(vault: Vault, scene: Scene, log: FakeLog) -> None:
    ids = people(vault, scene.ask, log, ALONE)
    grant = wanted(vault, scene.ask, log, ids)
    persons.reveal(vault, scene.ask, grant.id, ids, NOW, log)
    elsewhere = other_case(vault, log)
    new = people(vault, elsewhere, log, 1)
    assert wanted(vault, elsewhere, log, new, NOW + DAY_US - 1).needs == 1
    assert wanted(vault, elsewhere, log, new, NOW + DAY_US).needs == 0


def test_it_is_counted_again_when_it_is_shown(vault: Vault, scene: Scene, log: FakeLog) -> None:
    """A case grows, and two that are asked for at one moment do not see each other."""
    grant = wanted(vault, scene.ask, log, (), whole_case=True)
    ids = [scene.subject, *people(vault, scene.ask, log, ALONE)]
    assert refused(vault, scene.ask, grant, ids, log) == "alone"
    assert persons.reveal(vault, scene.ask, grant.id, ids[:ALONE], NOW, log)
    assert refused(vault, scene.ask, grant, ids[ALONE:], log) == "alone"
    with pytest.raises(AccessDenied):
        persons.correct(vault, scene.ask, grant.id, ids[ALONE], {"name": "乙"}, NOW, log)
    assert persons.reveal(vault, scene.ask, grant.id, ids[:ALONE], NOW, log)
    assert wanted(vault, scene.ask, log, ids[ALONE:]).needs == 1


def test_two_at_one_moment_do_not_both_show_the_last(
    vault: Vault, scene: Scene, log: FakeLog
) -> None:
    narrow = replace(vault, limits=replace(vault.limits, read_alone=1))
    elsewhere = other_case(vault, log)
    new = people(vault, elsewhere, log, 1)
    # Asked for as if neither saw the other.
    asked = [wanted(vault, scene.ask, log, [scene.subject]), wanted(vault, elsewhere, log, new)]
    said: list[str] = []

    def look() -> None:
        try:
            persons.reveal(narrow, elsewhere, asked[1].id, new, NOW, log)
            said.append("shown")
        except AccessDenied as denied:
            said.append(denied.code)

    other = threading.Thread(target=look)
    with narrow.db.write() as connection:
        grants.use(
            narrow, connection, asked[0].id, scene.ask, [scene.subject], "personal", ("read",),
            NOW, [scene.subject],
        )  # fmt: skip
        other.start()
        if connection.dialect.name == "postgresql":
            waits = sa.text("SELECT count(*) FROM pg_locks WHERE NOT granted")
            until_s = time.monotonic() + 20
            while not connection.execute(waits).scalar() and time.monotonic() < until_s:
                time.sleep(0.02)
    other.join()
    assert said == ["alone"]


def test_glass_is_broken_as_before(vault: Vault, scene: Scene, log: FakeLog) -> None:
    """It is reviewed by another person; neither is it counted."""
    ids = people(vault, scene.ask, log, ALONE + 1)
    first = wanted(vault, scene.ask, log, ids[:ALONE])
    persons.reveal(vault, scene.ask, first.id, ids[:ALONE], NOW, log)
    grant, _ = breakglass.break_glass(
        vault, "user:li", "落水者身份不明，须联系家属", "search_and_rescue", "vital_interest",
        "460100", NOW, log, things=ids[ALONE:], agency="coast_guard",
    )  # fmt: skip
    ask = Ask("user:li", grant.facts.case, "search_and_rescue", "vital_interest")
    assert persons.reveal(vault, ask, grant.id, ids[ALONE:], NOW, log)
    assert wanted(vault, scene.ask, log, ids[:ALONE]).needs == 0


def test_another_account_is_counted_for_itself(vault: Vault, scene: Scene, log: FakeLog) -> None:
    ids = people(vault, scene.ask, log, ALONE)
    grant = wanted(vault, scene.ask, log, ids)
    persons.reveal(vault, scene.ask, grant.id, ids, NOW, log)
    assert wanted(vault, replace(scene.ask, actor="user:wang"), log, [scene.subject]).needs == 0
