"""Checklists as files: every fault by line and field; what is ticked is what the steps say."""

from __future__ import annotations

import pytest

from littoral.respond.incident.checklist import ChecklistError, checklist_of, ticked
from littoral.respond.incident.flow import after
from littoral.respond.incident.step import Refused
from littoral.respond.incident.words import TYPES
from littoral.store.checklists import shipped

from .test_flow import in_state, step

GOOD = """\
type = "rescue"
zh = "搜救"
en = "Rescue"

[[source]]
id = "iamsar"
zh = "手册"
en = "Manual"

[[item]]
id = "position"
zh = "位置"
en = "Position"
source = "iamsar"

[[item]]
id = "persons"
zh = "人数"
en = "Persons"
"""
SEEN = {"zh": "位置", "en": "Position"}


def faults(text: str) -> list[tuple[int, str]]:
    with pytest.raises(ChecklistError) as error:
        checklist_of(text)
    return [(f.line, f.field) for f in error.value.faults]


def test_those_that_come_with_it_are_whole_and_name_their_sources() -> None:
    found = {kind: checklist_of(text) for kind, text in shipped().items()}
    assert set(found) == {
        "smuggling", "rescue", "collision", "fire", "storm", "landing", "epidemic",
    }  # fmt: skip
    assert set(found) <= set(TYPES)
    for kind, checklist in found.items():
        assert checklist.type == kind
        assert len(checklist.items) >= 8
        # A source that nothing rests on, or none at all, would be an ornament.
        assert {s.id for s in checklist.sources} == {i.source for i in checklist.items} - {""}


def test_a_file_as_it_should_be() -> None:
    found = checklist_of(GOOD)
    assert [(i.id, i.source) for i in found.items] == [("position", "iamsar"), ("persons", "")]
    assert found.item("persons") is not None
    assert found.item("x") is None


@pytest.mark.parametrize(
    ("before", "now", "where"),
    [
        ('type = "rescue"', 'type = "ufo"', [(1, "type")]),
        ('type = "rescue"', 'kind = "rescue"', [(1, "kind"), (1, "type")]),
        ('zh = "人数"\n', "", [(16, "zh")]),  # at its [[item]], since it stands nowhere
        ('en = "Persons"', "en = 3", [(19, "en")]),
        ('en = "Persons"', 'en = " "', [(19, "en")]),
        ('en = "Persons"', 'en = "' + "x" * 301 + '"', [(19, "en")]),
        ('id = "persons"', 'id = "position"', [(17, "id")]),
        ('id = "persons"', 'id = "who is it"', [(17, "id")]),
        ('source = "iamsar"', 'source = "hearsay"', [(14, "source")]),
        ('source = "iamsar"', 'sourse = "iamsar"', [(14, "sourse")]),
        ('en = "Persons"', 'en = """\nPersons"""', [(19, "text")]),
        ('en = "Persons"', "en = Persons", [(19, "TOML")]),
        ("[[item]]", "[item]", [(10, "TOML")]),
    ],
)
def test_each_fault_is_named_by_line_and_field(
    before: str, now: str, where: list[tuple[int, str]]
) -> None:
    text = GOOD.replace(before, now)
    found = faults(text)
    if where[0][1] == "TOML":  # the parser's own line, at or after the fault
        assert [field for _, field in found] == ["TOML"]
        assert found[0][0] >= where[0][0]
    else:
        assert found == where


def test_all_faults_are_named_at_once_in_the_order_of_the_lines() -> None:
    text = GOOD.replace('"Position"', '""').replace('"Rescue"', "1").replace('"人数"', "2")
    assert faults(text) == [(3, "en"), (13, "en"), (18, "zh")]


def test_a_list_has_items_and_not_too_many() -> None:
    head = GOOD.partition("[[item]]")[0]
    assert faults(head) == [(1, "item")]
    assert faults(head + "item = 3\n") != []
    many = head + "".join(f'[[item]]\nid = "i{n}"\nzh = "a"\nen = "b"\n' for n in range(61))
    assert [field for _, field in faults(many)] == ["item"]
    inline = 'item = [{ id = "a", zh = "b", en = "c" }]\n' + head
    assert faults(inline) == [(1, "item")]


def test_the_first_tick_stands_until_it_is_taken_back() -> None:
    fields = {"checklist": "rescue", "item": "position", "seen": SEEN}
    first, second = step("tick", 5, **fields), step("tick", 6, **fields)
    other = step("tick", 7, checklist="fire", item="position", seen=SEEN)
    back = step("untick", 8, reason="wrong boat", **fields)
    assert ticked([first, second, other], "rescue") == {"position": first}
    assert ticked([first, second, back], "rescue") == {}
    assert ticked([first, back, second], "rescue") == {"position": second}


def test_a_tick_changes_no_state_and_says_what_was_seen() -> None:
    before = in_state("handling")
    fields = {"checklist": "rescue", "item": "position", "seen": SEEN}
    made = after(before, step("tick", 99, **fields))
    assert (made.state, made.since_us, made.version) == (
        before.state, before.since_us, before.version + 1,
    )  # fmt: skip
    for name in ("checklist", "item", "seen"):
        with pytest.raises(Refused) as refused:
            after(before, step("tick", 99, **{n: v for n, v in fields.items() if n != name}))
        assert refused.value.field == name
    with pytest.raises(Refused) as refused:
        after(before, step("untick", 99, **fields))
    assert refused.value.field == "reason"
    with pytest.raises(Refused):
        after(in_state("closed"), step("tick", 99, **fields))
