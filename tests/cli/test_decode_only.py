"""`littoral run --decode-only`: what comes out, what is said of the rest, and what cannot stop it.

That the messages are those of gpsd, field by field, is held by tests/sense/ais.
"""

from __future__ import annotations

import gzip
import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import zstandard

from littoral.cli import main
from littoral.sense.ais.codes import REASONS
from littoral.sense.ais.messages import decode_lines
from tests.sense.ais.helpers import message, sentences, tag

REAL = Path(__file__).parents[1] / "real" / "gpsd"
SAMPLE = REAL / "sample.aivdm"
GOOD = sentences(message(168, {0: (6, 1), 8: (30, 412_000_001)}))[0].encode()
CALL = "import sys; from littoral.cli import main; sys.exit(main())"
COMMAND = [sys.executable, "-c", CALL, "run", "--decode-only", "--json-lines"]


def run(capfd, *args) -> tuple[int, list[dict], list[str]]:
    """Exit code, the objects on standard output, the lines on standard error."""
    code = main(["run", "--decode-only", "--json-lines", *map(str, args)])
    out, err = capfd.readouterr()
    return code, [json.loads(line) for line in out.splitlines()], err.splitlines()


def piped(data: bytes, *args: str) -> tuple[int, list[dict], str]:
    done = subprocess.run([*COMMAND, *args], input=data, capture_output=True, check=False)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    return done.returncode, lines, done.stderr.decode()


def test_a_message_a_line_with_the_names_of_gpsd(capfd):
    code, got, said = run(capfd, SAMPLE)
    assert code == 0
    want = list(decode_lines([SAMPLE.read_bytes()]))
    assert len(got) == len(want) == 102
    assert {m["type"] for m in got} == set(range(1, 28))
    assert all(list(m)[:3] == ["class", "device", "type"] for m in got)  # gpsd's order
    assert all(m.pop("device") == str(SAMPLE) for m in got)
    assert got == want
    # Counted by hand, see test_gpsd_reference.
    assert said == [
        f"littoral: {SAMPLE}: 1,121 lines, 102 messages in 118 of them; "
        "rejected 1 (not_a_sentence 1); ignored 1,002 (blank 1, comment 1,001)"
    ]


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.compress], ids=["gzip", "zstd"])
def test_packed(capfd, tmp_path, pack):
    path = tmp_path / "log"
    path.write_bytes(pack(SAMPLE.read_bytes()))
    code, got, _ = run(capfd, path)
    assert (code, len(got)) == (0, 102)


def test_what_cannot_be_read_is_named_and_the_others_are_run(capfd, tmp_path):
    table, empty, cut = tmp_path / "t.csv", tmp_path / "empty", tmp_path / "cut.gz"
    table.write_text("mmsi,lat,lon,time\n412000001,20,110,2026-01-01T00:00:00Z\n")
    empty.write_bytes(b"")
    cut.write_bytes(gzip.compress(SAMPLE.read_bytes())[:-2000])
    absent = tmp_path / "absent"
    code, got, said = run(capfd, absent, table, cut, empty, tmp_path, SAMPLE)
    assert code == 2
    by_device = [m["device"] for m in got]
    assert 20 < by_device.count(str(cut)) < 102  # what could be unpacked
    assert by_device.count(str(SAMPLE)) == 102
    assert set(by_device) == {str(cut), str(SAMPLE)}
    problems = {
        absent: "No such file or directory",
        table: "holds a table (csv), no messages to decode",
        cut: "gzip file is cut short; what was there has been used",
        empty: "is empty",
        tmp_path: "is a folder; name the files in it",
    }
    for path, problem in problems.items():
        assert f"littoral: {path}: {problem}" in said


def test_the_account_as_json(capfd, tmp_path):
    """Two sources, a damaged line, half a message: 1,125 lines = 119 used + 3 + 1,003."""
    half = sentences(message(424, {0: (6, 5)}))[0].encode()
    log = tmp_path / "log"
    log.write_bytes(b"\n".join([GOOD, GOOD[:-1] + b"0", half, b"# note"]))
    code, got, said = run(capfd, log, SAMPLE, tmp_path / "absent", "--json")
    assert (code, len(got)) == (2, 103)
    account = json.loads(said.pop())
    assert account == {
        "lines": 1125,
        "messages": 103,
        "rejected": {"bad_checksum": 1, "incomplete": 1, "not_a_sentence": 1},
        "ignored": {"blank": 1, "comment": 1002},
        "problems": [{"file": str(tmp_path / "absent"), "message": "No such file or directory"}],
    }


def test_parts_of_one_file_do_not_wait_for_those_of_another(capfd, tmp_path):
    first, second = sentences(message(424, {0: (6, 5)}))
    (tmp_path / "a").write_text(first)
    (tmp_path / "b").write_text(second)
    code, got, _ = run(capfd, tmp_path / "a", tmp_path / "b")
    assert (code, got) == (0, [])


