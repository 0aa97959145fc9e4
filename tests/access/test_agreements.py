"""Agreements between units: what they show, that lists show the same, and that they do no more."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from littoral.access import Circumstances, Decider, Principal, Resource, mask, shipped, words
from littoral.access.agreements import ANY_KIND, CLASSES, KINDS, OF_CASES, SHOWS
from littoral.access.request import Received
from tests.access.asking import NOW_US
from tests.access.test_filter import CODES, contexts, principals, resources, table

DECIDER = Decider(shipped())
NOW = Circumstances(NOW_US, network="internal")
LEAD = Principal("user-1", ("watch_lead",), "police", "460200", "city", ("460200", "46"), "totp")
THEIRS = Resource(
    "operational", "t-1", unit="460100", agency="coast_guard", areas=("460100", "46"), kind="rescue"
)
agreements = st.builds(
    Received,
    kind=st.sampled_from([ANY_KIND, *KINDS]),
    unit=CODES,
    agency=st.sampled_from(["", "", *words.AGENCIES]),
)
parties = st.builds(
    lambda user, received: replace(user, received=tuple(received)),
    principals,
    st.lists(agreements, max_size=4),
)
asked = st.one_of(st.sampled_from(sorted(SHOWS)), st.sampled_from(words.ACTIONS))


@settings(max_examples=600, deadline=None)
@given(parties, asked, contexts, st.lists(resources, min_size=1, max_size=12))
def test_a_list_shows_what_single_decisions_allow_under_agreements(user, action, context, rows):
    one_by_one = [DECIDER.decide(user, action, r, context).allowed for r in rows]
    assert mask(DECIDER.list_filter(user, action, context), table(rows)).tolist() == one_by_one


@settings(max_examples=600, deadline=None)
@given(parties, asked, contexts, resources)
def test_an_agreement_takes_nothing_and_shows_operational_things_alone(
    user, action, context, thing
):
    before = DECIDER.decide(replace(user, received=()), action, thing, context).allowed
    now = DECIDER.decide(user, action, thing, context).allowed
    assert now or not before
    if now and not before:
        assert action in SHOWS
        assert thing.data_class in CLASSES
        assert any(a.unit in thing.areas for a in user.received)


def allowed(action: str, *received: Received, thing: Resource = THEIRS) -> bool:
    return DECIDER.decide(replace(LEAD, received=received), action, thing, NOW).allowed


@pytest.mark.parametrize("action", ["incident.read", "task.read", "responder.read"])
def test_what_is_shared_is_seen(action):
    kind = SHOWS[action]
    other = next(k for k in KINDS if k != kind)
    assert not allowed(action)
    for received in (
        Received(kind, "460100"),
        Received(ANY_KIND, "460100"),
        Received(kind, "46"),
        Received(kind, "460100", "coast_guard"),
    ):
        assert allowed(action, received), received
    for received in (
        Received(other, "460100"),
        Received(kind, "460300"),
        Received(kind, "460100", "customs"),
    ):
        assert not allowed(action, received), received


@pytest.mark.parametrize("action", ["incident.act", "incident.close", "task.assign", "task.act"])
def test_an_agreement_lets_nobody_act(action):
    assert not allowed(action, *(Received(kind, "460100") for kind in (ANY_KIND, *KINDS)))


@pytest.mark.parametrize("kind", sorted(OF_CASES))
def test_what_belongs_to_cases_is_shared_expressly(kind):
    action = f"{kind}.read"
    user = replace(LEAD, roles=("investigator",), agency="coast_guard")
    stated = Circumstances(
        NOW_US, "anti_smuggling", "statutory_duty", "case-1", True, "460200", network="internal"
    )
    thing = replace(THEIRS, case="case-1", purpose="anti_smuggling", kind=kind)

    def sees(received: Received, data_class: str = "operational") -> bool:
        asker = replace(user, received=(received,))
        of_class = replace(thing, data_class=data_class)
        return DECIDER.decide(asker, action, of_class, stated).allowed

    assert sees(Received(kind, "460100"))
    assert not sees(Received(ANY_KIND, "460100"))
    assert not sees(Received(kind, "460100"), "personal")
    assert not sees(Received(kind, "460100"), "sensitive")
