"""Conversion in a process of its own: what it gives, and what ends it."""

from __future__ import annotations

import threading

import pytest

from littoral.store.forms.apart import Busy, converted
from littoral.store.forms.convert import FormRefused, convert_form

from .workbooks import form

GOOD = form(("date", "day", "日期", "Day", "yes", "", "yes"))


def test_it_gives_what_the_converter_gives() -> None:
    assert converted(GOOD, "visit.xlsx", "1") == convert_form(GOOD, "visit.xlsx", "1")
    with pytest.raises(FormRefused) as refused:
        converted(form(*[("barcode", f"b{n}", "码", "Code") for n in range(300)]), "f.xlsx", "1")
    assert (len(refused.value.faults), refused.value.count) == (200, 300)


SLOW = form(*[("integer", f"n{n}", "数", "N") for n in range(4_900)])


@pytest.mark.parametrize(("by_the_clock", "processor"), [(0.001, 20), (60.0, 1)])
def test_one_that_takes_too_long_is_ended_and_the_next_is_converted(
    by_the_clock: float, processor: int
) -> None:
    with pytest.raises(FormRefused, match="too much memory, to convert"):
        converted(SLOW, "visit.xlsx", "1", by_the_clock, processor)
    assert converted(GOOD, "visit.xlsx", "1").form_id == "visit"


def test_there_is_one_at_a_time() -> None:
    outcome: list[str] = []
    together = threading.Barrier(4)

    def convert() -> None:
        together.wait()
        try:
            outcome.append(converted(GOOD, "visit.xlsx", "1").form_id)
        except Busy:
            outcome.append("busy")

    threads = [threading.Thread(target=convert) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcome) == ["busy", "busy", "busy", "visit"]
