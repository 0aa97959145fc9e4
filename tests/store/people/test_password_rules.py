"""Which passwords are refused, by which rule; against lists of others."""

from __future__ import annotations

import pytest

from littoral.store.people.password_rules import (
    MIN_PASSWORD,
    WeakPassword,
    check_password,
    common_passwords,
)

# All of at least twelve characters among the thousand most common Chinese passwords of SecLists,
# `Chinese-common-password-list-top-1000.txt` (MIT).
CHINESE = (
    "123456123456", "1233211234567", "7708801314520", "123456789123", "1234567890123",
    "123456654321", "112233445566", "123456789abc", "7215217758991", "liu13632523350",
    "52013145201314", "abc123456789", "123123123123", "woaini5201314",
)  # fmt: skip


def refusal(password: str, *about: str) -> str:
    with pytest.raises(WeakPassword) as caught:
        check_password(password, *about)
    assert len(str(caught.value)) > 10
    return caught.value.rule


def test_the_list_is_ten_times_what_asvs_asks_for() -> None:
    """OWASP ASVS 5.0, 6.2.4: at least the top 3,000 that match the policy."""
    found = common_passwords()
    assert len(found) == 43_940
    assert all(MIN_PASSWORD <= len(p) <= 64 and p == p.casefold() for p in found)


@pytest.mark.parametrize("password", ["1qaz2wsx3edc", "LeaveMeAlone", "ｍｏｔｈｅｒｆｕｃｋｅｒ"])
def test_what_leaked_often_is_refused_however_it_is_typed(password: str) -> None:
    assert refusal(password) == "common"


@pytest.mark.parametrize("password", CHINESE)
def test_what_is_common_in_chinese_is_refused(password: str) -> None:
    assert refusal(password) in ("common", "habit", "simple")


@pytest.mark.parametrize(
    ("password", "rule"),
    [
        ("short", "short"),
        ("x" * 129, "long"),
        ("abababababab", "simple"),
        ("woaini1314520!", "habit"),
        ("WoAiNi5201314", "habit"),
        ("P@ssw0rd!2026", "habit"),
        ("我爱你我爱你我爱你1314520", "habit"),
        ("zhangwei19900101", "habit"),
        ("19900101zhangwei", "habit"),
        ("wang_wei_20261129", "habit"),
        ("46010019900101123x", "number"),
        ("138123456789", "number"),
        ("littoral-2027!", "context"),
        ("chen.yongyu-37", "context"),
    ],
)
def test_a_refusal_says_by_which_rule(password: str, rule: str) -> None:
    assert refusal(password, "chen.yongyu", "陈永玉") == rule


@pytest.mark.parametrize(
    "password",
    [
        "four plain words here",
        "haishang kanshou yutian",
        "海上看守四个普通的词语呀",
        "chen.yongyu likes rice in autumn",
        "tide table 0412 mangrove",
        "0123abcd4567xyzw",
        "Vj7-kq2P_mX9tR",
    ],
)
def test_what_nobody_tries_is_taken(password: str) -> None:
    check_password(password, "chen.yongyu", "陈永玉")
