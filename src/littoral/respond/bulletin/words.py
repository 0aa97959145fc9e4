"""The words of bulletins, in Chinese and English: kinds, states, steps. Their severities are those
of incidents (`respond/incident/words.py`), which warnings show as red, orange, yellow and blue."""

from __future__ import annotations

from typing import Final

Words = tuple[str, str]  # Chinese, English

KINDS: Final[dict[str, Words]] = {
    "weather": ("气象海洋预警", "weather or sea warning"),
    "mariners": ("航行警告、航行通告", "notice to mariners"),
    "epidemic": ("疫情通告", "epidemic notice"),
    "other": ("其他通告", "other bulletin"),
}

COMING, IN_FORCE, OVER, WITHDRAWN = "coming", "in_force", "over", "withdrawn"
STATES: Final[dict[str, Words]] = {
    COMING: ("待生效", "coming"),
    IN_FORCE: ("生效中", "in force"),
    OVER: ("已失效", "over"),
    WITHDRAWN: ("已撤回", "withdrawn"),
}

ISSUE, REVISE, WITHDRAW = "issue", "revise", "withdraw"
