"""Time stamps by OpenSSL's own authority: taken, refused where anything is wrong with them, kept
beside the checkpoint, and verified by `openssl ts -verify`, `fsck log` and `log check` alike."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from littoral.cli import main
from littoral.store.log import timestamp
from littoral.store.log.fsck import fsck_log
from littoral.store.log.stamping import Authority, Stamper
from littoral.store.log.timestamp import StampError, certificates, request, verify
from littoral.store.log.writer import Log
from tests.store.log.authority import Tsa, served
from tests.store.log.logs import KEY, entries

DATA = b"log.example/littoral\n17\n"
DEADLINE_S = 30.0


@pytest.fixture(scope="module")
def tsa(tmp_path_factory: pytest.TempPathFactory) -> Tsa:
    return Tsa.make(tmp_path_factory.mktemp("tsa") / "tsa")


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Tsa:
    """One of the same name that nobody trusts."""
    return Tsa.make(tmp_path_factory.mktemp("other") / "tsa")


def test_a_stamp_of_openssl_holds(tsa: Tsa) -> None:
    query, nonce = request(DATA)
    before = datetime.now(UTC).replace(microsecond=0)
    stamp = verify(tsa.reply(query), DATA, certificates(tsa.roots), nonce)
    assert before <= stamp.time <= datetime.now(UTC)
    assert stamp.authority == "CN=tsa.example"
    assert stamp.serial >= 1


def test_each_request_has_its_own_nonce() -> None:
    assert len({request(DATA)[1] for _ in range(100)}) == 100


def test_openssl_reads_our_request(tmp_path: Path) -> None:
    query, nonce = request(DATA)
    (tmp_path / "query").write_bytes(query)
    said = subprocess.run(
        ["openssl", "ts", "-query", "-in", "query", "-text"],
        cwd=tmp_path, check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    assert "Hash Algorithm: sha256" in said
    assert f"Nonce: 0x{nonce:X}" in said.replace("0x0", "0x")
    assert "Certificate required: yes" in said


def test_what_does_not_hold(tsa: Tsa, other: Tsa) -> None:
    query, nonce = request(DATA)
    answer, roots = tsa.reply(query), certificates(tsa.roots)
    cases = {
        "nonce": (answer, DATA, roots, nonce + 1),
        "something else": (answer, DATA + b"x", roots, nonce),
        "trusted": (answer, DATA, certificates(other.roots), nonce),
        "same name": (other.reply(query), DATA, roots, nonce),
        "of another request": (tsa.reply(request(DATA)[0]), DATA, roots, nonce),
        "no answer": (b"<html>not found</html>", DATA, roots, nonce),
        "empty": (b"", DATA, roots, nonce),
        "cut": (answer[:-1], DATA, roots, nonce),
        "more": (answer + b"\x00", DATA, roots, nonce),
        "too long": (answer + bytes(70_000), DATA, roots, nonce),
    }
    for what, asked in cases.items():
        with pytest.raises(StampError) as refused:
            verify(*asked)
        assert str(refused.value), what
    assert verify(answer, DATA, [*certificates(other.roots), *roots], nonce)


def test_no_byte_of_a_stamp_can_be_changed(tsa: Tsa) -> None:
    """But for those that nothing of it depends on, which still give the same stamp."""
    query, nonce = request(DATA)
    answer, roots = tsa.reply(query), certificates(tsa.roots)
    true = verify(answer, DATA, roots, nonce)
    refused = 0
    for at in range(0, len(answer), 3):
        changed = bytearray(answer)
        changed[at] ^= 0x21
        try:
            found = verify(bytes(changed), DATA, roots, nonce)
        except StampError:
            refused += 1
            continue
        assert found == true, at
    assert refused > 300  # the others are of the root, which is sent along and not needed


def test_a_refusal_is_no_stamp(tsa: Tsa) -> None:
    """OpenSSL refuses a request of rubbish and says so in an answer of its own."""
    with pytest.raises(StampError, match="status 2"):
        verify(tsa.reply(b"rubbish"), DATA, certificates(tsa.roots))


@pytest.mark.parametrize(("start", "end"), [(-40, -10), (10, 40)])
def test_a_certificate_not_valid_at_the_time(tmp_path: Path, start: int, end: int) -> None:
    made = Tsa.make(tmp_path / "tsa")
    now = datetime.now(UTC)
    days = [(now + timedelta(days=d)).strftime("%Y%m%d%H%M%SZ") for d in (start, end)]
    made.sign("tsa.example", "stamps", "-startdate", days[0], "-enddate", days[1])
    query, nonce = request(DATA)
    with pytest.raises(StampError):
        verify(made.reply(query), DATA, certificates(made.roots), nonce)


def test_a_stamp_outlives_its_certificate(tmp_path: Path) -> None:
    """It was valid when it stamped; the stamp is looked at years later."""
    made = Tsa.make(tmp_path / "tsa")
    end = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=3)
    begin = end - timedelta(days=1)
    made.sign(
        "tsa.example", "stamps", "-startdate", begin.strftime("%Y%m%d%H%M%SZ"),
        "-enddate", end.strftime("%Y%m%d%H%M%SZ"),
    )  # fmt: skip
    query, nonce = request(DATA)
    answer = made.reply(query)
    while datetime.now(UTC) <= end + timedelta(seconds=1):
        time.sleep(0.05)
    assert verify(answer, DATA, certificates(made.roots), nonce).time <= end


def test_a_certificate_for_something_else(tmp_path: Path) -> None:
    """`openssl ts` would not sign with it, so its key signs under a certificate for stamps, and the
    one for web servers is put into the answer... by an authority that has no other."""
    made = Tsa.make(tmp_path / "tsa", use="web")
    query, _ = request(DATA)
    with pytest.raises(subprocess.CalledProcessError):
        made.reply(query)


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Log]:
    with Log(tmp_path / "data" / "log", KEY) as made:
        made.append(entries(0, 300)).result()
        made.publish()
        yield made


def stamper(log: Log, url: str, roots: bytes, every_s: float = 3600.0) -> Stamper:
    return Stamper(log, Authority(url, tuple(certificates(roots))), every_s)


def until_told(made: Stamper) -> None:
    """It has a stamp, or an error."""
    end = time.monotonic() + DEADLINE_S
    while made.last is None and made.error is None and time.monotonic() < end:
        time.sleep(0.01)


def test_kept_beside_the_checkpoint_and_verified_by_everybody(
    log: Log, tsa: Tsa, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with served(tsa) as url:
        made = stamper(log, url, tsa.roots)
        until_told(made)
        assert made.error is None
        assert made.last is not None
        assert made.last.size == 300
        assert made.stamp() is None  # the newest has one
        log.append(entries(300, 7)).result()
        log.publish()
        second = made.stamp()
        assert second is not None
        assert second.size == 307
        made.close()
    root = log.root
    checkpoint, answer = (root / name for name in timestamp.names(307))
    assert answer.read_bytes() == tsa.answers[-1]
    said = subprocess.run(
        ["openssl", "ts", "-verify", "-data", str(checkpoint), "-in", str(answer), "-CAfile",
         str(tsa.folder / "root.pem")],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    assert "Verification: OK" in said.stdout + said.stderr
    report = fsck_log(root, KEY.public, authorities=certificates(tsa.roots))
    assert (report.ok, report.stamps, len(report.stamped)) == (True, 2, 2)
    assert report.stamped[1].startswith("307 entries were there at 20")
    # A stamp in the folder does not show what was set back together with it.
    assert (report.fork, report.rollback) == ("not provable", "not provable")
    proof = tmp_path / "17.tlog-proof"
    ca, data = str(tsa.folder / "root.pem"), str(root.parent)
    asked = ["log", "proof", "17", "--data", data, "--out", str(proof), "--stamped"]
    assert main(asked) == 0
    check = ["log", "check", str(proof), "--key", str(KEY.public)]
    assert main([*check, "--stamp", f"{proof}.tsr", "--authority", ca]) == 0
    assert "its checkpoint existed at 20" in capsys.readouterr().err
    wrong = str(answer)  # the stamp of the later checkpoint
    assert main([*check, "--stamp", wrong, "--authority", ca]) == 1
    assert main([*check, "--stamp", f"{proof}.tsr"]) == 2
    assert main(["fsck", "log", data, "--key", str(KEY.public), "--authority", ca]) == 0
    assert "time stamps: 2 (2 by an authority given)" in capsys.readouterr().out
    assert main(["fsck", "log", data, "--key", str(KEY.public)]) == 0
    assert "time stamps: 2 (not judged)" in capsys.readouterr().out


def test_fsck_finds_what_is_wrong_with_a_stamp(
    log: Log, tsa: Tsa, other: Tsa, tmp_path: Path
) -> None:
    with served(tsa) as url:
        made = stamper(log, url, tsa.roots)
        until_told(made)
        made.close()
    checkpoint, answer = timestamp.names(300)
    roots = certificates(tsa.roots)

    def copied(name: str) -> Path:
        shutil.copytree(log.root, tmp_path / name)
        return tmp_path / name

    root = copied("stamp changed")
    data = bytearray((root / answer).read_bytes())
    data[-20] ^= 1
    (root / answer).write_bytes(data)
    report = fsck_log(root, KEY.public, authorities=roots)
    assert [d.split(":")[0] for d in report.damage] == [answer]
    root = copied("checkpoint changed")
    data = bytearray((root / checkpoint).read_bytes())
    data[30] ^= 1
    (root / checkpoint).write_bytes(data)
    assert not fsck_log(root, KEY.public).ok
    root = copied("stamp of another log's size")
    (root / checkpoint).rename(root / timestamp.names(299)[0])
    (root / answer).rename(root / timestamp.names(299)[1])
    assert not fsck_log(root, KEY.public).ok
    report = fsck_log(log.root, KEY.public, authorities=certificates(other.roots))
    assert not report.ok
    with Log(tmp_path / "another", KEY) as another:
        another.append([b"another history"] * 300).result()
        another.publish()
        shutil.copytree(log.root / "stamps", another.root / "stamps")
        report = fsck_log(another.root, KEY.public)
    assert report.damage == [f"{checkpoint}: is of another tree than the one here"]
    with Log(tmp_path / "short", KEY) as short:
        short.append(entries(0, 10)).result()
        short.publish()
        shutil.copytree(log.root / "stamps", short.root / "stamps")
        report = fsck_log(short.root, KEY.public)
    assert report.damage == [f"{checkpoint}: 290 of its entries are no longer here"]


def test_an_authority_that_is_down_costs_nothing(log: Log, tsa: Tsa) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:  # takes the connection, never answers
        made = stamper(log, f"http://127.0.0.1:{silent.getsockname()[1]}", tsa.roots)
        started = time.monotonic()
        log.append(entries(300, 5)).result(DEADLINE_S)
        assert log.publish().size == 305
        made.close()
        assert time.monotonic() - started < 5.0  # it is asked for ten seconds
    closed = stamper(log, "http://127.0.0.1:9", tsa.roots)
    until_told(closed)
    closed.close()
    assert "refused" in (closed.error or "")
    assert list((log.root).glob("stamps/*")) == []


def test_it_is_asked_again_when_it_is_back(log: Log, tsa: Tsa) -> None:
    with served(tsa, status=503) as url:
        made = stamper(log, url, tsa.roots)
        until_told(made)
        assert "503" in (made.error or "")
        made.close()
    with served(tsa) as url:
        again = stamper(log, url, tsa.roots, every_s=0.05)
        until_told(again)
        again.close()
    assert again.last is not None
    assert again.last.size == 300


def test_redirections_are_not_followed(log: Log, tsa: Tsa) -> None:
    """Whoever answers must not send the server to other machines."""
    with served(tsa) as true, served(tsa, status=307, location=true) as url:
        asked = len(tsa.answers)
        made = stamper(log, url, tsa.roots)
        until_told(made)
        made.close()
        assert "307" in (made.error or "")
        assert len(tsa.answers) == asked + 1


def test_addresses() -> None:
    for wrong in ("", "file:///etc/passwd", "ftp://tsa.example/", "http://", "https://a@b/tsr"):
        with pytest.raises(ValueError, match="no address"):
            Authority(wrong, ())
    for wrong in (b"", b"no certificate"):
        with pytest.raises(StampError):
            certificates(wrong)
