"""RFC 4226, appendix D, and RFC 6238, appendix B: their test values; and that a code works once."""

from __future__ import annotations

import base64
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from littoral.store.people import totp

SECRET = b"12345678901234567890"
# RFC 6238, appendix B: seeds of the length of the digest.
SEEDS = {"sha1": SECRET, "sha256": (SECRET * 2)[:32], "sha512": (SECRET * 4)[:64]}
RFC_6238 = [
    (59, "94287082", "sha1"), (59, "46119246", "sha256"), (59, "90693936", "sha512"),
    (1111111109, "07081804", "sha1"), (1111111109, "68084774", "sha256"),
    (1111111109, "25091201", "sha512"), (1111111111, "14050471", "sha1"),
    (1111111111, "67062674", "sha256"), (1111111111, "99943326", "sha512"),
    (1234567890, "89005924", "sha1"), (1234567890, "91819424", "sha256"),
    (1234567890, "93441116", "sha512"), (2000000000, "69279037", "sha1"),
    (2000000000, "90698825", "sha256"), (2000000000, "38618901", "sha512"),
    (20000000000, "65353130", "sha1"), (20000000000, "77737706", "sha256"),
    (20000000000, "47863826", "sha512"),
]  # fmt: skip
RFC_4226 = [
    "755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871",
    "520489",
]  # fmt: skip


@pytest.mark.parametrize(("seconds", "code", "digest"), RFC_6238)
def test_values_of_rfc_6238(seconds: int, code: str, digest: str) -> None:
    step = totp.step_at(seconds * 1_000_000)
    assert totp.code_at(SEEDS[digest], step, 8, digest) == code


def test_values_of_rfc_4226() -> None:
    assert [totp.code_at(SECRET, step) for step in range(10)] == RFC_4226


NOW_US = 1_111_111_109_000_000
STEP = 37_037_036  # 1111111109 // 30


@pytest.mark.parametrize("drift", [-2, -1, 1, 2])
def test_a_code_of_another_step_is_none(drift: int) -> None:
    assert totp.matching_step(SECRET, totp.code_at(SECRET, STEP + drift), NOW_US, 0) is None


def test_a_code_lives_thirty_seconds() -> None:
    """OWASP ASVS 5.0, 6.5.5."""
    code, first_us = totp.code_at(SECRET, STEP), STEP * 30_000_000
    lives = [
        at_us
        for at_us in range(first_us - 60_000_000, first_us + 90_000_000, 1_000_000)
        if totp.matching_step(SECRET, code, at_us, 0) == STEP
    ]
    assert lives == list(range(first_us, first_us + 30_000_000, 1_000_000))


def test_a_code_works_once_and_so_do_those_before_it() -> None:
    code = totp.code_at(SECRET, STEP)
    assert totp.matching_step(SECRET, code, NOW_US, STEP - 1) == STEP
    assert totp.matching_step(SECRET, code, NOW_US, STEP) is None
    assert totp.matching_step(SECRET, totp.code_at(SECRET, STEP - 1), NOW_US, STEP) is None


@pytest.mark.parametrize("written", ["", "000000", "７５５２２４", "75522", "755224 0", "x" * 500])
def test_what_is_no_code_is_refused(written: str) -> None:
    assert totp.matching_step(SECRET, written, NOW_US, 0) is None


def test_blanks_in_a_code_do_not_matter() -> None:
    code = totp.code_at(SECRET, STEP)
    assert totp.matching_step(SECRET, f" {code[:3]} {code[3:]} ", NOW_US, 0) == STEP


def test_the_address_for_the_camera() -> None:
    # Key Uri Format: otpauth://totp/ISSUER:ACCOUNT?secret=BASE32&issuer=ISSUER
    uri = totp.provisioning_uri(SECRET, "wang wei", "Littoral 海")
    parts = urlsplit(uri)
    assert (parts.scheme, parts.netloc, unquote(parts.path)) == (
        "otpauth", "totp", "/Littoral 海:wang wei",
    )  # fmt: skip
    words = parse_qs(parts.query)
    assert base64.b32decode(words["secret"][0]) == SECRET
    assert words["issuer"] == ["Littoral 海"]
    assert "+" not in parts.query  # apps take a plus for a plus


def test_secrets_have_160_bits() -> None:
    one, other = totp.new_secret(), totp.new_secret()
    assert len(one) == 20
    assert one != other
