"""contracts/sync/vectors as Python computes them; vitest runs the same over web/sync."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from littoral.respond.sync.clock import corrected
from littoral.respond.sync.fields import merged
from littoral.respond.sync.held import Held, after_answer
from littoral.respond.sync.notices import Notices, after_told, waiting
from littoral.respond.sync.pieces import halved, next_piece
from littoral.respond.sync.queue import Queued, answered, backoff_ms, due, unanswered
from littoral.respond.sync.turn import next_turn

FOLDER = Path(__file__).resolve().parents[2] / "contracts" / "sync" / "vectors"
COUNTS = {
    "backoff": 6, "clock": 8, "fields": 8, "held": 10, "notices": 6, "order": 12, "outcome": 11,
    "pieces": 10, "turns": 18,
}  # fmt: skip


def cases(name: str) -> list[Any]:
    found = json.loads((FOLDER / f"{name}.json").read_text())
    return [pytest.param(case, id=case["name"]) for case in found]


def test_all_vectors_are_run() -> None:
    assert {p.stem: len(json.loads(p.read_text())) for p in FOLDER.iterdir()} == COUNTS


@pytest.mark.parametrize("case", cases("clock"))
def test_clock(case: dict[str, Any]) -> None:
    found = corrected(case["made_us"], case["clock_us"], case["received_us"])
    assert (found.at_us, found.ahead_us) == (case["at_us"], case["ahead_us"])
    assert found.is_wrong == case["is_wrong"]


@pytest.mark.parametrize("case", cases("fields"))
def test_fields(case: dict[str, Any]) -> None:
    found = merged(case["was"], case["fields"], case["now"])
    assert (found.take, list(found.same)) == (case["take"], case["same"])
    assert [asdict(c) for c in found.clashes] == case["clashes"]


@pytest.mark.parametrize("case", cases("order"))
def test_order(case: dict[str, Any]) -> None:
    assert due([Queued(**q) for q in case["queue"]], case["now_ms"]) == case["due"]


@pytest.mark.parametrize("case", cases("turns"))
def test_turns(case: dict[str, Any]) -> None:
    found = next_turn([Queued(**q) for q in case["queue"]], case["now_ms"])
    assert (found.kind, list(found.ids), found.asks) == (case["kind"], case["ids"], case["asks"])


@pytest.mark.parametrize("case", cases("backoff"))
def test_backoff(case: dict[str, Any]) -> None:
    assert backoff_ms(case["tries"], case["chance"], case["retry_after_s"]) == case["wait_ms"]


@pytest.mark.parametrize("case", cases("outcome"))
def test_outcome(case: dict[str, Any]) -> None:
    record, answer, now_ms = Queued(**case["record"]), case["answer"], case["now_ms"]
    if answer is not None and "status" in answer:
        found = answered(record, answer, now_ms, case["chance"])
    else:
        wait_s = (answer or {}).get("retry_after_s")
        found = unanswered(record, now_ms, case["chance"], wait_s)
    assert found == Queued(**case["after"])


@pytest.mark.parametrize("case", cases("pieces"))
def test_pieces(case: dict[str, Any]) -> None:
    if "halved" in case:
        assert halved(case["halved"]) == case["to"]
        return
    found = next_piece(case["size"], case["offset"], case["piece"])
    assert (None if found is None else [found.start, found.end]) == case["next"]


@pytest.mark.parametrize("case", cases("held"))
def test_held(case: dict[str, Any]) -> None:
    found = after_answer(Held(**case["held"]), case["status"], case["answer"])
    assert asdict(found) == case["after"]


@pytest.mark.parametrize("case", cases("notices"))
def test_notices(case: dict[str, Any]) -> None:
    held = Notices(case["held"]["edition"], tuple(case["held"]["items"]))
    found, asks_again = after_told(held, case["told"])
    assert (found.edition, asks_again) == (case["edition"], case["asks_again"])
    assert waiting(found.items, case["queue"]) == case["waiting"]
