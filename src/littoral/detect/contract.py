"""The door by which a detector enters: one folder under `detect/`, found by its name.

A folder `detect/<rule>/` has an `__init__.py` that exports `DETECTOR`, an object of this protocol.
Nothing else lists it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from littoral.area.world import World
from littoral.schema.batch import Batch
from littoral.schema.finding import Finding
from littoral.schema.fleet import Fleet

# By which change of a setting the watch gets blinder; `EITHER` also where nobody can say.
Blinder = Literal["greater", "less", "either", "neither"]
GREATER: Blinder = "greater"
LESS: Blinder = "less"
EITHER: Blinder = "either"
NEITHER: Blinder = "neither"


@dataclass(frozen=True, slots=True)
class Setting:
    """A number among the settings that people may change while the watch runs.

    `name` is its place in the dataclass and ends in its unit: `class_a_s`, in a tuple
    `limits.0.warning_cpa_m`. Within the bounds, both included, the detector works; an infinite
    `high` says that the setting may be off.
    """

    name: str
    low: float
    high: float
    blinder: Blinder
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Profile:
    """Named settings of a detector: a frozen dataclass of numbers, where they come from and why;
    those that are not `adjustable` only come with a profile."""

    name: str  # coastal (the product) or the name of who published it: gfw, skylight, ...
    settings: Any
    source: str  # publication, section
    why: str
    adjustable: tuple[Setting, ...] = ()


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
