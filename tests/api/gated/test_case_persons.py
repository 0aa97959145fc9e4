"""A case of many persons: each is listed."""

from __future__ import annotations

from typing import Any

from littoral.store.vault import erasure, persons
from littoral.store.vault.entries import Ask

from .conftest import Watch
from .test_cases import CASE, opened


def test_all_persons_of_a_case_are_listed_page_by_page(watch: Watch) -> None:
    """The 101st too, also while somebody at the edge of a page is erased."""
    investigator = watch.browser("investigator", "customs")
    case, first = opened(investigator)
    trust = watch.gate.trust
    ask = Ask("account:li", case, str(CASE["purpose"]), str(CASE["legal_basis"]))
    ids = [first] + [
        persons.add_subject(
            trust.vault, ask, "person", {"name": f"林{n}"}, trust.now_us(), trust.record
        )
        for n in range(101)
    ]

    def page(**query: Any) -> tuple[list[str], str | None]:
        answer = investigator.get(f"/cases/{case}/subjects", params=query)
        assert answer.status_code == 200, answer.text
        return [i["id"] for i in answer.json()["items"]], answer.json()["next_cursor"]

    shown, cursor = page()
    rest, last = page(cursor=cursor)
    assert (len(shown), shown + rest, last) == (100, ids, None)
    assert page(limit=100) == (shown, cursor)
    assert page(limit=51)[0] == ids[:51]
    assert page(limit=51, cursor=page(limit=51)[1]) == (ids[51:], None)
    erasure.erase_subject(trust.vault, ask, shown[-1], "request", trust.now_us(), trust.record)
    assert page(cursor=cursor) == (rest, None)
    refused = [{"cursor": "x"}, {"limit": 101}, {"limit": 0}]
    path = f"/cases/{case}/subjects"
    assert {investigator.get(path, params=q).status_code for q in refused} == {400}
    read = [e for e in watch.logged() if e.action == "person.read"]
    assert {f"subject:{i}" for i in ids} <= {e.thing for e in read}
