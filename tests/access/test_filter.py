"""Lists: a filter shows exactly the rows that single decisions allow."""

from __future__ import annotations

from dataclasses import replace

import cedarpy
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from littoral.access import (
    Circumstances,
    Decider,
    PolicyFiles,
    Principal,
    Resource,
    Unfilterable,
    mask,
    plain,
    shipped,
    words,
)
from littoral.access.filter import owned_by
from tests.access.asking import DAY_US, NOW_US

FILES = shipped()
DECIDERS = {first: Decider(FILES, first_start=first) for first in (False, True)}

WHOLE = cedarpy.PolicySet.from_str("\n".join(FILES.policies.values()))
SCHEMA = cedarpy.Schema.from_str(FILES.schema)
# Every attribute of the schema, and so of the requests that it accepts.
EVERY = {
    "principal": (
        "id", "roles", "all_roles", "agency", "all_agencies", "unit", "tier", "home",
        "circles", "assurance", "active",
    ),
    "resource": (
        "data_class", "unit", "agency", "areas", "shared_with", "case", "purpose", "owner", "kind",
    ),
    "context": (
        "purpose", "legal_basis", "case", "case_open", "case_unit", "grant_until_us", "now_us",
        "second_person", "break_glass", "network", "first_start",
    ),
}  # fmt: skip

CODES = st.sampled_from(["46", "4601", "4690", "469028"])
UNITS = st.sampled_from(["unit-a", "unit-b"])
principals = st.builds(
    Principal,
    id=st.sampled_from(["user-1", "user-2"]),
    roles=st.lists(st.sampled_from(words.ROLES), max_size=3, unique=True).map(tuple),
    agency=st.sampled_from(words.AGENCIES),
    unit=UNITS,
    tier=st.sampled_from(words.TIERS),
    area=st.lists(CODES, max_size=2, unique=True).map(tuple),
    assurance=st.sampled_from(words.ASSURANCES),
    active=st.sampled_from([True, True, True, False]),
    elsewhere=st.sampled_from([(), (), *[(role,) for role in words.ROLES]]),
    agencies_elsewhere=st.sampled_from([(), (), *[(kind,) for kind in words.AGENCIES]]),
)
resources = st.builds(
    Resource,
    data_class=st.sampled_from(words.DATA_CLASSES),
    unit=st.sampled_from(["", "unit-a", "unit-b"]),
    agency=st.sampled_from(["", *words.AGENCIES]),
    areas=st.lists(CODES, max_size=3, unique=True).map(tuple),
    shared_with=st.lists(
        st.sampled_from(["unit-a", "unit-b", "police", "46", "469028"]), max_size=2, unique=True
    ).map(tuple),
    case=st.sampled_from(["", "case-1", "case-2"]),
    purpose=st.sampled_from(["", *words.PURPOSES]),
    owner=st.sampled_from(["", "user-1", "user-2"]),
    kind=st.sampled_from(
        ["", "blinding", "distress", "dismissed", "escalated", "ended", "held", "court_hold",
         "sealed", "complaint", "privileged", "weakening", "subject_copy", "about_owner", "health",
         "form"]
    ),
)  # fmt: skip
# About now and about the longest accesses that rules allow.
ENDS = [NOW_US + days * DAY_US + more for days in (0, 1, 7, 30, 366) for more in (-1, 0, 1)]
contexts = st.builds(
    Circumstances,
    now_us=st.just(NOW_US),
    purpose=st.sampled_from(["", *words.PURPOSES]),
    legal_basis=st.sampled_from(["", *words.LEGAL_BASES]),
    case=st.sampled_from(["", "case-1", "case-1"]),
    case_open=st.sampled_from([True, True, False]),
    case_unit=UNITS,
    grant_until_us=st.sampled_from([0, *ENDS]),
    second_person=st.booleans(),
    break_glass=st.booleans(),
    network=st.sampled_from(words.NETWORKS),
)
actions = st.sampled_from(words.ACTIONS)


