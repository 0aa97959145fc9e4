from __future__ import annotations

import gc
import time
import weakref
from collections.abc import Callable

from littoral.engine import lasting

LONGEST_S = 30.0


def wait_for(true: Callable[[], bool]) -> None:
    late_s = time.monotonic() + LONGEST_S
    while not true():
        assert time.monotonic() < late_s
        time.sleep(0.005)


def walked(wanted: object) -> bool:
    """By a full collection of garbage."""
    return any(found is wanted for found in gc.get_objects())


def test_what_lasts_is_walked_no_more_and_what_comes_after_it_is() -> None:
    before = [object()]
    assert walked(before)
    try:
        lasting.keep()
        after = [object()]
        assert (walked(before), walked(after)) == (False, True)
    finally:
        gc.unfreeze()
    assert walked(before)


class Circle:
    def __init__(self) -> None:
        self.itself = self


def test_what_a_walk_leaves_is_walked_no_more_until_all_is() -> None:
    """A circle that is dropped later is freed with the next walk of all, and not before."""
    before, made = gc.get_threshold(), Circle()
    gone = weakref.ref(made)
    walked_by: list[bool] = []

    def told(phase: str, info: dict[str, int]) -> None:
        if phase == "stop" and info["generation"] == 2:
            walked_by.append(gone() is not None)

    gc.callbacks.append(told)
    try:
        with lasting.walks(every_s=0.2, all_every=4):
            wait_for(lambda: len(walked_by) >= 1)
            del made
            wait_for(lambda: len(walked_by) >= 6)
    finally:
        gc.callbacks.remove(told)
        gc.unfreeze()
    assert gc.get_threshold() == before
    assert walked_by[:6] == [True, True, True, False, False, False]
