"""All targets by name, and how each is prepared."""

from __future__ import annotations

import os
from pathlib import Path

from bench import _fuzz_access as access
from bench import _fuzz_evidence as evidence
from bench import _fuzz_forms as forms
from bench import _fuzz_incidents as incidents
from bench import _fuzz_messages as messages
from bench import _fuzz_stores as stores
from bench import _fuzz_tables as tables
from bench import _fuzz_texts as texts
from bench import _fuzz_trust as trust
from bench._fuzz_target import Maker, Target

# `sentences` runs the decoder's source in the interpreter, each access checked, `compiled` the
# machine code that a server runs.
TARGETS: dict[str, Maker] = {
    "sentences": messages.sentences,
    "compiled": messages.sentences,
    "recordings": messages.recordings,
    "parameters": messages.parameters,
    "frames": messages.frames,
    "bodies": messages.bodies,
    "incidents": incidents.incident_bodies,
    "texts": texts.texts,
    "fences": messages.fences,
    "csv": tables.csv_tables,
    "arrow": tables.arrow_tables,
    "sheets": tables.sheets,
    "journal": stores.journals,
    "lake": stores.lakes,
    "states": stores.states,
    "quarantine": stores.quarantines,
    "keys": stores.keys,
    "notes": trust.notes,
    "entries": trust.entries,
    "logs": trust.logs,
    "bundles": evidence.bundles,
    "media": evidence.media,
    "policies": access.policies,
    "rules": access.rules,
    "tokens": access.tokens,
    "answers": forms.answers,
    "forms": forms.forms,
}
COMPILED = "compiled"
# Shares of the time: what comes over a network unasked gets more of it.
WEIGHTS = {"sentences": 4, "compiled": 2, "recordings": 2, "csv": 2, "bodies": 2, "sheets": 2}


def share(name: str) -> float:
    """Of all time."""
    return WEIGHTS.get(name, 1) / sum(WEIGHTS.get(n, 1) for n in TARGETS)


def prepared(name: str, work: Path) -> Target:
    """In a process of its own: whether code is compiled is decided once for a process."""
    if name != COMPILED:
        assert os.environ.get("NUMBA_DISABLE_JIT") == "1"
        from bench import _fuzz_checked

        _fuzz_checked.install()
    return TARGETS[name](work)
