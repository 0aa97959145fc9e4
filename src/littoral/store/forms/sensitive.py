"""What of a form is sensitive (PIPL Art. 28), by its words and by numbers in its answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from littoral.respond.form.words import words
from littoral.store.vault.fields import FIELDS, PERSONAL, SENSITIVE

OPERATIONAL = "operational"


def asks(question: Mapping[str, Any]) -> bool:
    """Whether a question asks for what is sensitive: by what was found in its form (`asked.py`),
    and by what it is called and its choices, as the words are now."""
    if question.get("sensitive"):  # not there: of before, and not yet read again
        return True
    shown = [question["label"], *question["choices"].values()]
    texts = [*question["path"].split("/"), *(text for said in shown for text in said.values())]
    return bool(words().is_sensitive(texts))


def class_of(asked: bool, sealed: int, numbers: Iterable[tuple[str, str]]) -> str:
    """Class of data of answers. `asked`: the form asks for what is sensitive; `sealed`: how many of
    them are not listed; `numbers`: of persons in them, by field of the vault. A number that is
    sensitive as a field of a person is so here, wherever it was written."""
    if asked or any(FIELDS[name].data_class == SENSITIVE for name, _ in numbers):
        return SENSITIVE
    return PERSONAL if sealed else OPERATIONAL
