"""Copies words of the pages that files say too (prints, tables) into the package: one source for
both. Run `python tools/words.py` after a change of `web/words/`; a test holds that it was done."""

from __future__ import annotations

import json
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
COPY = ROOT / "src" / "littoral" / "api" / "words" / "shared.json"
# Groups of keys, up to the first dot.
GROUPS = frozenset({
    "agency", "call", "change", "contactEnd", "contactSource", "contactState", "contactWhat", "did",
    "dutyCheck", "dutyEntry", "dutyPaper", "dutyState", "dutyStep", "dutyThing", "fact", "figures",
    "handling", "incidentState", "incidentStep", "incidentType", "kind", "outcome", "part", "phase",
    "phoneKind", "priority", "responder", "responderStatus", "rule", "severity", "skill", "source",
    "state", "taskState", "taskStep", "tier", "value",
})  # fmt: skip


def copied() -> str:
    """The text of the copy as it should be."""
    found = {
        lang: {
            key: text
            for key, text in json.loads(
                (ROOT / "web" / "words" / f"{lang}.json").read_text()
            ).items()
            if key.partition(".")[0] in GROUPS
        }
        for lang in ("zh", "en")
    }
    return json.dumps(found, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


if __name__ == "__main__":
    COPY.write_text(copied())
    print(f"written: {COPY.relative_to(ROOT)}")
