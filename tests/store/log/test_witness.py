"""Witnesses: the answers of tlog-witness one by one, and two real ones that watch a log."""

from __future__ import annotations

import hashlib
import http.client
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from littoral.store.log import merkle
from littoral.store.log.checkpoint import Checkpoint, open_checkpoint
from littoral.store.log.cosign import Witness, Witnesses, parse_witnesses
from littoral.store.log.fsck import fsck_log
from littoral.store.log.note import (
    COSIGNATURE,
    Note,
    NoteError,
    VerifierKey,
    encode64,
    parse_signatures,
)
from littoral.store.log.signing import Signer
from littoral.store.log.witness.judge import Refused, parse_request
from littoral.store.log.witness.state import WitnessBusy, WitnessState
from littoral.store.log.writer import Log
from tests.store.log.logs import KEY, WITNESS_KEY, entries
from tests.store.log.test_merkle import mth, subproof

# tlog-witness, "Example request body"
EXAMPLE = """old 20852014
PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=
jrJZDmY8Y7SyJE0MWLpLozkIVMSMZcD5kvuKxPC3swk=
5+pKlUdi2LeF/BcMHBn+Ku6yhPGNCswZZD1X/6QgPd8=
/6WVhPs2CwSsb5rYBH5cjHV/wSmA79abXAwhXw3Kj/0=

example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

\u2014 example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
\u2014 example.com/behind-the-sofa opLqBQsREYCgu6xQkYQwJr9fo45a62DN9EdmHXnZdXNqlcVGlCum2Wks+49/V6267UEjw6QUXTS5Rovnzv++qbSzm9Q=
"""  # noqa: E501

D = entries(0, 40)


def checkpoint(size: int, root: bytes | None = None) -> Note:
    return KEY.sign(Checkpoint(KEY.name, size, root or mth(D[:size])).text)


def body(old: int, size: int, proof: list[bytes] | None = None, note: Note | None = None) -> bytes:
    if proof is None:
        proof = subproof(old, D[:size], True) if 0 < old <= size else []
    lines = "".join(encode64(h) + "\n" for h in proof)
    return f"old {old}\n{lines}\n{note or checkpoint(size)}".encode()


@pytest.fixture
def state(tmp_path: Path) -> Iterator[WitnessState]:
    made = WitnessState(tmp_path, WITNESS_KEY, {KEY.name: [KEY.public]})
    yield made
    made.close()


def test_the_example_of_the_specification() -> None:
    request = parse_request(EXAMPLE.encode())
    assert (request.old, len(request.proof), request.checkpoint.size) == (20852014, 4, 20852163)
    assert len(request.note.signatures) == 2


def test_cosigned_in_turn_and_kept(state: WitnessState) -> None:
    for old, new in ((0, 3), (3, 3), (3, 4), (4, 40)):
        signature = state.add_checkpoint(body(old, new))
        note = checkpoint(new).with_signatures([signature])
        stored = state.stored(hashlib.sha256(KEY.name.encode()).hexdigest())
        assert stored == str(note).encode()
        signed = open_checkpoint(stored, KEY.public, [WITNESS_KEY.public])
        assert (signed.size, [k for k, _ in signed.seen]) == (new, [WITNESS_KEY.public])


STRANGER = Signer.generate("stranger.example")
FORGED = Note(checkpoint(5).text, checkpoint(6).signatures)


@pytest.mark.parametrize(
    ("status", "asked"),
    [
        (400, b""),
        (400, b"old 4\n\n"),
        (400, body(4, 5).replace(b"old 4", b"old 04")),
        (400, body(4, 5, [b"short"])),
        (400, body(4, 5, [bytes(32)] * 64)),
        (400, body(6, 5)),
        (404, body(4, 5, note=STRANGER.sign(Checkpoint("stranger.example", 5, bytes(32)).text))),
        (403, body(4, 5, note=FORGED)),
        (403, body(4, 5, note=STRANGER.sign(checkpoint(5).text))),
        (409, body(0, 5)),
        (409, body(3, 5)),
        (409, body(5, 5)),
        (422, body(4, 5, [])),
        (422, body(4, 5, [bytes(32)])),
        (422, body(4, 5, note=checkpoint(5, bytes(32)))),
        (422, body(4, 4, note=checkpoint(4, bytes(32)))),
        (422, body(4, 4, [bytes(32)])),
    ],
)
def test_refused(state: WitnessState, status: int, asked: bytes) -> None:
    state.add_checkpoint(body(0, 4))
    with pytest.raises(Refused) as refused:
        state.add_checkpoint(asked)
    assert refused.value.status == status
    if status == 409:
        assert (str(refused.value), refused.value.content_type) == ("4\n", "text/x.tlog.size")
    latest = state.latest(KEY.name)
    assert latest is not None
    assert (latest.size, latest.root) == (4, mth(D[:4]))


