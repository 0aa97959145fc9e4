"""Detectors: each folder here that exports `DETECTOR` is one, found by its folder's name.

See `detect.contract` for the protocol. Nothing lists the detectors: adding a folder adds a rule,
and to `littoral.detect` the function that runs it over a table, called by the plural of its name.
"""

from __future__ import annotations

import importlib
import pkgutil
from typing import Any

from littoral.detect.contract import Detector, Profile
from littoral.schema import lent

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


def plurals() -> dict[str, Detector]:
    """Every detector by what its function is called: `PLURAL` of its folder, else the regular
    plural of its name. Never the name itself, which is the folder's."""
    found: dict[str, Detector] = {}
    for name, detector in find_detectors().items():
        package = importlib.import_module(f"{__name__}.{name}")
        plural: str = getattr(package, "PLURAL", None) or regular_plural(name)
        if plural in found or plural == name:
            raise ValueError(f"detect/{name}: its function cannot be called {plural}; say PLURAL")
        found[plural] = detector
    return found


def regular_plural(name: str) -> str:
    """Of an English word: approach, approaches; what is one already: meetings, meetings_found."""
    if name.endswith("s") and not name.endswith("ss"):
        return f"{name}_found"
    if name.endswith("y") and name[-2:-1] not in "aeiou":
        return name[:-1] + "ies"
    return name + ("es" if name.endswith(("s", "x", "z", "ch", "sh")) else "s")


def __getattr__(name: str) -> Any:
    """The function of a rule: `encounters(positions, profile="gfw")` gives a table of alerts."""
    is_module = any(m.name == name for m in pkgutil.iter_modules(__path__))
    if not is_module and not name.startswith("_"):
        functions = lent.borrowed(__name__)
        if name in functions:
            return functions[name]
        listed = ", ".join(functions)
        raise AttributeError(f"module {__name__!r} has no {name!r}; rules are run by {listed}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *plurals()})


__all__ = [
    "DEFAULT_PROFILE", "Detector", "Profile", "find_detectors", "plurals", "profile_of",
    "regular_plural",
]  # fmt: skip
