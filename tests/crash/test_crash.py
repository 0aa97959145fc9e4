"""A real `littoral serve`, fed over HTTP and killed (SIGKILL), against a run that lived.

`make bench NAME=crash` does the same a hundred times. LITTORAL_SEED chooses other moments.
"""

from __future__ import annotations

import os

import pytest

from bench._crash import AIMS, Kept, Toll, differences, kept, run_with_kills, run_without, stream

SEED = int(os.environ.get("LITTORAL_SEED", "11"))
AGAIN = f"again: LITTORAL_SEED={SEED} pytest tests/crash"
VESSELS, MINUTES = 80, 75


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, Toll, Kept, Kept]:
    """(what was sent, toll of the kills, what the killed run kept, what the other kept)."""
    folder = tmp_path_factory.mktemp("crash")
    data = stream(VESSELS, MINUTES, SEED)
    run_without(folder / "whole", data, SEED)
    try:
        toll = run_with_kills(folder / "killed", data, len(AIMS) - 1, SEED, pause_s=0.03)
    except RuntimeError as error:
        error.add_note(AGAIN)
        raise
    return data, toll, kept(folder / "killed"), kept(folder / "whole")


def test_nothing_acknowledged_is_lost_or_doubled(runs: tuple[bytes, Toll, Kept, Kept]) -> None:
    data, toll, killed, whole = runs
    assert sum(toll.aimed.values()) == len(AIMS) - 1
    assert toll.lost_bytes == 0, AGAIN
    assert killed.journal == data, AGAIN
    assert killed.doubled == whole.doubled == 0, AGAIN
    assert killed.tables["observations"].num_rows > data.count(b"\n") // 2 > 1000


def test_final_alerts_and_lake_are_those_of_a_run_without_a_kill(
    runs: tuple[bytes, Toll, Kept, Kept],
) -> None:
    _, _, killed, whole = runs
    assert len({alert["rule"] for alert in whole.alerts.values()}) >= 3
    assert {what: n for what, n in differences(killed, whole).items() if n} == {}, AGAIN
    assert killed.repeated == [], AGAIN
