"""A list of breached passwords on disk: each is found, no other is, and what is no list is said."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from littoral.store.database import RecordsError
from littoral.store.people.breached import Breached
from littoral.store.people.password_rules import WeakPassword

from .conftest import BROWSER, PASSWORD, World

LEAKED = [f"correct horse battery {n}" for n in range(1_000)]
COUNTS = {p: n * n * 1_000 + 1 for n, p in enumerate(LEAKED)}  # lines of many lengths


def listed(path: Path, counts: dict[str, int], end: str = "\r\n", last: bool = True) -> Path:
    """As haveibeenpwned's downloader writes it: sorted, capital letters, CRLF."""
    lines = sorted(f"{hashlib.sha1(p.encode()).hexdigest().upper()}:{n}" for p, n in counts.items())
    path.write_bytes((end.join(lines) + (end if last else "")).encode())
    return path


@pytest.mark.parametrize(("end", "last"), [("\r\n", True), ("\n", True), ("\n", False)])
def test_each_that_leaked_is_found_and_no_other(tmp_path: Path, end: str, last: bool) -> None:
    found = Breached(listed(tmp_path / "list", COUNTS, end, last))
    assert {p: found.count(p) for p in LEAKED} == COUNTS
    assert sum(found.count(f"{p}!") for p in LEAKED) == 0
    found.close()


def test_a_list_of_one_and_a_hash_that_others_computed(tmp_path: Path) -> None:
    # FIPS 180-2, appendix A.1: SHA-1 of abc.
    path = tmp_path / "list"
    path.write_text("a9993e364706816aba3e25717850c26c9cd0d89d:7\n")
    found = Breached(path)
    assert (found.count("abc"), found.count("abd"), found.count("")) == (7, 0, 0)
    found.close()


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (b"", "is empty"),
        (b"password\n123456\n", "no line HASH:COUNT at byte 0"),
        (b"B" * 40 + b":1\n" + b"A" * 40 + b":1\n", "not sorted"),
        (b"\x00" * 1_000, "no line HASH:COUNT"),
    ],
)
def test_what_is_no_list_is_refused_at_the_start(tmp_path: Path, written: bytes, said: str) -> None:
    (tmp_path / "list").write_bytes(written)
    with pytest.raises(RecordsError, match=said):
        Breached(tmp_path / "list")


def test_a_password_that_leaked_is_not_taken(world: World, tmp_path: Path) -> None:
    """OWASP ASVS 5.0, 6.2.12: at first start, invitation and change."""
    world.officer()
    leaked = "tide tables and mangroves"
    world.signin.breached = Breached(listed(tmp_path / "list", {leaked: 3}))
    who = world.signin.sign_in("wang", PASSWORD, "", BROWSER).identity
    first, (_, invited) = (
        world.signin.first_start_link(), world.directory.invite("li", "李", [], "chief"),
    )  # fmt: skip
    assert first is not None
    for attempt in (
        lambda: world.own.change_password(who, PASSWORD, leaked),
        lambda: world.signin.accept(invited, leaked, BROWSER),
        lambda: world.signin.first_start(first, "chief", "总管", leaked, "460000", BROWSER),
    ):
        with pytest.raises(WeakPassword, match="leaked") as refused:
            attempt()
        assert refused.value.rule == "common"
    world.own.change_password(who, PASSWORD, leaked + " 0412")
    world.signin.breached.close()
