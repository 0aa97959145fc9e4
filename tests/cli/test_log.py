"""`littoral fsck log`, `littoral log`: what they print and their exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from littoral.cli import main
from littoral.store.log.writer import Log
from tests.store.log.logs import KEY, WITNESS_KEY, closed


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder with a log of 300 entries, its checkpoint at 150 and the key beside."""
    earlier, _ = closed(tmp_path / "data" / "log", 300)
    (tmp_path / "earlier").write_bytes(earlier)
    (tmp_path / "log.vkey").write_text(f"{KEY.public}\n")
    return tmp_path / "data"


def test_fine(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    key = str(data.parent / "log.vkey")
    assert main(["fsck", "log", str(data)]) == 0
    said = capsys.readouterr().out
    assert "300 entries" in said
    assert "the key lay beside the log" in said
    assert "fork: not provable\nrollback: not provable\n" in said
    assert main(["fsck", "log", str(data), "--key", key]) == 0
    assert "beside" not in capsys.readouterr().out
    earlier = ["--earlier", str(data.parent / "earlier")]
    assert main(["fsck", "log", str(data / "log"), "--key", str(KEY.public), *earlier]) == 0
    assert "changed or dropped: none\nfork: none\nrollback: none\n" in capsys.readouterr().out


def test_json(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    keys = ["--key", str(KEY.public), "--witness-key", str(WITNESS_KEY.public)]
    assert main(["fsck", "log", str(data), *keys, "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert (report["size"], report["fork"], report["ok"]) == (300, "not provable", True)


def test_found(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = data / "log" / "tile" / "entries" / "000"
    path.write_bytes(path.read_bytes().replace(b"entry 17 ", b"entry 71 "))
    assert main(["fsck", "log", str(data), "--key", str(KEY.public)]) == 1
    said = capsys.readouterr().out
    assert "changed or dropped: 1\n" in said
    assert "tile/entries/000: entry 17 is not the one hashed in tile/0/000 (1 so)" in said


def test_rolled_back(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, last = closed(tmp_path / "true", 30)
    closed(tmp_path / "short", 20)
    (tmp_path / "last").write_bytes(last)
    assert main(["fsck", "log", str(tmp_path / "short"), "--earlier", str(tmp_path / "last")]) == 1
    said = capsys.readouterr().out
    assert "rollback: found" in said
    assert "10 of them are no longer here" in said


def test_unreadable(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in (
        ["log", str(data.parent)],
        ["log", str(data), "--key", "nobody"],
        ["log", str(data), "--earlier", str(data / "missing")],
        ["log", str(data), "--earlier", str(data.parent / "log.vkey")],
        [str(data), "--key", str(KEY.public)],
        [str(data), str(data)],
    ):
        assert main(["fsck", *arguments]) == 2
        assert capsys.readouterr().err.startswith("littoral: ")


def test_the_journal_is_still_asked_by_one_folder(data: Path, capsys) -> None:
    assert main(["fsck", str(data)]) == 2
    assert "holds no journal" in capsys.readouterr().err


def test_a_proof_goes_to_somebody_else(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    proof = data.parent / "17.tlog-proof"
    assert main(["log", "proof", "17", "--data", str(data), "--out", str(proof)]) == 0
    key = ["--key", str(KEY.public)]
    assert main(["log", "check", str(proof), *key]) == 0
    out, err = capsys.readouterr()
    assert out.startswith("entry 17 x")
    assert "entry 17 of 300 in log.example/littoral" in err
    assert main(["log", "check", str(proof), *key, "--witness-key", str(WITNESS_KEY.public)]) == 1
    proof.write_text(proof.read_text().replace("index 17", "index 18"))
    assert main(["log", "check", str(proof), *key]) == 1
    assert main(["log", "check", str(data / "missing"), *key]) == 2
    assert main(["log", "proof", "300", "--data", str(data)]) == 1
    assert main(["log", "proof", "0", "--data", str(data.parent)]) == 2


def test_a_proof_without_a_key_says_where_the_key_is(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    proof = data.parent / "17.tlog-proof"
    assert main(["log", "proof", "17", "--data", str(data), "--out", str(proof)]) == 0
    assert main(["log", "check", str(proof)]) == 2
    said = capsys.readouterr().err
    assert said.startswith("littoral: --key K: ")
    assert "the file vkey in the folder of the log" in said
    assert (data / "log" / "vkey").is_file()


def test_a_proof_by_who_wrote_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with Log(tmp_path, KEY) as log:
        log.append(["姓名".encode(), b"\xff\n"]).result()
        (tmp_path / "p").write_text(str(log.proof(1)))
    assert main(["log", "check", str(tmp_path / "p"), "--key", str(KEY.public)]) == 0
    assert capsys.readouterr().out == "\\xff\n\n"
