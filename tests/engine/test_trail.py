"""An alert down to its lines, from the folder that a server or a run leaves."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pytest

from littoral.cli import main
from littoral.engine import trail
from littoral.schema.ais import Positions, Statics, Texts
from littoral.store.database import NotFound
from littoral.store.journal import Journal
from littoral.store.journal_read import kept_entries
from littoral.store.lake import Lake
from tests.api.test_with_engine import line
from tests.engine.test_served import AT_US, asked, data

__all__ = ["data"]  # a fixture


def test_of_a_server_its_versions_and_the_lines_as_they_came(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (alert,) = asked(data, "select id, evidence from alerts", capsys)
    assert main(["ask", "alert", alert["id"], "--data", str(data), "--json"]) == 0
    rows = [json.loads(row) for row in capsys.readouterr().out.splitlines()]
    versions = [r for r in rows if r["part"] == "version"]
    assert versions[-1]["evidence"] == alert["evidence"]
    assert "970111003" in versions[0]["sentence_en"]
    rests_on = [r for r in rows if r["part"] == "observation"]
    kept = {o["obs_id"] for o in asked(data, "select obs_id from observations", capsys)}
    assert [r["obs_id"] for r in rests_on] == [o for o in alert["evidence"] if o in kept]
    sent = [
        line(970_111_003, AT_US + n * 10_000_000, 110.5 + 970_111_003 % 7 * 0.1, 19.5, 14)
        for n in range(12)
    ]
    for row in rests_on:
        assert row["raw"].encode() + b"\r\n" in sent
        assert row["line"] % 3 == 0  # of three that were sent in turn the third
    assert rests_on


def test_messages_without_a_position_are_told_too(tmp_path: Path) -> None:
    """A wrong IMO number rests on static data, a call in words on a text."""
    p, s, t = Positions.empty(1), Statics.empty(1), Texts.empty(1)
    for n, rows in enumerate((p, s, t)):
        rows.mmsi[:], rows.obs_id[:], rows.t_us[:] = 412_000_001, (1 << 40) + n, AT_US + n
    s.name[:], t.text[:] = b"HAI 1", b"MAYDAY"
    with Lake(tmp_path) as lake:
        for table, rows in (("observations", p), ("statics", s), ("texts", t)):
            lake.write(table, pa.Table.from_batches([rows.to_arrow()]), "1")
    found = trail.observations(tmp_path, [(1 << 40) + n for n in range(3)])
    assert [(r["kind"], r["line"], r["name"], r["said"], r["raw"]) for r in found] == [
        ("position", 0, None, None, None),
        ("static", 1, "HAI 1", None, None),
        ("text", 2, None, "MAYDAY", None),
    ]


def test_what_is_not_there(data: Path) -> None:
    with pytest.raises(NotFound):
        trail.versions(data, "nope")
    assert trail.observations(data, []) == []


def test_entries_are_read_from_a_place_on(tmp_path: Path) -> None:
    with Journal.open(tmp_path) as journal:
        for n in range(5):
            journal.append(1, 1, n, bytes([n]) * 100)
        journal.sync()
        entries = list(kept_entries(tmp_path))
        assert [e.at_us for e in entries] == [0, 1, 2, 3, 4]
        assert [e.at_us for e in kept_entries(tmp_path, entries[3].position)] == [3, 4]
