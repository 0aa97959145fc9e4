"""What people do in these tests: sign in, enrol an authenticator."""

from __future__ import annotations

import base64

from littoral.store.people import totp
from littoral.store.people.identity import Identity

from .conftest import BROWSER, PASSWORD, World

NEW = "another four plain words"


def sign_in(
    world: World, login: str = "wang", password: str = PASSWORD, code: str = ""
) -> Identity:
    return world.signin.sign_in(login, password, code, BROWSER).identity


def enrol(world: World, who: Identity) -> tuple[bytes, list[str]]:
    """The secret and the recovery codes of a new authenticator."""
    written, _ = world.own.start_totp(who)
    secret = base64.b32decode(written)
    return secret, world.own.confirm_totp(who, code_now(world, secret))


def code_now(world: World, secret: bytes) -> str:
    return totp.code_at(secret, totp.step_at(world.now_us))
