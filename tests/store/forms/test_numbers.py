"""Which numbers of persons are found in answers, by field of the vault."""

from __future__ import annotations

import pytest

from littoral.store.forms.answers import MOST_NUMBERS, NoSubmission, numbers_of, read_submission
from littoral.store.forms.numbers import numbers_in
from littoral.store.vault.fields import normalised

PHONE, CARD = ("phone", "13800138000"), ("id_number", "46010019851231001X")
FREE = [{"path": "/data/a", "kind": "text", "open": False, "choices": {}}]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("13800138000", [PHONE]),
        ("电话13800138000，王", [PHONE]),
        ("138 0013 8000", [PHONE]),
        ("138-0013-8000 or 139.0013.9000", [PHONE, ("phone", "13900139000")]),
        ("+86 138 0013 8000", [PHONE]),
        ("8613800138000", [PHONE]),
        ("008613800138000", [PHONE]),
        ("１３８００１３８０００", [PHONE]),
        ("١٣٨٠٠١٣٨٠٠٠", [PHONE]),
        ("13800138000 13900139000", [PHONE, ("phone", "13900139000")]),
        ("138 0013 8000 139 0013 9000", [PHONE, ("phone", "13900139000")]),
        ("46010019851231001X", [CARD]),
        ("46010019851231001x。", [CARD]),
        ("460100 19851231 001 X", [CARD]),
        ("460100198512310019", [("id_number", "460100198512310019")]),  # whatever its check digit
        ("460100 1985-1231-0019", [("id_number", "460100198512310019")]),
        ("138001380001", []),
        ("23800138000", []),
        ("46010019851231001Xray", []),
        ("2026-11-29 08:30:00 2026-11-30", []),
        ("18.123456789 109.512345678 12.5 4.0", []),  # a place
        ("18.123456 109.51 0 0", []),
        ("138\n0013\n8000", [PHONE]),
        ("138\t0013\t8000", [PHONE]),
        ("138–0013–8000", [PHONE]),
        ("138/0013/8000 138_0013_8000", [PHONE]),
        ("138,0013,8000", [PHONE]),
        ("138，0013，8000", [PHONE]),
        ("(138)0013-8000", [PHONE]),
        ("（138）0013—8000", [PHONE]),
        ("tel.13800138000", [PHONE]),
        ("138 then 0013 then 8000", []),
        ("460100/19851231/001 (X)", [CARD]),
        ("460100\n1985-12-31\n001X", [CARD]),
        ("18,123456789", []),  # a decimal comma
        ("护照G12345678，王伟", [("passport", "G12345678")]),
        ("ea1234567", [("passport", "EA1234567")]),
        ("E 1234 5678", [("passport", "E12345678")]),
        ("P1234567A", [("passport", "P1234567"), ("passport", "P1234567A")]),
        ("Ｇ１２３４５６７８", [("passport", "G12345678")]),
        ("C1234567 8", [("passport", "C1234567"), ("passport", "C12345678")]),
        ("ABC1234567 XG123456789 G12345", []),
        ("no number", []),
        ("1" * 100_000, []),
    ],
)
def test_numbers_are_found_as_the_vault_finds_persons(
    text: str, found: list[tuple[str, str]]
) -> None:
    numbers = list(dict.fromkeys(numbers_in(text)))
    assert numbers == found
    assert all(normalised(*number) == number[1] for number in numbers)


def test_all_that_stands_in_a_submission_is_looked_at() -> None:
    text = (
        '<data id="13900139000"><a x="46010019851231001X">b</a>13800138000<meta>'
        "<instanceID>uuid:12345678-1234-4123-8123-138001380009</instanceID>"
        "<instanceName>13700137000</instanceName></meta></data>"
    )
    assert numbers_of(text.encode()) == [PHONE, CARD, ("phone", "13700137000")]
    with pytest.raises(NoSubmission):
        numbers_of(b"<data>")


def test_a_list_of_persons_is_no_submission() -> None:
    def made(count: int) -> bytes:
        numbers = " ".join(f"138{i:08d}" for i in range(count))
        return f'<data id="f" version="1"><a>{numbers}</a></data>'.encode()

    assert len(read_submission(made(MOST_NUMBERS), "f", "1", FREE).numbers) == MOST_NUMBERS
    with pytest.raises(NoSubmission, match="numbers of persons"):
        read_submission(made(MOST_NUMBERS + 1), "f", "1", FREE)
