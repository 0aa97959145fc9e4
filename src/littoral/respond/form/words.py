"""Words in a form: what nobody is asked for, what asks about a person, what of that is sensitive
(words.toml)."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

_EDGES = " \t\n:：?？*＊（）()。.、"


@dataclass(frozen=True)
class Group:
    """Words that mean one thing. `zh_whole` count only where they are the whole text."""

    what: str
    zh: tuple[str, ...]
    zh_whole: frozenset[str]
    en: re.Pattern[str]

    def found(self, text: str) -> str:
        """The word that stands in it; empty for none."""
        for word in self.zh:
            if word in text:
                return word
        if text.strip(_EDGES) in self.zh_whole:
            return text.strip(_EDGES)
        match = self.en.search(spaced(text))
        return match.group(0).strip() if match else ""


@dataclass(frozen=True)
class Words:
    refused: tuple[Group, ...]
    personal: Group
    sensitive: Group
    besides: tuple[str, ...]

    def refuses(self, texts: Iterable[str]) -> tuple[str, str] | None:
        """What is asked that is not to be asked, and the word that says so."""
        for text in texts:
            for group in self.refused:
                if word := group.found(text):
                    return group.what, word
        return None

    def is_personal(self, texts: Iterable[str]) -> str:
        """The word by which a question asks about a person; empty for none."""
        return self._asks(self.personal, texts)

    def is_sensitive(self, texts: Iterable[str]) -> str:
        """The word by which a question asks for what is sensitive; empty for none."""
        return self._asks(self.sensitive, texts)

    def _asks(self, group: Group, texts: Iterable[str]) -> str:
        for text in texts:
            rest = spaced(text)
            for word in self.besides:
                rest = rest.replace(word, " ")
            if word := group.found(rest):
                return word
        return ""


def spaced(name: str) -> str:
    """`idNumber_of` -> `id number of`."""
    split = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name)
    return re.sub(r"[\s_\-./]+", " ", split).lower()


@cache
def words() -> Words:
    """The lists that come with Littoral."""
    text = resources.files("littoral.respond.form").joinpath("words.toml").read_text("utf-8")
    read = tomllib.loads(text)
    personal = _group({"what": "a person", **read["personal"]}, whole_words=True)
    sensitive = _group({"what": "sensitive", **read["sensitive"]}, whole_words=True)
    return Words(
        tuple(_group(g) for g in read["refused"]), personal, sensitive,
        tuple(read["personal"]["besides"]),
    )  # fmt: skip


def _group(read: Mapping[str, Any], whole_words: bool = False) -> Group:
    """English words by their beginning; `whole_words`: short ones (age, sex) only as they are."""
    made = [re.escape(w) + (r"s?\b" if whole_words and len(w) < 6 else "") for w in read["en"]]
    pattern = re.compile(r"\b(?:" + "|".join(made) + ")")
    return Group(read["what"], tuple(read["zh"]), frozenset(read.get("zh_whole", ())), pattern)
