"""What the page says of the rules: every setting has a label in both languages."""

from __future__ import annotations

import json
import re
from dataclasses import fields
from pathlib import Path

import pytest

from littoral.detect import find_detectors

WEB = Path(__file__).resolve().parents[2] / "web"
# The suffixes that web/command/parts/facts.ts shows as a unit.
UNIT = re.compile(r'^\s*\["(_\w+)", \(v\) =>', re.MULTILINE)

WORDS = Path(__file__).parents[2] / "web" / "words"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_setting_of_every_rule_has_a_label(lang: str) -> None:
    words = json.loads((WEB / "words" / f"{lang}.json").read_text())
    suffixes = UNIT.findall((WEB / "command" / "parts" / "facts.ts").read_text())
    assert {"_s", "_m", "_mps", "_deg"} <= set(suffixes)
    unit = re.compile(f"({'|'.join(suffixes)})$")
    nameless: set[str] = set()
    named: set[str] = set()
    for detector in find_detectors().values():
        for profile in detector.profiles.values():
            for field in fields(profile.settings):
                value = getattr(profile.settings, field.name)
                is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
                stem = unit.sub("", field.name) if is_number else field.name
                known = f"setting.{stem}" in words or f"fact.{stem}" in words
                (named if known else nameless).add(f"{detector.name}.{field.name}")
    assert len(named) > 100
    assert nameless == set(), f"give each a `setting.` or `fact.` word in web/words/{lang}.json"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_rule_has_a_name(lang: str) -> None:
    """Else the page shows the folder's name, in English, to a Chinese watch."""
    words = json.loads((WORDS / f"{lang}.json").read_text())
    nameless = [name for name in find_detectors() if f"rule.{name}" not in words]
    assert nameless == [], f"give each its `rule.` word in web/words/{lang}.json"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_word_stands_twice(lang: str) -> None:
    """The later one would be shown where the earlier is meant, in silence."""
    text = (WORDS / f"{lang}.json").read_text(encoding="utf-8")
    keys = [key for key, _ in json.loads(text, object_pairs_hook=list)]
    assert len(keys) > 1_000
    assert sorted({k for k in keys if keys.count(k) > 1}) == []
