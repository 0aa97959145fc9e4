"""Masks show what docs/personal-data.md says and nothing more.

That is tested as non-interference: two values that agree in what may be shown have the same mask,
whatever else they hold. The forms 138****5678 and 4601**********1234 are those of the issue.
"""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from littoral.store.vault.fields import (
    FIELDS,
    MAX_CHARACTERS,
    FieldRefused,
    checked,
    mask_id,
    mask_name,
    mask_phone,
    masked,
    normalised,
)
from tests.test_never import FORBIDDEN

DIGITS = st.text("0123456789", min_size=0, max_size=20)


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("name", "张三", "张*"),
        ("name", "欧阳修", "欧*"),
        ("name", "张", "*"),
        ("name", "John Smith", "J*"),
        ("phone", "13812345678", "138****5678"),
        ("phone", "+86 138-1234-5678", "138****5678"),
        ("phone", "1381234567", "****"),
        ("phone", "0898-66751234", "****"),
        ("id_number", "460100199001011234", "4601**********1234"),
        ("id_number", "46010019900101123x", "4601**********123X"),
        ("id_number", "460100900101123", "****"),
        ("passport", "E12345678", "****"),
        ("health", "发热", "****"),
    ],
)
def test_the_forms(name: str, value: str, shown: str) -> None:
    assert masked(name, value) == shown


@settings(deadline=None)
@given(first=st.characters(categories=["L"]), one=st.text(min_size=1), two=st.text(min_size=1))
def test_of_a_name_only_the_first_character(first: str, one: str, two: str) -> None:
    a, b = f"{first}{one}z", f"{first}{two}z"
    assert mask_name(a) == mask_name(b) == f"{first}*"


@settings(deadline=None)
@given(head=st.text("0123456789", min_size=2, max_size=2), tail=st.text("0123456789", min_size=4,
       max_size=4), one=st.text("0123456789", min_size=4, max_size=4),
       two=st.text("0123456789", min_size=4, max_size=4))  # fmt: skip
def test_of_a_phone_not_the_four_in_the_middle(head: str, tail: str, one: str, two: str) -> None:
    assert mask_phone(f"1{head}{one}{tail}") == mask_phone(f"1{head}{two}{tail}")


@settings(deadline=None)
@given(value=st.text(max_size=40))
def test_of_what_is_no_mobile_number_nothing(value: str) -> None:
    shown = mask_phone(value)
    assert shown == "****" or sum(c.isdigit() for c in shown) == 7


@settings(deadline=None)
@given(head=st.text("0123456789", min_size=4, max_size=4), tail=st.text("0123456789", min_size=4,
       max_size=4), one=st.text("0123456789", min_size=10, max_size=10),
       two=st.text("0123456789", min_size=10, max_size=10))  # fmt: skip
def test_of_an_identity_number_not_the_ten_in_the_middle(
    head: str, tail: str, one: str, two: str
) -> None:
    """Which hold the date of birth."""
    assert mask_id(f"{head}{one}{tail}") == mask_id(f"{head}{two}{tail}")


@settings(deadline=None)
@given(value=st.text(max_size=40))
def test_of_what_is_no_identity_number_nothing(value: str) -> None:
    shown = mask_id(value)
    assert shown == "****" or (len(shown) == 18 and shown[4:14] == "*" * 10)


@settings(deadline=None)
@given(one=st.text(max_size=60), two=st.text(max_size=60))
def test_other_fields_show_not_even_how_long_they_are(one: str, two: str) -> None:
    others = sorted(FIELDS.keys() - {"name", "phone", "id_number"})
    assert len(others) > 8
    for name in others:
        assert masked(name, one) == masked(name, two)


def test_no_field_crosses_the_lines() -> None:
    words = [w for f in FIELDS.values() for w in (f.name, f.words_en)]
    assert len(words) > 20
    assert [w for w in words if FORBIDDEN.search(w)] == []
    zh = "".join(f.words_zh for f in FIELDS.values())
    assert not any(w in zh for w in ("民族", "宗教", "政治", "党", "人脸", "步态", "评分"))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ethnicity", "x"), ("religion", "x"), ("score", "1"), ("name", "  "),
        ("name", "a\x00b"), ("note", "x" * (MAX_CHARACTERS + 1)),
    ],
)  # fmt: skip
def test_refused(name: str, value: str) -> None:
    with pytest.raises(FieldRefused):
        checked(name, value)


@settings(deadline=None)
@given(DIGITS)
def test_spelling_does_not_matter_to_a_search(digits: str) -> None:
    wide = "".join(chr(ord(d) + 0xFEE0) for d in digits)
    spaced = " ".join(digits)
    assert normalised("passport", wide) == normalised("passport", spaced) == digits


def test_not_every_field_can_be_searched() -> None:
    for name in ("health", "address", "whereabouts"):
        with pytest.raises(FieldRefused):
            normalised(name, "x")
