"""The cut doesn't matter: one stream of bytes gives one outcome, however it comes in pieces."""

from __future__ import annotations

import re
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from . import scene
from .compare import difference
from .running import Outcome, pieces, run

BYTES = len(scene.lines())


def outcome(chunks: list[bytes]) -> Outcome:
    assert b"".join(chunks) == scene.lines()
    with TemporaryDirectory() as folder:
        return run([chunks], Path(folder))


def test_every_kind_of_alert_occurs(whole: Outcome) -> None:
    """Otherwise the laws would say nothing about it."""
    assert whole.kinds() == scene.KINDS
    assert len(whole.tables["tracks"]) > 80
    assert whole.report.counts.rejected["incomplete"] > 0


@settings(max_examples=4, deadline=None)
@given(st.lists(st.integers(0, BYTES), max_size=400))
def test_any_cut(whole: Outcome, cuts: list[int]) -> None:
    assert difference(whole, outcome(pieces(scene.lines(), cuts))) == []


@settings(max_examples=2, deadline=None)
@given(start=st.integers(0, BYTES - 2_000), step=st.integers(1, 7))
def test_byte_by_byte_for_a_while(whole: Outcome, start: int, step: int) -> None:
    cuts = list(range(start, start + 1_000 * step, step))
    assert difference(whole, outcome(pieces(scene.lines(), cuts))) == []


def test_within_every_message_of_two_sentences(whole: Outcome) -> None:
    """Between the sentences, within the first, within the second."""
    starts = [m.start() for m in re.finditer(rb"!AIVDM,2,2,", scene.lines())]
    assert len(starts) > 500
    cuts = [at + (i % 3 - 1) * 20 for i, at in enumerate(starts)]
    assert difference(whole, outcome(pieces(scene.lines(), cuts))) == []
