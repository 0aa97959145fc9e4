"""`littoral vault`: mirrors, rotation and sealed copies by the command line, on one machine and on
the one that comes after it."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from littoral.cli import main
from littoral.engine.trust import Trust, keys_folder
from littoral.schema.logentry import LogEntry, from_bytes
from littoral.store.files import lock_alone
from littoral.store.log.reader import LogReader
from littoral.store.people.outbox import LogEnd, Outbox
from littoral.store.records import Records
from littoral.store.vault import cases, grants, persons
from littoral.store.vault.entries import Ask
from littoral.store.vault.keyfiles import prepare
from littoral.store.vault.logged import facts_json
from littoral.store.vault.master import (
    master_file,
    new_master,
    open_copy,
    read_masters,
    write_masters,
)
from littoral.store.vault.mirrors import FILE, named

NOW = 1_790_000_000_000_000
HOUR = 3_600_000_000
WORDS = "correct horse battery staple"


def vault(data: Path, *args: str) -> tuple[int, str, str]:
    """As somebody types it."""
    done = subprocess.run(
        [sys.executable, "-m", "littoral.cli", "vault", *args, "--data", str(data)],
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    return done.returncode, done.stdout, done.stderr


def shown(data: Path) -> dict:
    code, said, wrong = vault(data, "show", "--json")
    assert (code, wrong) == (0, "")
    return json.loads(said)


class Server:
    """What a server has open, without its page."""

    def __init__(self, data: Path, now_us: int = NOW) -> None:
        self.records = Records.open(f"sqlite:///{data / 'records.sqlite'}")
        self.trust = Trust.open(data, self.records, lambda: now_us)
        trust = self.trust
        Outbox(self.records.database, LogEnd(trust.log, trust.record, trust.facts_key)).settle()

    def close(self) -> None:
        self.trust.close()
        self.records.close()

    def collect(self, name: str) -> tuple[Ask, str]:
        case = cases.open_case(
            self.trust.vault, "account:li", "12", "anti_smuggling", "statutory_duty", "460100",
            NOW, self.trust.record, "customs",
        )  # fmt: skip
        ask = Ask("account:li", case.id, "anti_smuggling", "statutory_duty")
        who = {"name": name}
        return ask, persons.add_subject(
            self.trust.vault, ask, "person", who, NOW, self.trust.record
        )

    def name_of(self, ask: Ask, person: str) -> str:
        v, record = self.trust.vault, self.trust.record
        grant = grants.ask_for(
            v, ask, "read", "personal", NOW + HOUR, "核实当事人身份", NOW, record, things=[person]
        )
        return persons.reveal(v, ask, grant.id, [person], NOW, record)[person]["name"]

    def said(self) -> list[LogEntry]:
        log = self.trust.log
        log.publish()
        reader = LogReader(log.root, log.key.public)
        entries = [from_bytes(e) for e in reader.entries(0, log.size)]
        return [e for e in entries if e.action.startswith("vault.")]


def test_a_machine_is_lost_and_another_goes_on(tmp_path: Path) -> None:
    data, mirror, words = tmp_path / "one" / "data", tmp_path / "disk" / "keys", tmp_path / "words"
    data.mkdir(parents=True)
    words.write_text(WORDS + "\n")
    Server(data).close()  # the first start makes the keys
    code, said, wrong = vault(data, "mirror", str(mirror))
    assert (code, f"{mirror} mirrors" in said, "one disk" in wrong) == (0, True, True)

    signer = Path("policy-signers") / "li.key"
    (keys_folder(data) / signer.parent).mkdir()
    (keys_folder(data) / signer).write_text("of a policy signer\n")
    server = Server(data)
    known = [(*server.collect(name), name) for name in ("张三", "李四")]
    server.close()
    files = sorted((keys_folder(data) / "keys").rglob("*.json"))
    files[0].unlink()  # the disk of the keys fails, here and there
    files[-1].write_bytes(b"\0" * 300)
    server = Server(data)
    assert [server.name_of(ask, person) for ask, person, _ in known] == ["张三", "李四"]

    code, said, wrong = vault(data, "rotate")  # beside a server
    assert (code, said) == (2, "")
    assert "stop it" in wrong
    old = shown(data)
    code, _, wrong = vault(data, "seal", str(tmp_path / "before"), "--custodian", "档案馆",
                           "--passphrase-file", str(words))  # fmt: skip
    assert code == 0
    server.close()
    code, said, _ = vault(data, "rotate")
    assert (code, "wraps" in said, "make two anew" in said) == (0, True, True)
    new = shown(data)
    assert old["master"] != new["master"]
    (there,) = new["mirrors"]
    assert (there["folder"], there["reached"], there["keys_behind"]) == (str(mirror), True, 0)
    code, said, _ = vault(data, "seal", str(tmp_path / "copy"), "--custodian", "档案馆",
                          "--passphrase-file", str(words))  # fmt: skip
    assert (code, "passphrase apart" in said) == (0, True)

    server = Server(data)
    told = [(e.action, e.thing) for e in server.said()]
    assert told == [
        ("vault.mirror", "vault:mirrors"), ("vault.seal", f"key:{old['master']}"),
        ("vault.rotate", f"key:{old['master']}"), ("vault.rotate", f"key:{new['master']}"),
        ("vault.seal", f"key:{new['master']}"),
    ]  # fmt: skip
    facts = json.loads(facts_json(server.said()[3], server.trust.facts_key) or b"")
    assert facts["wrapped"] > 0
    server.close()

    # Another machine: the data from its backup, the disk, one envelope.
    other = tmp_path / "two" / "data"
    shutil.copytree(data, other)
    shutil.rmtree(tmp_path / "one")
    code, _, wrong = vault(other, "show")
    assert (code, "vault mirror" in wrong) == (2, True)
    assert vault(other, "mirror", str(mirror))[0] == 0
    opening = ("--passphrase-file", str(words))
    code, _, wrong = vault(other, "open", str(tmp_path / "before"), *opening)
    assert (code, "opens none of the keys" in wrong) == (2, True)
    (tmp_path / "wrong").write_text("quite another passphrase")
    code, _, wrong = vault(
        other, "open", str(tmp_path / "copy"), "--passphrase-file", str(tmp_path / "wrong")
    )
    assert (code, "passphrase" in wrong) == (2, True)
    assert vault(other, "open", str(tmp_path / "copy"), *opening)[0] == 0
    code, _, wrong = vault(other, "open", str(tmp_path / "copy"), *opening)
    assert (code, "move it away" in wrong) == (2, True)
    server = Server(other)
    assert [server.name_of(ask, person) for ask, person, _ in known] == ["张三", "李四"]
    assert (keys_folder(other) / signer).read_text() == "of a policy signer\n"
    assert "vault.open" in [e.action for e in server.said()]
    server.close()


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    Server(folder).close()
    return folder


def test_what_no_mirror_can_be(data: Path, tmp_path: Path, capsys) -> None:
    for folder in (data / "m", keys_folder(data), keys_folder(data) / "m", tmp_path):
        assert main(["vault", "mirror", str(folder), "--data", str(data)]) == 2
        assert "littoral: " in capsys.readouterr().err
    other = tmp_path / "other"
    other.mkdir()
    Server(other).close()
    assert main(["vault", "mirror", str(keys_folder(other)), "--data", str(data)]) == 2
    assert "another deployment" in capsys.readouterr().err
    assert named(keys_folder(data)) == []
    assert main(["vault", "show", "--data", str(data)]) == 0
    assert "no mirror" in capsys.readouterr().out


def test_a_mirror_on_the_disk_of_the_keys_is_said_to_be_none_to_rely_on(
    data: Path, tmp_path: Path, capsys
) -> None:
    assert main(["vault", "mirror", str(tmp_path / "mirror"), "--data", str(data)]) == 0
    assert "both lie on one disk" in capsys.readouterr().err
    assert main(["vault", "show", "--data", str(data)]) == 0
    said = capsys.readouterr().out
    assert "all, on the disk of the keys\nno mirror on another disk" in said


def test_without_a_terminal_a_passphrase_comes_from_a_file(
    data: Path, tmp_path: Path, capsys, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nobody(_: str) -> str:
        raise EOFError

    monkeypatch.setattr("getpass.getpass", nobody)
    words = ["vault", "seal", str(tmp_path / "copy"), "--custodian", "A", "--data", str(data)]
    assert main(words) == 2
    assert "--passphrase-file" in capsys.readouterr().err


def test_a_mirror_out_of_reach_holds_up_a_rotation_until_it_is_none(
    data: Path, tmp_path: Path, capsys
) -> None:
    mirror = tmp_path / "mirror"
    assert main(["vault", "mirror", str(mirror), "--data", str(data)]) == 0
    shutil.rmtree(mirror)
    assert main(["vault", "rotate", "--data", str(data)]) == 2
    assert f"{mirror} is out of reach" in capsys.readouterr().err
    server = Server(data)
    assert [e.action for e in server.said()] == ["vault.mirror"]  # nothing was rotated
    server.close()
    assert main(["vault", "show", "--data", str(data)]) == 0
    assert f"mirror: {mirror}, out of reach" in capsys.readouterr().out
    assert main(["vault", "unmirror", str(mirror), "--data", str(data)]) == 0
    assert "rotate now" in capsys.readouterr().out
    assert main(["vault", "unmirror", str(mirror), "--data", str(data)]) == 2
    assert main(["vault", "rotate", "--data", str(data)]) == 0


def test_what_is_refused(data: Path, tmp_path: Path, capsys) -> None:
    words, copy = tmp_path / "words", tmp_path / "copy"
    words.write_text("short")
    seal = ["vault", "seal", str(copy), "--data", str(data), "--passphrase-file", str(words)]
    assert main([*seal, "--custodian", "A"]) == 2
    assert "16 characters" in capsys.readouterr().err
    words.write_text(WORDS)
    assert main([*seal, "--custodian", "A\nB"]) == 2
    assert "on one line" in capsys.readouterr().err
    copy.touch()
    assert main([*seal, "--custodian", "A"]) == 2
    assert "is there already" in capsys.readouterr().err
    for verb in (["show"], ["rotate"], ["mirror", str(tmp_path / "m")]):
        assert main(["vault", *verb, "--data", str(tmp_path / "nowhere")]) == 2
        assert "no data folder" in capsys.readouterr().err
    assert not (tmp_path / "m").exists()


def tree(folder: Path) -> dict[str, tuple[bytes, int]]:
    files = [p for p in folder.rglob("*") if p.is_file()]
    return {str(p): (p.read_bytes(), p.stat().st_mtime_ns) for p in files}


def test_a_look_and_a_copy_leave_the_keys_as_they_are(data: Path, tmp_path: Path, capsys) -> None:
    mirror, words, copy = tmp_path / "mirror", tmp_path / "words", tmp_path / "copy"
    assert main(["vault", "mirror", str(mirror), "--data", str(data)]) == 0
    keys, master = keys_folder(data), master_file(data)
    (old,) = read_masters(master)
    write_masters(master, [new_master(NOW), old])  # a rotation stopped here
    some = next((keys / "keys").rglob("*.json"))
    some.with_name(some.name + ".tmp").write_text("of a server that writes just now")
    (mirror / "keys" / some.parent.name / some.name).unlink()
    words.write_text(WORDS)
    before = tree(keys), tree(mirror), tree(master.parent)
    capsys.readouterr()
    log, lock = lock_alone(data / "log"), os.open(keys / "lock", os.O_RDWR | os.O_CREAT)
    fcntl.flock(lock, fcntl.LOCK_SH)  # a server makes a key: nobody waits for it
    try:
        assert vault(data, "show")[0] == 0
        code, said, _ = vault(
            data, "seal", str(copy), "--custodian", "A", "--passphrase-file", str(words)
        )
    finally:
        os.close(lock)
        os.close(log)
    assert (code, "a rotation is not finished" in said) == (0, True)
    assert open_copy(copy.read_text(), WORDS) == read_masters(master)[0]
    assert (tree(keys), tree(mirror), tree(master.parent)) == before


def test_a_spoilt_list_of_mirrors_stops_no_start(
    data: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    prepare(tmp_path / "m")
    list_of = keys_folder(data) / FILE
    list_of.write_bytes(b"\0" * 20 + b"\n" + str(tmp_path / "m").encode() + b"\nno/path\n")
    server = Server(data)
    assert server.trust.vault.keys.files.mirrors == (tmp_path / "m",)
    server.close()
    assert str(list_of) in caplog.text
