"""Passkeys against an authenticator in software: registered, used, and every way to cheat."""

from __future__ import annotations

from typing import Any

import pytest

from littoral.store.people.accounts import AccountRefused
from littoral.store.people.identity import Identity
from littoral.store.people.own_credentials import ProveAgain
from littoral.store.people.passkeys import MOST, Passkeys
from littoral.store.people.signin import SignInRefused

from .authenticator import Authenticator
from .conftest import BROWSER, PASSWORD, World

SITE = "https://watch.example"


@pytest.fixture
def passkeys(world: World) -> Passkeys:
    return Passkeys(world.signin, "watch.example", SITE)


@pytest.fixture
def who(world: World) -> Identity:
    world.officer()
    return world.signin.sign_in("wang", PASSWORD, "", BROWSER).identity


def register(passkeys: Passkeys, who: Identity, device: Authenticator) -> str:
    begun = passkeys.start_registration(who)
    return passkeys.register(who, begun["token"], "phone", device.create(begun["publicKey"])).id


def test_a_passkey_signs_in_alone(passkeys: Passkeys, who: Identity, world: World) -> None:
    device = Authenticator(SITE)
    begun = passkeys.start_registration(who)
    assert begun["publicKey"]["authenticatorSelection"]["userVerification"] == "required"
    passkeys.register(who, begun["token"], "my phone", device.create(begun["publicKey"]))
    assert [p.name for p in passkeys.listed(who)] == ["my phone"]
    for _ in range(2):
        begun = passkeys.start_sign_in()
        assert not begun["publicKey"].get("allowCredentials")  # names nobody
        found = passkeys.sign_in(begun["token"], device.get(begun["publicKey"]), BROWSER)
        assert (found.identity.id, found.identity.assurance) == (who.id, "passkey")
    assert world.actions()[-3:] == ["account.passkey", "signin.success", "signin.success"]


def test_an_answer_works_once(passkeys: Passkeys, who: Identity) -> None:
    device = Authenticator(SITE)
    register(passkeys, who, device)
    begun = passkeys.start_sign_in()
    answer = device.get(begun["publicKey"])
    passkeys.sign_in(begun["token"], answer, BROWSER)
    with pytest.raises(SignInRefused):
        passkeys.sign_in(begun["token"], answer, BROWSER)


def test_a_copied_key_is_seen_by_its_counter(passkeys: Passkeys, who: Identity) -> None:
    device = Authenticator(SITE)
    register(passkeys, who, device)
    for _ in range(2):
        begun = passkeys.start_sign_in()
        passkeys.sign_in(begun["token"], device.get(begun["publicKey"]), BROWSER)
    device.counter = 0
    begun = passkeys.start_sign_in()
    with pytest.raises(SignInRefused):
        passkeys.sign_in(begun["token"], device.get(begun["publicKey"]), BROWSER)


def test_what_does_not_fit_is_refused(passkeys: Passkeys, who: Identity, world: World) -> None:
    device = Authenticator(SITE)
    register(passkeys, who, device)

    def refused(device: Authenticator, **changes: Any) -> None:
        begun = passkeys.start_sign_in()
        options = begun["publicKey"] | changes.pop("options", {})
        answer = device.get(options)
        answer["response"] |= changes.pop("response", {})
        with pytest.raises(SignInRefused):
            passkeys.sign_in(begun["token"], answer | changes, BROWSER)

    stranger = Authenticator(SITE)
    refused(stranger)  # a key that is not known
    stranger.identifier = device.identifier
    refused(stranger)  # another's key under the id
    refused(device, options={"challenge": "AAAA"})
    refused(device, options={"rpId": "evil.example"})
    device.origin = "https://watch.example.evil"
    refused(device)
    device.origin = SITE
    device.verifies = False
    refused(device)
    device.verifies = True
    refused(device, response={"signature": "AAAA"})
    refused(device, response={"clientDataJSON": "!"})
    refused(device, type="password")
    refused(device, rawId=7)
    # After all that the right one still works.
    begun = passkeys.start_sign_in()
    passkeys.sign_in(begun["token"], device.get(begun["publicKey"]), BROWSER)
    begun = passkeys.start_sign_in()
    answer = device.get(begun["publicKey"])
    world.later(601)
    with pytest.raises(SignInRefused):
        passkeys.sign_in(begun["token"], answer, BROWSER)


@pytest.mark.parametrize("answer", [{}, {"id": None}, {"id": "x", "response": 3}, {"id": "\0"}])
def test_rubbish_is_refused(passkeys: Passkeys, who: Identity, answer: dict[str, Any]) -> None:
    begun = passkeys.start_sign_in()
    with pytest.raises(SignInRefused):
        passkeys.sign_in(begun["token"], answer, BROWSER)
    begun = passkeys.start_registration(who)
    with pytest.raises(AccountRefused):
        passkeys.register(who, begun["token"], "", answer)


def test_registering_needs_what_was_begun_and_a_user_who_is_verified(
    passkeys: Passkeys, who: Identity, world: World
) -> None:
    careless = Authenticator(SITE, verifies=False)
    begun = passkeys.start_registration(who)
    with pytest.raises(AccountRefused):
        passkeys.register(who, begun["token"], "", careless.create(begun["publicKey"]))
    device = Authenticator(SITE)
    begun = passkeys.start_registration(who)
    answer = device.create(begun["publicKey"])
    chief = world.first().identity
    with pytest.raises(AccountRefused):  # another's token
        passkeys.register(chief, begun["token"], "", answer)
    register(passkeys, who, device)
    begun = passkeys.start_registration(chief)
    with pytest.raises(AccountRefused):  # the same key for two accounts
        passkeys.register(chief, begun["token"], "", device.create(begun["publicKey"]))


def test_passkeys_are_bounded_fresh_and_removed(
    passkeys: Passkeys, who: Identity, world: World
) -> None:
    ids = [register(passkeys, who, Authenticator(SITE)) for _ in range(MOST)]
    with pytest.raises(AccountRefused):
        passkeys.start_registration(who)
    assert passkeys.remove(who, ids[0])
    assert not passkeys.remove(who, ids[0])
    assert not passkeys.remove(world.first().identity, ids[1])
    assert len(passkeys.listed(who)) == MOST - 1
    world.later(901)
    with pytest.raises(ProveAgain):
        passkeys.start_registration(who)


def test_a_suspended_account_cannot_use_its_passkey(
    passkeys: Passkeys, who: Identity, world: World
) -> None:
    device = Authenticator(SITE)
    register(passkeys, who, device)
    world.directory.suspend(who.id, "chief", "left")
    begun = passkeys.start_sign_in()
    with pytest.raises(SignInRefused):
        passkeys.sign_in(begun["token"], device.get(begun["publicKey"]), BROWSER)