def test_the_empty_tree(state: WitnessState) -> None:
    for wrong in (body(0, 0, note=checkpoint(0, bytes(32))), body(0, 3, [bytes(32)])):
        with pytest.raises(Refused) as refused:
            state.add_checkpoint(wrong)
        assert refused.value.status == 422
    state.add_checkpoint(body(0, 0))
    state.add_checkpoint(body(0, 2))


def test_one_process_a_folder(state: WitnessState) -> None:
    with pytest.raises(WitnessBusy):
        WitnessState(state.root, WITNESS_KEY, {KEY.name: [KEY.public]})


def test_memory_that_is_damaged_cosigns_nothing(state: WitnessState) -> None:
    state.add_checkpoint(body(0, 4))
    (path,) = state.root.glob("logs/*/checkpoint")
    path.write_bytes(b"spoilt")
    with pytest.raises(NoteError):
        state.add_checkpoint(body(4, 5))


@contextmanager
def running(
    folder: Path, name: str, port: int = 0, log_key: VerifierKey = KEY.public
) -> Iterator[tuple[Witness, subprocess.Popen]]:
    """A witness as an agency runs it."""
    command = [sys.executable, "-m", "littoral.cli", "witness", "--dir", str(folder)]
    command += ["--name", name, "--log-key", str(log_key), "--port", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        key = VerifierKey.parse(process.stdout.readline().removeprefix("witness key: "))
        url = process.stdout.readline().split(" ")[0]
        yield Witness(url, key), process
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def test_two_witnesses_watch_a_log(tmp_path: Path) -> None:
    root = tmp_path / "log"
    with (
        running(tmp_path / "a", "coastguard.example/w") as (a, process),
        running(tmp_path / "b", "customs.example/w") as (b, _),
    ):
        assert (a.key.kind, a.key.name, b.key.name) == (
            COSIGNATURE, "coastguard.example/w", "customs.example/w",
        )  # fmt: skip
        with Log(root, KEY, Witnesses([a, b]), publish_s=0.01) as log:
            log.append(entries(0, 300)).result()
            assert {k.name for k, _ in log.publish().seen} == {a.key.name, b.key.name}
            proof = log.proof(17)
            assert len(proof.verify(KEY.public, [a.key, b.key]).seen) == 2
            # One is down: the log goes on with the other, and asks it again later.
            process.send_signal(signal.SIGTERM)
            assert process.wait() == 0
            log.append(entries(300, 5)).result()
            assert [k for k, _ in log.publish().seen] == [b.key]
            assert a.error
            assert (a.size, b.size) == (300, 305)
        with running(tmp_path / "a", "coastguard.example/w") as (again, _):
            assert again.key == a.key
            # It remembers 300 entries, a client that knows nothing is told so and goes on there.
            with Log(root, KEY, Witnesses([again, Witness(b.url, b.key)])) as log:
                log.append(entries(305, 1)).result()
                assert {k.name for k, _ in log.publish().seen} == {a.key.name, b.key.name}
        said = monitored(b, KEY.name)
        report = fsck_log(root, KEY.public, [said], [a.key, b.key])
        assert (report.ok, report.fork, report.rollback, len(report.cosigned)) == (
            True, "none", "none", 2,
        )  # fmt: skip
        # Another history under the same key finds no witness, and the true one is kept.
        other = Witness(b.url, b.key)
        with Log(tmp_path / "forked", KEY, Witnesses([other])) as forked:
            forked.append([b"another history"] * 400).result()
            assert forked.publish().seen == ()
        assert "422" in (other.error or "")
        short = Witness(b.url, b.key)
        with Log(tmp_path / "short", KEY, Witnesses([short])) as shorter:
            shorter.append(entries(0, 10)).result()
            assert shorter.publish().seen == ()
        assert "has cosigned 306 entries" in (short.error or "")
        assert monitored(b, KEY.name) == said
        for folder in ("forked", "short"):
            report = fsck_log(tmp_path / folder, KEY.public, [said], [b.key])
            assert not report.ok


def monitored(witness: Witness, origin: str) -> bytes:
    """GET <monitoring prefix>/<origin hash>/checkpoint."""
    connection = http.client.HTTPConnection(witness.url.removeprefix("http://"))
    connection.request("GET", f"/{hashlib.sha256(origin.encode()).hexdigest()}/checkpoint")
    answer = connection.getresponse()
    data = answer.read()
    connection.close()
    assert (answer.status, answer.headers["Content-Type"]) == (200, "text/plain; charset=utf-8")
    return data


def test_over_http(tmp_path: Path) -> None:
    with running(tmp_path, "w.example") as (witness, _):
        connection = http.client.HTTPConnection(witness.url.removeprefix("http://"))

        def ask(method: str, path: str, data: bytes = b"") -> tuple[int, str | None, bytes]:
            connection.request(method, path, data)
            answer = connection.getresponse()
            return answer.status, answer.headers["Content-Type"], answer.read()

        origin = hashlib.sha256(KEY.name.encode()).hexdigest()
        assert ask("GET", f"/{origin}/checkpoint")[0] == 404
        status, _, lines = ask("POST", "/add-checkpoint", body(0, 3))
        assert status == 200
        (signature,) = parse_signatures(lines.decode())
        assert witness.key.verify(checkpoint(3).text, signature.data)
        assert ask("POST", "/add-checkpoint", body(0, 5)) == (409, "text/x.tlog.size", b"3\n")
        assert ask("POST", "/add-checkpoint", b"nonsense")[0] == 400
        assert ask("POST", "/elsewhere", body(3, 5))[0] == 404
        for path in ("/", "/../witness.key", f"/{'0' * 64}/checkpoint", f"/{origin}/checkpoint/"):
            assert ask("GET", path)[0] == 404
        connection.request("POST", "/add-checkpoint", bytes(70_000))
        assert connection.getresponse().status == 413
        connection.close()
        assert monitored(witness, KEY.name).endswith(lines)


def test_killed_it_remembers_what_it_cosigned(tmp_path: Path) -> None:
    """Never two histories: after each kill it is where its last answer says, or one further."""
    answered = 0
    for _ in range(6):
        with running(tmp_path, "w.example") as (witness, process):
            connection = http.client.HTTPConnection(witness.url.removeprefix("http://"))
            connection.request("POST", "/add-checkpoint", body(0, 1))
            answer = connection.getresponse()
            said = answer.read()
            known = int(said) if answer.status == 409 else 1
            assert known in (answered, answered + 1)
            for size in range(known + 1, known + 6):
                connection.request("POST", "/add-checkpoint", body(size - 1, size))
                if size == known + 5:  # killed while it works on this one
                    process.kill()
                    break
                answer = connection.getresponse()
                assert answer.status == 200
                answer.read()
                answered = size
            connection.close()
    assert answered >= 24


def test_addresses() -> None:
    (witness,) = parse_witnesses([f"https://w.example/a {WITNESS_KEY.public}"]).all
    assert (witness.url, witness.key) == ("https://w.example/a", WITNESS_KEY.public)
    for wrong in ("", "ftp://w.example key", "https://w.example"):
        with pytest.raises(NoteError):
            parse_witnesses([wrong])


def test_a_witness_that_lies_gives_nothing(state: WitnessState) -> None:
    """A signature by its key on something else, and one by another key."""
    note = checkpoint(5)

    lies = [WITNESS_KEY.cosign(checkpoint(4).text, 5), STRANGER.sign(note.text).signatures[0]]

    class Lying(Witness):
        def _post(self, body: bytes) -> tuple[int, bytes]:
            return 200, lies.pop().line.encode()

    for _ in range(2):
        asked = Witnesses([Lying("http://127.0.0.1:1", WITNESS_KEY.public)])
        assert asked.ask(note, 5, lambda old, new: []) == []
        assert asked.all[0].error
        assert asked.all[0].size == 0
        assert asked.ask(note, 5, lambda old, new: []) == []  # left alone for a while
    assert lies == []


def test_the_root_of_the_tests_is_that_of_the_log() -> None:
    tree = merkle.CompactRange()
    for entry in D:
        tree.push(merkle.leaf_hash(entry))
    assert tree.root() == mth(D)
