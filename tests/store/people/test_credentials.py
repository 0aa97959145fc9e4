"""Passwords, seals, recovery codes, identifiers: what is taken, what is kept."""

from __future__ import annotations

import math
import re
import uuid
from pathlib import Path

import pytest
from argon2 import PasswordHasher, extract_parameters
from hypothesis import given
from hypothesis import strategies as st

from littoral.store.database import RecordsError
from littoral.store.people import ids
from littoral.store.people.credentials import (
    Passwords,
    Sealer,
    new_recovery_codes,
    plain_recovery_code,
    signin_key,
)
from littoral.store.people.password_rules import WeakPassword, check_password

CHEAP = Passwords(memory_kib=64, passes=1)


def test_a_password_is_kept_as_argon2id_with_the_parameters_of_rfc_9106() -> None:
    # RFC 9106, section 4, second recommended option: t=3, m=2^16 KiB, 128-bit salt, 256-bit tag;
    # of its four lanes one is used.
    kept = Passwords().hash("four plain words here")
    assert kept.startswith("$argon2id$v=19$m=65536,t=3,p=1$")
    found = extract_parameters(kept)
    assert (found.salt_len, found.hash_len) == (16, 32)
    # Another's check takes it.
    assert PasswordHasher().verify(kept, "four plain words here")


def test_only_the_password_fits() -> None:
    kept = CHEAP.hash("four plain words here")
    assert CHEAP.verify(kept, "four plain words here")
    assert not CHEAP.verify(kept, "four plain words her")
    assert not CHEAP.verify(None, "four plain words here")
    assert not CHEAP.verify("no hash", "four plain words here")


def test_the_same_password_from_another_keyboard_fits() -> None:
    kept = CHEAP.hash("ｆｕｌｌ width é")
    assert CHEAP.verify(kept, "full width é")


def test_where_there_is_no_account_the_same_work_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    done = []
    real = PasswordHasher.verify

    def counting(self: PasswordHasher, kept: str, password: str) -> bool:
        done.append(extract_parameters(kept))
        return real(self, kept, password)

    hashed = CHEAP.hash("four plain words here")
    monkeypatch.setattr(PasswordHasher, "verify", counting)
    CHEAP.verify(hashed, "wrong")
    CHEAP.verify(None, "wrong")
    assert len(done) == 2
    assert done[0] == done[1]


def test_other_parameters_are_outdated() -> None:
    assert CHEAP.outdated(Passwords(memory_kib=128, passes=1).hash("four plain words here"))
    assert not CHEAP.outdated(CHEAP.hash("four plain words here"))


@pytest.mark.parametrize(
    "password",
    ["", "eleven char", "a" * 20, "abababababab", "qwertyuiopasdf", "12345678901234",
     "wang.wei2026!", "Littoral2026!", "passwordpassword", "PASSWORD1234", "x" * 129],
)  # fmt: skip
def test_weak_passwords_are_refused(password: str) -> None:
    with pytest.raises(WeakPassword):
        check_password(password, "wang.wei", "王伟")


@pytest.mark.parametrize(
    "password",
    [
        "four plain words here",
        "海上看守四个普通的词语呀",
        "wang.wei likes rice in autumn",
        "0412xkqm7385",
    ],
)
def test_long_passwords_are_taken_without_rules_on_characters(password: str) -> None:
    check_password(password, "wang.wei", "王伟")


def test_what_is_sealed_opens_with_the_key_and_for_its_row_alone() -> None:
    sealer = Sealer(b"a" * 32)
    sealed = sealer.seal(b"secret", "row 1")
    assert sealer.open(sealed, "row 1") == b"secret"
    assert sealer.seal(b"secret", "row 1") != sealed
    for other, about in ((sealer, "row 2"), (Sealer(b"b" * 32), "row 1")):
        with pytest.raises(RecordsError, match="key of sign-in is another"):
            other.open(sealed, about)
    assert sealer.digest("abc", "1") == sealer.digest("abc", "1")
    assert len({sealer.digest("abc", "1"), sealer.digest("abc", "2"), sealer.digest("abd", "1"),
                Sealer(b"b" * 32).digest("abc", "1")}) == 4  # fmt: skip


def test_the_key_is_made_once_and_kept_from_others(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "signin.key"
    key = signin_key(path)
    assert len(key) == 32
    assert signin_key(path) == key
    assert path.stat().st_mode & 0o777 == 0o600
    path.chmod(0o640)
    with pytest.raises(RecordsError, match="chmod 600"):
        signin_key(path)
    path.chmod(0o600)
    path.write_bytes(b"short")
    with pytest.raises(RecordsError, match="32 bytes"):
        signin_key(path)


def test_recovery_codes_are_ten_that_are_easily_read() -> None:
    codes = new_recovery_codes()
    assert len(set(codes)) == 10
    assert all(re.fullmatch(r"[2-9a-hjkmnp-z]{5}(-[2-9a-hjkmnp-z]{5}){4}", c) for c in codes)
    assert plain_recovery_code(f" {codes[0].upper().replace('-', ' ')} ") == codes[0].replace(
        "-", ""
    )


def test_recovery_codes_have_the_bits_of_asvs() -> None:
    """6.5.2: from 112 bits on (19 alphanumeric characters) a standard hash may keep them."""
    for code in (written := [plain_recovery_code(c) for c in new_recovery_codes()]):
        assert len(code) * math.log2(31) >= 112  # eight digits and 23 letters
    assert len(set("".join(written))) > 20  # of 250 drawn at random


@given(st.integers(0, (1 << 47) * 1000))
def test_ids_are_uuid_version_7_and_rise_with_time(now_us: int) -> None:
    made = uuid.UUID(ids.uuid7(now_us))
    # RFC 9562, section 5.7: the first 48 bits are Unix milliseconds; version 7, variant 10.
    assert (made.version, made.variant) == (7, uuid.RFC_4122)
    assert made.int >> 80 == now_us // 1000
    assert ids.uuid7(now_us + 1000) > str(made)


def test_tokens_have_256_bits_and_only_their_hash_is_alike() -> None:
    one, other = ids.new_token(), ids.new_token()
    assert len(one) == 43
    assert one != other
    # echo -n abc | sha256sum (FIPS 180-2, appendix B.1)
    assert (
        ids.token_hash("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    )
