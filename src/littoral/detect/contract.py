"""The door by which a detector enters: one folder under `detect/`, found by its name.

A folder `detect/<rule>/` has an `__init__.py` that exports `DETECTOR`, an object of this protocol.
Nothing else lists it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from littoral.area.world import World
from littoral.schema.batch import Batch
from littoral.schema.finding import Finding
from littoral.schema.fleet import Fleet


@dataclass(frozen=True, slots=True)
class Profile:
    """Named settings of a detector: a frozen dataclass of numbers, where they come from and why."""

    name: str  # coastal (the product) or the name of who published it: gfw, skylight, ...
    settings: Any
    source: str  # publication, section
    why: str


class Detector(Protocol):
    """A rule. `step` is pure but for `state`, which it owns and may change in place."""

    name: str
    version: str
    summary: Mapping[str, str]  # {"zh": ..., "en": ...}
    profiles: Mapping[str, Profile]

    def start(self, settings: Any, world: World) -> Any:
        """A fresh state: a dataclass of arrays and plain values (see `schema.state`)."""
        ...

    def step(
        self, state: Any, batch: Batch, fleet: Fleet, settings: Any, world: World
    ) -> tuple[Any, list[Finding]]:
        """Findings that are new or changed in this slice. `fleet` is read-only and stands as at the
        end of the slice. A finding that goes on is given again when its facts change enough to
        matter to a watch officer, and once more when it ends."""
        ...

    def sentence(self, finding: Finding, names: Mapping[str, str], lang: str) -> str:
        """Why, in one sentence; `names` maps each of `finding.things` to what people call it;
        `lang` is zh or en. Units are written out: kn, n mile, m, min."""
        ...
