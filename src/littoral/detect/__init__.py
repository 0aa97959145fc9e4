"""Detectors: each folder here that exports `DETECTOR` is one, found by its folder's name.

See `detect.contract` for the protocol. Nothing lists the detectors: adding a folder adds a rule.
"""

from __future__ import annotations

import importlib
import pkgutil

from littoral.detect.contract import Detector, Profile

DEFAULT_PROFILE = "coastal"


def find_detectors() -> dict[str, Detector]:
    """Every detector of this package by name, in the order of the names.

    A subfolder that begins with `_` is a helper, and one without a `DETECTOR` is not a rule.
    """
    found: dict[str, Detector] = {}
    for module in sorted(pkgutil.iter_modules(__path__), key=lambda m: m.name):
        if not module.ispkg or module.name.startswith("_"):
            continue
        package = importlib.import_module(f"{__name__}.{module.name}")
        detector: Detector | None = getattr(package, "DETECTOR", None)
        if detector is None:
            continue
        if detector.name != module.name:
            raise ValueError(
                f"detect/{module.name} exports a detector named {detector.name!r}: "
                "folder and name must be equal, since findings are looked up by it"
            )
        found[detector.name] = detector
    return found


def profile_of(detector: Detector, name: str) -> Profile:
    """The profile called `name`; a detector that has none of that name runs as `coastal`."""
    return detector.profiles.get(name, detector.profiles[DEFAULT_PROFILE])


__all__ = ["DEFAULT_PROFILE", "Detector", "Profile", "find_detectors", "profile_of"]
