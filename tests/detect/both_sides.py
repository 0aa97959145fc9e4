"""Each limit of a rule is held from both sides, and by its number."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any


def check(case: Callable[[Any, float], bool], settings: Any, name: str, whole: bool) -> None:
    """`case` at 0.9 of the limit `name` tells nothing and at 1.1 of it tells; with the limit moved
    by a fifth, one of the two is another. `whole`: it is a number of things."""
    assert [case(settings, 0.9), case(settings, 1.1)] == [False, True]
    for factor in (0.8, 1.25):
        value = getattr(settings, name) * factor
        moved = round(value + (factor - 1)) if whole else value
        s = replace(settings, **{name: moved})
        assert [case(s, 0.9), case(s, 1.1)] != [False, True], factor
