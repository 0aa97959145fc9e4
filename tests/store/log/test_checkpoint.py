"""How a checkpoint's times are said."""

from __future__ import annotations

from littoral.store.log.checkpoint import moment


def test_a_witness_time_is_said_as_a_date_and_a_wild_one_as_it_came() -> None:
    # `date -u -d 2026-11-24T07:40:03Z +%s` gives 1795506003.
    assert moment(1_795_506_003) == "2026-11-24T07:40:03Z"
    assert moment(2**63) == "9223372036854775808 s after 1970"
