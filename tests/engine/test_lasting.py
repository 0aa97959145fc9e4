from __future__ import annotations

import gc

from littoral.engine import lasting


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
