"""What files that the server makes say in Chinese and English: prints and tables.

`shared.json` is a copy of the pages' words (tools/words.py), `own.toml` what only files say."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Literal

Lang = Literal["zh", "en"]


@dataclass(frozen=True, slots=True)
class Words:
    lang: Lang
    texts: Mapping[str, str]

    def __call__(self, key: str, **holes: object) -> str:
        text = self.texts[key]
        return text.format(**holes) if holes else text

    def name(self, group: str, value: str) -> str:
        """Of a code as people call it; one that has no name stands as it is."""
        return self.texts.get(f"{group}.{value}", value.replace("_", " "))

    def of(self, names: Mapping[str, str]) -> str:
        """Of a name in both languages the one that is asked for."""
        return names.get(self.lang) or names.get("zh") or ""


@cache
def words(lang: Lang) -> Words:
    folder = resources.files("littoral.api.words")
    shared = json.loads(folder.joinpath("shared.json").read_text("utf-8"))[lang]
    own = tomllib.loads(folder.joinpath("own.toml").read_text("utf-8"))[lang]
    return Words(lang, {**shared, **own})
