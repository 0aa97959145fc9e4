"""Which personal fields there are, their class, and the form in which they are shown masked.

A closed list: a field that is not in it cannot be stored. Left out for good are ethnicity, religion
and political view, faces and gaits, and whatever ranks a person (docs/limits.md; a test reads this
list). What is `sensitive` follows PIPL Art. 28: identity, health, whereabouts, accounts, minors.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

PERSONAL = "personal"
SENSITIVE = "sensitive"
MAX_CHARACTERS = 4000


class FieldRefused(Exception):
    """No such field may be stored, or not with this value; `field` names it."""

    def __init__(self, field: str, why: str) -> None:
        super().__init__(f"{field}: {why}")
        self.field = field


@dataclass(frozen=True)
class Field:
    name: str
    data_class: str
    words_zh: str
    words_en: str
    mask: Callable[[str], str]
    searchable: bool = False


def mask_name(value: str) -> str:
    """张三 -> 张*, 欧阳修 -> 欧*: the first character alone; not even how many follow."""
    text = value.strip()
    return f"{text[0]}*" if len(text) > 1 else "*"


def mask_phone(value: str) -> str:
    """A mobile number of the mainland, 13812345678 -> 138****5678; of any other, nothing."""
    digits = normal_phone(value)
    return f"{digits[:3]}****{digits[7:]}" if re.fullmatch(r"1[0-9]{10}", digits) else "****"


def mask_id(value: str) -> str:
    """An 18-digit identity number (GB 11643): 4601**********1234; of any other, nothing."""
    text = normal(value)
    if not re.fullmatch(r"[0-9]{17}[0-9X]", text):
        return "****"
    return f"{text[:4]}**********{text[14:]}"


def mask_all(_: str) -> str:
    """Neither content nor length."""
    return "****"


def normal(value: str) -> str:
    """For comparing: compatibility forms made one, no blanks, capitals."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", value)).upper()


def normal_phone(value: str) -> str:
    digits = re.sub(r"[^0-9+]", "", normal(value))
    return re.sub(r"^(\+86|0086)(?=1[0-9]{10}$)", "", digits)


FIELDS: Mapping[str, Field] = {
    f.name: f
    for f in (
        Field("name", PERSONAL, "姓名", "name", mask_name, True),
        Field("phone", PERSONAL, "电话", "telephone", mask_phone, True),
        Field("address", PERSONAL, "住址", "address", mask_all),
        Field("email", PERSONAL, "电子邮箱", "e-mail", mask_all, True),
        Field("birth_date", PERSONAL, "出生日期", "date of birth", mask_all),
        Field("plate", PERSONAL, "车牌", "number plate", mask_all, True),
        Field("seafarer_number", PERSONAL, "船员证号", "seafarer's number", mask_all, True),
        Field("note", PERSONAL, "备注", "note", mask_all),
        Field("id_number", SENSITIVE, "身份证号", "identity number", mask_id, True),
        Field("passport", SENSITIVE, "护照号", "passport number", mask_all, True),
        Field("account", SENSITIVE, "账户", "bank account", mask_all, True),
        Field("health", SENSITIVE, "健康状况", "health", mask_all),
        Field("whereabouts", SENSITIVE, "行踪", "whereabouts", mask_all),
        Field("guardian", SENSITIVE, "监护人", "guardian of a minor", mask_all),
    )
}


def field(name: str) -> Field:
    """Raises FieldRefused."""
    found = FIELDS.get(name)
    if found is None:
        raise FieldRefused(name, "is none of the fields that may be stored")
    return found


def class_of(names: Iterable[str]) -> str:
    """Of what these fields hold together: sensitive where one of them is. Those that may not be
    stored count for nothing."""
    found = (FIELDS[name].data_class for name in names if name in FIELDS)
    return SENSITIVE if SENSITIVE in found else PERSONAL


def checked(name: str, value: str) -> str:
    """The value as stored. Raises FieldRefused when empty, too long or with control characters."""
    field(name)
    text = value.strip()
    if not text:
        raise FieldRefused(name, "is empty")
    if len(text) > MAX_CHARACTERS:
        raise FieldRefused(name, f"has more than {MAX_CHARACTERS} characters")
    if any(unicodedata.category(c) == "Cc" and c not in "\n\t" for c in text):
        raise FieldRefused(name, "holds control characters")
    return text


def masked(name: str, value: str) -> str:
    return field(name).mask(value)


def normalised(name: str, value: str) -> str:
    """What a search compares. Raises FieldRefused when the field cannot be searched."""
    if not field(name).searchable:
        raise FieldRefused(name, "cannot be searched")
    return normal_phone(value) if name == "phone" else normal(value)
