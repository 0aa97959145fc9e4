"""The page offers for a key what the policies permit a system and one administrator gives."""

from __future__ import annotations

import re
from pathlib import Path

from littoral.access import shipped
from littoral.store.people.words import KEY_ACTIONS_ALONE

PAGE = Path(__file__).parents[2] / "web" / "command" / "pages" / "people" / "keyActions.ts"


def test_the_page_offers_what_a_system_may_do_and_the_server_takes() -> None:
    permitted: set[str] = set()
    for text in shipped().policies.values():
        for rule in re.split(r"(?=@id\()", text):
            if "permit (" in rule and '"system"' in rule:
                permitted |= set(re.findall(r'Action::"([^"]+)"', rule))
    assert len(permitted) >= 10
    offered = re.findall(r'"([a-z]+\.[a-z]+)"', PAGE.read_text())
    assert sorted(offered) == sorted(permitted & KEY_ACTIONS_ALONE)
    assert permitted - KEY_ACTIONS_ALONE == {
        "alert.read", "oversight.read", "picture.read", "retention.run",
    }  # fmt: skip
