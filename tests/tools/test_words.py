"""The package's copy of the pages' words is current, and what only files say is in both
languages."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from littoral.api.words import words
from tools.words import COPY, copied

ROOT = Path(__file__).resolve().parents[2]


def test_the_copy_is_current() -> None:
    assert COPY.read_text() == copied(), "run python tools/words.py"


def test_own_words_are_the_same_in_both_languages_with_the_same_holes() -> None:
    own = tomllib.loads((COPY.parent / "own.toml").read_text())
    assert list(own["zh"]) == list(own["en"])
    for key, text in own["zh"].items():
        assert set(re.findall(r"\{\w+\}", text)) == set(re.findall(r"\{\w+\}", own["en"][key])), key
        assert bool(text) == bool(own["en"][key]), key


def test_own_words_are_all_said() -> None:
    said = "".join(p.read_text() for p in (ROOT / "src/littoral/api").rglob("*.py"))
    stems = set(re.findall(r'"([\w.]+)\.\{', said))
    for key in tomllib.loads((COPY.parent / "own.toml").read_text())["en"]:
        assert f'"{key}"' in said or key.rpartition(".")[0] in stems, key


def test_a_code_without_a_name_stands_as_it_is() -> None:
    assert words("en").name("agency", "coast_police") == "coast police"
    assert words("zh").name("agency", "no_such_one") == "no such one"