def table(rows: list[Resource]) -> pa.Table:
    return pa.table(
        {
            "data_class": pa.array([r.data_class for r in rows], pa.string()),
            "unit": pa.array([r.unit or None for r in rows], pa.string()),
            "agency": pa.array([r.agency for r in rows], pa.string()).dictionary_encode(),
            "areas": pa.array([list(r.areas) for r in rows], pa.list_(pa.string())),
            "shared_with": pa.array(
                [list(r.shared_with) or None for r in rows], pa.list_(pa.string())
            ),
            "case": pa.array([r.case for r in rows], pa.string()),
            "purpose": pa.array([r.purpose for r in rows], pa.large_string()),
            "owner": np.array([r.owner for r in rows], object),
            "kind": pa.chunked_array([[r.kind for r in rows]], pa.string()),
        }
    )


@settings(max_examples=400, deadline=None)
@given(principals, actions, contexts, st.lists(resources, min_size=1, max_size=12), st.booleans())
def test_a_filter_shows_what_single_decisions_allow(user, action, context, rows, first_start):
    decider = DECIDERS[first_start]
    condition = decider.list_filter(user, action, context)
    one_by_one = [decider.decide(user, action, r, context).allowed for r in rows]
    assert mask(condition, table(rows)).tolist() == one_by_one
    assert [holds(plain(condition), r) for r in rows] == one_by_one


@settings(max_examples=400, deadline=None)
@given(principals, actions, contexts, resources, st.booleans())
def test_who_asks_matters_only_as_the_rules_say(user, action, context, thing, first_start):
    decider, another = DECIDERS[first_start], replace(user, id="user-9")
    asked = decider.list_filter(user, action, context)
    other = decider.list_filter(another, action, context)
    how = decider.asks_who(user, action, context)
    if how == "no":
        assert other == asked
    if how == "as owner":
        assert other == owned_by(asked, user.id, another.id)
    if how != "yes" and thing.owner != user.id:
        assert holds(plain(owned_by(asked, user.id)), thing) == holds(plain(asked), thing)


@pytest.mark.parametrize(
    ("condition", "how"),
    [
        ("resource.owner == principal.id", "as owner"),
        ('principal.id == resource.owner || resource.kind == "a"', "as owner"),
        ("resource.owner == principal.id && resource.case == principal.id", "yes"),
        ("resource.owner != principal.id", "yes"),
        ('principal == User::"user-1"', "yes"),
        ('resource.kind == "a" && principal == User::"user-1"', "yes"),
        ('principal.agency == "police" && resource.kind == "a"', "no"),
        ("resource.areas.contains(principal.home)", "no"),
    ],
)
def test_by_which_rules_it_matters_who_asks(condition, how):
    assert decider_of(condition).asks_who(USER, "alert.read", PLAINLY) == how


@pytest.mark.parametrize("negated", ["", "!"])
def test_a_condition_of_the_own_is_that_of_another_or_of_who_has_nothing(negated):
    condition = f'{negated}(resource.owner == principal.id) && resource.kind == "a"'
    asked = decider_of(condition).list_filter(USER, "alert.read", PLAINLY)
    kind = {"eq": ["kind", "a"]}
    nobody, other = (owned_by(asked, USER.id), owned_by(asked, USER.id, "user-2"))
    assert plain(nobody) == (kind if negated else False)
    own = {"eq": ["owner", "user-2"]}
    assert plain(other) == {"and": sorted([kind, {"not": own} if negated else own], key=repr)}


def holds(tree, row: Resource) -> bool:
    """The plain form, read by its description in access/filter.py alone."""
    if isinstance(tree, bool):
        return tree
    ((operator, inside),) = tree.items()
    match operator:
        case "and":
            return all(holds(part, row) for part in inside)
        case "or":
            return any(holds(part, row) for part in inside)
        case "not":
            return not holds(inside, row)
        case "eq":
            return getattr(row, inside[0]) == inside[1]
        case "in":
            return getattr(row, inside[0]) in inside[1]
        case "holds":
            return bool(set(getattr(row, inside[0])) & set(inside[1]))
    raise AssertionError(operator)