def test_tag_blocks_and_interleaved_messages(capfd, tmp_path):
    """Two static reports with one sequential id whose sentences come in turn, told apart by s:."""
    ships = [
        [tag(f"s:{s},c:1767225600") + part for part in sentences(message(424, fields))]
        for s, fields in (("r1", {0: (6, 5), 8: (30, 11)}), ("r2", {0: (6, 5), 8: (30, 22)}))
    ]
    log = tmp_path / "log"
    log.write_text("\r\n".join([ships[0][0], ships[1][0], ships[1][1], ships[0][1]]))
    _, got, _ = run(capfd, log)
    assert [(m["type"], m["mmsi"]) for m in got] == [(5, 22), (5, 11)]


def test_what_belongs_together(capfd):
    assert main(["run", "x", "--json-lines"]) == 2
    assert "--json-lines goes with --decode-only" in capfd.readouterr().err


def test_standard_input_packed_or_not():
    for data in (SAMPLE.read_bytes(), gzip.compress(SAMPLE.read_bytes())):
        code, got, said = piped(data, "-")
        assert (code, len(got)) == (0, 102)
        assert {m["device"] for m in got} == {"stdin"}
        assert said.startswith("littoral: stdin: 1,121 lines, 102 messages")


def test_a_binary_stream_does_not_stop_it():
    noise = bytes(range(256)) * 40_000  # 10 MB
    data = GOOD + b"\n" + noise + b"\n" + b"\0" * 5_000_000 + b"\n" + GOOD + b"\n" + b"!" * 9999
    code, got, said = piped(data, "-", "--json")
    assert code == 0
    assert [m["mmsi"] for m in got] == [412_000_001, 412_000_001]
    account = json.loads(said)
    assert account["messages"] == 2
    assert account["rejected"]["too_long"] == 2
    assert account["lines"] == 2 + sum((account["rejected"] | account["ignored"]).values())


def test_a_named_pipe(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with subprocess.Popen([*COMMAND, str(pipe)], stdout=subprocess.PIPE) as process:
        pipe.write_bytes(SAMPLE.read_bytes())
        out, _ = process.communicate(timeout=60)
    assert (process.returncode, len(out.splitlines())) == (0, 102)


def test_a_live_pipe_is_answered_line_by_line():
    """A message is printed before more input comes."""
    with subprocess.Popen([*COMMAND, "-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as live:
        assert live.stdin is not None
        assert live.stdout is not None
        for _ in range(3):
            live.stdin.write(GOOD + b"\n")
            live.stdin.flush()
            assert json.loads(live.stdout.readline())["mmsi"] == 412_000_001
        live.stdin.close()
        assert live.stdout.read() == b""
    assert live.returncode == 0


def test_the_reader_goes_away(tmp_path):
    """As `| head -1` does: no error, nothing said of it."""
    log = tmp_path / "log"
    log.write_bytes((GOOD + b"\n") * 20_000)
    process = subprocess.Popen([*COMMAND, str(log)], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stderr is not None
    assert json.loads(process.stdout.readline())["type"] == 1
    process.stdout.close()
    assert process.stderr.read() == b""
    assert process.wait(60) == 0


def peak_kib(path: Path) -> int:
    """Most memory that one run held."""
    with open(os.devnull, "wb") as nowhere:
        process = subprocess.Popen([*COMMAND, str(path)], stdout=nowhere, stderr=nowhere)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    return usage.ru_maxrss


def test_memory_does_not_grow_with_the_input(tmp_path):
    """Four times as much input, 9 and 36 MB; 8 MB of difference is what allocators may keep."""
    block = (GOOD + b"\n") * 100 + (b"# " + b"x" * 500 + b"\n") * 1800
    small, large = tmp_path / "small", tmp_path / "large"
    small.write_bytes(block * 10)
    large.write_bytes(block * 40)
    assert peak_kib(large) - peak_kib(small) < 8192


DOC = Path(__file__).parents[2] / "docs" / "decode.md"


def test_the_example_of_the_page(capfd, tmp_path, monkeypatch):
    """docs/decode.md: its log gives its output."""
    example = r"```console\n\$ cat log.nmea\n(.*?)\$ (littoral .*?)\n(.*?)```"
    shown = re.search(example, DOC.read_text(), re.DOTALL)
    assert shown is not None
    log, command, output = shown.groups()
    (tmp_path / "log.nmea").write_text(log)
    monkeypatch.chdir(tmp_path)
    assert main(shlex.split(command)[1:]) == 0
    out, err = capfd.readouterr()
    assert out + err == output


def test_the_page_names_every_reason():
    text = DOC.read_text()
    assert len(REASONS) > 10
    assert [r for r in REASONS if r and f"`{r}`" not in text] == []
