"""`littoral units` and `littoral users`: what they print, write, take and refuse."""

from __future__ import annotations

import csv
import json
import re
import time
from pathlib import Path

import pytest
import sqlalchemy as sa

from littoral.cli import main
from littoral.cli.sign_in import gate_over
from littoral.schema.logentry import from_bytes
from littoral.store.database import Database
from littoral.store.log.fsck import read_vkey
from littoral.store.log.reader import LogReader
from littoral.store.people.account_changes import GRANT
from littoral.store.people.accounts import Membership
from littoral.store.people.base import Base
from littoral.store.people.credentials import Passwords, Sealer
from littoral.store.people.directory import Directory
from littoral.store.people.outbox import Outbox
from littoral.store.people.signin import Origin, SignIn, SignInRefused
from littoral.store.records import Records
from littoral.store.vault import cases, tables

PASSWORD = "four plain words here"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder with Hainan's units."""
    assert main(["units", "packaged", "--data", str(tmp_path / "data")]) == 0
    return tmp_path / "data"


def signin(data: Path) -> SignIn:
    base = Base(Database(f"sqlite:///{data / 'records.sqlite'}"))
    return SignIn(base, Sealer(b"k" * 32), Passwords(memory_kib=64, passes=1))


def test_units_are_listed_by_tier_and_place(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert main(["units", "list", "--data", str(data), "--tier", "city", "--json"]) == 0
    found = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert len(found) == 19
    assert {"460100", "460300", "460400", "469030"} <= {u["code"] for u in found}
    assert main(["units", "list", "--data", str(data), "--under", "460000"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 19
    assert main(["units", "list", "--data", str(data), "--under", "9"]) == 2
    assert "no unit 9" in capsys.readouterr().err


def test_a_unit_shares_what_is_its_own_and_ends_that(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def units(*args: str) -> tuple[int, str, str]:
        code = main(["units", *args, "--data", str(data)])
        return code, *capsys.readouterr()

    capsys.readouterr()
    wanted = ["share", "460100", "460200", "--kind", "incident", "--reason", "joint watch"]
    code, said, _ = units(*wanted, "--agency", "police", "--from", "2031-01-01")
    key = said.strip()
    assert code == 0
    code, said, _ = units("sharings")
    for part in (key, "incident", "460100/police", "460200", "2030-12-31T16:00", "joint watch"):
        assert part in said
    assert units("unshare", key, "--reason", "over")[:2] == (0, f"ended: {key}\n")
    assert units("sharings")[1] == ""
    assert key in units("sharings", "--ended")[1]
    code, _, said = units("unshare", key, "--reason", "over")
    assert (code, key in said) == (1, True)
    code, _, said = units(*wanted[:2], "9", *wanted[3:])
    assert (code, "shared_with: there is no unit or agency 9" in said) == (2, True)
    code, _, said = units(*wanted, "--until", "soon")
    assert (code, said != "") == (2, True)


def test_made_up_units_are_marked(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    url = f"sqlite:///{data / 'records.sqlite'}"
    assert main(["units", "packaged", "--synthetic", "--records", url]) == 0
    capsys.readouterr()
    assert main(["units", "list", "--data", str(data), "--tier", "grid"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 9_919
    assert all(line.endswith("(synthetic)") for line in lines)


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_a_template_can_be_taken_as_it_is(
    data: Path, tmp_path: Path, kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    sheet = str(tmp_path / f"units.{kind}")
    assert main(["units", "template", sheet]) == 0
    assert main(["units", "import", sheet, "--data", str(data)]) == 0
    assert "Nothing was taken" in capsys.readouterr().out
    main(["units", "list", "--data", str(data), "--under", "469005"])
    assert capsys.readouterr().out == ""
    assert main(["units", "import", sheet, "--data", str(data), "--apply"]) == 0
    capsys.readouterr()
    main(["units", "list", "--data", str(data), "--under", "469005"])
    assert capsys.readouterr().out.startswith("469005S900 ")
    assert main(["units", "template", str(tmp_path / "units.pdf")]) == 2


def test_faults_are_named_and_nothing_is_taken(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sheet = tmp_path / "users.csv"
    sheet.write_text(
        "login,name,role,unit\nwang,王伟,watch_officer,460100\nli,李娜,emperor,999999\n", "utf-8"
    )
    links = tmp_path / "links.csv"
    command = ["users", "import", str(sheet), "--data", str(data), "--apply", "--links", str(links)]
    assert main(command) == 2
    said = capsys.readouterr()
    assert f"{sheet}: row 3, column role: " in said.err
    assert f"{sheet}: row 3, column unit: there is no unit '999999'" in said.err
    assert not links.exists()
    main(["users", "list", "--data", str(data)])
    assert capsys.readouterr().out == ""


def test_users_are_invited_and_their_links_work(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sheet, links = tmp_path / "users.csv", tmp_path / "links.csv"
    sheet.write_text("login,name,role,unit\nwang,王伟,watch_officer,460100\n", "utf-8")
    command = ["users", "import", str(sheet), "--data", str(data), "--apply"]
    assert main(command) == 2  # the links must go somewhere
    command += ["--links", str(links), "--address", "https://watch.example/"]
    assert main(command) == 0
    assert links.stat().st_mode & 0o777 == 0o600
    (_, (login, link)) = csv.reader(links.read_text("utf-8-sig").splitlines())
    found = re.fullmatch(r"https://watch\.example/#accept=([\w-]{43})", link)
    assert login == "wang"
    assert found is not None
    signin(data).accept(found[1], PASSWORD, Origin())
    # A file of links that is there is not written over, and then nothing is taken.
    sheet.write_text("login,name,role,unit\nli,李娜,analyst,460100\n", "utf-8")
    assert main(command) == 2
    capsys.readouterr()
    main(["users", "list", "--data", str(data), "--json"])
    (wang,) = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert (wang["login"], wang["status"], wang["roles"]) == (
        "wang", "active", ["watch_officer:460100"],
    )  # fmt: skip


def test_invite_link_suspend_reinstate(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    where = ["--data", str(data)]
    capsys.readouterr()
    assert (
        main(["users", "invite", "li", "--name", "李娜", "--role", "analyst:460100", *where]) == 0
    )
    first = capsys.readouterr().out.strip().partition("accept=")[2]
    assert main(["users", "link", "li", *where]) == 0
    second = capsys.readouterr().out.strip().partition("accept=")[2]
    door = signin(data)
    door.accept(second, PASSWORD, Origin())
    assert first != second
    assert main(["users", "suspend", "li", "--reason", "left", *where]) == 0
    with pytest.raises(SignInRefused):
        door.sign_in("li", PASSWORD, "", Origin())
    assert main(["users", "link", "li", *where]) == 2
    assert main(["users", "reinstate", "li", *where]) == 0
    assert door.sign_in("li", PASSWORD, "", Origin()).identity.login == "li"
    assert main(["users", "link", "li", "--clear-second-factors", "lost", *where]) == 0
    assert main(["users", "suspend", "nobody", "--reason", "x", *where]) == 2
    assert "no account" in capsys.readouterr().err


@pytest.mark.parametrize(
    "role", ["analyst", "emperor:460100", "analyst:9", "analyst:460100:nobody"]
)
def test_a_role_that_is_none_is_refused(
    data: Path, role: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["users", "invite", "li", "--name", "L", "--role", role, "--data", str(data)]) == 2
    assert capsys.readouterr().err.startswith("littoral: ")


def logged(data: Path) -> list[tuple[str, str]]:
    """(action, actor) of the entries by operators, read from the log's files."""
    folder = data / "log"
    key = read_vkey(folder)
    reader = LogReader(folder, key)
    size = reader.checkpoint().size
    found = [from_bytes(e) for b in range(-(-size // 256)) for e in reader.entries(b, size)]
    return [(e.action, e.actor) for e in found if e.actor.startswith("operator:")]


@pytest.fixture
def operator(monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr("getpass.getuser", lambda: "li")
    return "operator:li"


def test_every_change_of_a_command_is_in_the_log(
    operator: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Before a log is there, while a server has it, and afterwards."""
    data = tmp_path / "data"
    where = ["--data", str(data)]
    assert main(["units", "packaged", *where]) == 0
    records = Records.open(f"sqlite:///{data / 'records.sqlite'}")
    outbox = Outbox(records.database)
    assert outbox.waiting() == 1  # there is no log yet
    with gate_over(data, records) as gate:
        assert outbox.waiting() == 0
        invited = ["users", "invite", "wang", "--name", "王伟", "--role", "analyst:460100"]
        assert main([*invited, *where]) == 0
        assert "takes this into its log" in capsys.readouterr().err
        until = time.monotonic() + 30
        while outbox.waiting():
            assert time.monotonic() < until, "the server did not take the entry"
            time.sleep(0.05)
        gate.trust.log.publish()
        assert logged(data) == [("unit.write", operator), ("account.invite", operator)]
    for command in (
        ["users", "grant", "wang", "grid_worker:460100", "--local"],
        ["users", "revoke", "wang", "grid_worker:460100"],
        ["users", "end-sessions", "wang"],
        ["users", "suspend", "wang", "--reason", "left"],
        ["users", "reinstate", "wang"],
        ["keys", "create", "gate", "--action", "intake.write", "--unit", "460100"],
    ):
        capsys.readouterr()
        assert main([*command, *where]) == 0, command
        said = capsys.readouterr()
        assert said.err == ""
    prefix = said.out.split("_")[1]
    assert main(["keys", "revoke", prefix, *where]) == 0
    assert main(["keys", "revoke", prefix, *where]) == 2
    assert main(["users", "revoke", "wang", "grid_worker:460100", *where]) == 2
    assert [action for action, _ in logged(data)[2:]] == [
        "account.grant", "account.end_role", "account.suspend", "account.reinstate", "key.create",
        "key.revoke",
    ]  # fmt: skip
    assert outbox.waiting() == 0
    records.close()
    assert main(["fsck", "log", str(data / "log")]) == 0


def test_what_waits_for_a_second_person_is_decided_by_command(
    data: Path, operator: str, capsys: pytest.CaptureFixture[str]
) -> None:
    where = ["--data", str(data)]
    base = Base(Database(f"sqlite:///{data / 'records.sqlite'}"))
    directory = Directory(base)
    made, _ = directory.invite("wang", "王伟", [Membership("analyst", "460100")], "chief")
    role = Membership("investigator", "460100")
    change = directory.propose(made.id, GRANT, "joins", "chief", role)
    capsys.readouterr()
    assert main(["users", "changes", "--json", *where]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert (shown["id"], shown["change"]) == (change.id, "investigator:460100")
    assert main(["users", "decide", change.id, *where]) == 0
    assert directory.account(made.id).roles(base.now_us()) == {"analyst", "investigator"}
    assert main(["users", "decide", change.id, "--refuse", *where]) == 2
    assert main(["users", "changes", *where]) == 0
    base.database.close()


def test_sheets_go_out_and_come_back(data: Path, tmp_path: Path) -> None:
    where = ["--data", str(data)]
    main(["users", "invite", "wang", "--name", "王伟", "--role", "analyst:460100", *where])
    for what in ("users", "units"):
        sheet = str(tmp_path / f"{what}.xlsx")
        assert main([what, "export", sheet, *where]) == 0
        assert main([what, "import", sheet, *where]) == 0


def test_a_case_that_is_nobodys_is_given_to_an_agency_once(
    data: Path, operator: str, capsys: pytest.CaptureFixture[str]
) -> None:
    where = ["--data", str(data)]
    records = Records.open(f"sqlite:///{data / 'records.sqlite'}")
    with gate_over(data, records) as gate:
        vault, record = gate.trust.vault, gate.trust.record
        bare, mine = (
            cases.open_case(
                vault, "account:li", "夜间上岸", "anti_smuggling", "statutory_duty", "460100", 1,
                record, "customs",
            ).id
            for _ in range(2)
        )  # fmt: skip
        with vault.db.write() as connection:  # as in records from before cases had an agency
            connection.execute(
                sa.update(tables.cases).where(tables.cases.c.id == bare).values(agency=None)
            )
    records.close()
    capsys.readouterr()
    assert main(["cases", "list", "--json", *where]) == 0
    (shown,) = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert (shown["id"], shown["opened_by"], shown["state"]) == (bare, "account:li", "open")
    assert "夜间上岸" not in json.dumps(shown, ensure_ascii=False)
    assert main(["cases", "assign", mine, "police", *where]) == 2
    assert "without an agency" in capsys.readouterr().err
    assert main(["cases", "assign", bare, "customs", *where]) == 0
    assert main(["cases", "assign", bare, "police", *where]) == 2
    capsys.readouterr()
    assert main(["cases", "list", *where]) == 0
    assert capsys.readouterr().out == ""
    assert ("case.assign", operator) in logged(data)
    assert [a for a, _ in logged(data)].count("case.assign") == 1