@settings(max_examples=300, deadline=None)
@given(principals, actions, contexts, resources)
@example(
    Principal("user-1", ("system", "analyst"), "police", "unit-a", "city", ("46",), "key"),
    "picture.read",
    Circumstances(NOW_US, network="internal"),
    Resource("operational", areas=("46",)),
)
def test_a_slice_decides_as_the_whole_set_does(user, action, context, thing):
    """Cedar with every rule, every attribute and the schema, beside our way."""
    whole = cedarpy.is_authorized(
        {
            "principal": {"type": "User", "id": user.id},
            "action": {"type": "Action", "id": action},
            "resource": {"type": "Thing", "id": thing.id},
            "context": context.record(EVERY["context"], False),
        },
        WHOLE,
        [user.entity(EVERY["principal"]), thing.entity(EVERY["resource"])],
        SCHEMA,
    )
    assert whole.diagnostics.errors == []
    verdict = DECIDERS[False].decide(user, action, thing, context)
    assert verdict.allowed == whole.allowed
    assert set(verdict.ids) == set(whole.diagnostics.id_annotations_by_reason.values())


RULE = '@id("x") @zh("可") @en("May.") permit (principal, action, resource) when {{ {} }};'


def decider_of(condition: str) -> Decider:
    return Decider(PolicyFiles(FILES.schema, {"x.cedar": RULE.format(condition)}))


USER = Principal("user-1", ("analyst",), "police", "unit-a", "city", ("46",), "totp")
PLAINLY = Circumstances(NOW_US)


@pytest.mark.parametrize(
    ("condition", "tree"),
    [
        ('resource.kind == "a"', {"eq": ["kind", "a"]}),
        ('"a" != resource.kind', {"not": {"eq": ["kind", "a"]}}),
        ('["b", "a"].contains(resource.kind)', {"in": ["kind", ["a", "b"]]}),
        ("resource.areas.contains(principal.home)", {"holds": ["areas", ["46"]]}),
        ('["a", "b"].containsAny(resource.areas)', {"holds": ["areas", ["a", "b"]]}),
        (
            'resource.areas.containsAll(["a", "b"])',
            {"and": [{"holds": ["areas", ["a"]]}, {"holds": ["areas", ["b"]]}]},
        ),
        (
            'if resource.kind == "a" then resource.unit == "u" else false',
            {"and": [{"eq": ["kind", "a"]}, {"eq": ["unit", "u"]}]},
        ),
        ('principal.agency == "police" || resource.kind == "a"', True),
        ('principal.agency == "customs" && resource.kind == "a"', False),
    ],
)
def test_each_expression_becomes_its_condition(condition, tree):
    assert plain(decider_of(condition).list_filter(USER, "alert.read", PLAINLY)) == tree


@pytest.mark.parametrize(
    "condition",
    ['resource.kind like "a*"', "resource.kind == resource.unit", "resource.areas.isEmpty()"],
)
def test_what_no_list_can_be_filtered_by_is_said(condition):
    with pytest.raises(Unfilterable):
        decider_of(condition).list_filter(USER, "alert.read", PLAINLY)


def test_a_row_of_unknown_class_is_shown_to_nobody():
    condition = decider_of("true").list_filter(USER, "alert.read", PLAINLY)
    rows = {"data_class": ["public", "secret", None]}
    assert mask(condition, rows).tolist() == [True, False, False]


def test_no_rows_and_absent_columns():
    condition = decider_of('resource.kind == "" && !resource.areas.contains("46")').list_filter(
        USER, "alert.read", PLAINLY
    )
    assert mask(condition, {"data_class": pa.array([], pa.string())}).tolist() == []
    assert mask(condition, {"data_class": ["public"]}).tolist() == [True]
    assert mask(condition, {"data_class": ["public"], "areas": [["46"]]}).tolist() == [False]
    with pytest.raises(KeyError):
        mask(condition, {"kind": ["a"]})
