"""Functions that a package gives under its name without being able to make them.

`littoral.detect.encounters(table)` is wanted under `detect`, and only `engine`, which stands above
it, can run a rule over a table. So `littoral` itself, which stands above all, lends `detect` what
`engine` makes, and that is made when it is first asked for (docs/decisions/0077-a-library.md).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

_makers: dict[str, Callable[[], Mapping[str, Any]]] = {}


def lend(package: str, make: Callable[[], Mapping[str, Any]]) -> None:
    """Let `package` have what `make` gives, by name."""
    _makers[package] = make


def borrowed(package: str) -> Mapping[str, Any]:
    """What `package` was lent, by name."""
    return _makers[package]()
