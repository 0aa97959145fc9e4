"""A roster as an Excel sheet: its columns, and what its rows say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from littoral.respond.duty.regulation import Regulation
from littoral.respond.duty.shifts import Member
from littoral.store.people.sheets import Column, Fault, Row, write_book

SHEET = "roster"
SHEETS_ZH = {"班表": SHEET}
COLUMNS = (
    Column("from_day", "起始日", False, "2027-01-01"),
    Column("regulation", "值班规定", False, "county"),
    Column("team", "班组", True, "A"),
    Column("post", "岗位", True, "officer"),
    Column("account", "登录名", True, "zhang.san"),
)


def template(rows: Sequence[Sequence[str]]) -> bytes:
    """A sheet to fill in: with these rows, or with an example."""
    return write_book({SHEET: (COLUMNS, rows or [[c.example for c in COLUMNS]])})


@dataclass
class Said:
    """What a sheet says; `at`: row and column of each part, by the field that the checks of a
    roster name (`from_day`, `teams.A[0].post`)."""

    from_day: date | None = None
    regulation: Regulation | None = None
    teams: dict[str, list[Member]] = field(default_factory=dict)
    at: dict[str, tuple[int, str]] = field(default_factory=dict)


def read_rows(
    rows: Iterable[Row], regulations: Iterable[Regulation], seated: Mapping[str, str],
    faults: list[Fault],
) -> Said:  # fmt: skip
    """`seated`: ids of accounts by login. Day and regulation stand in the first row, and below it
    are the same or blank."""
    said = Said()
    known = {key: r for r in regulations for key in (r.id, r.zh, r.en)}
    first: dict[str, str] = {}
    for row in rows:
        _head(row, said, known, first, faults)
        _member(row, said, seated, faults)
    return said


def _head(
    row: Row, said: Said, known: Mapping[str, Regulation], first: dict[str, str],
    faults: list[Fault],
) -> None:  # fmt: skip
    for name in ("from_day", "regulation"):
        cell = row.cells[name]
        if name in first:
            if cell and cell != first[name]:
                faults.append(Fault(row.number, name, "is not as in the first row", SHEET))
            continue
        first[name] = cell
        said.at[name] = (row.number, name)
        if not cell:
            faults.append(Fault(row.number, name, "must be filled in", SHEET))
        elif name == "from_day":
            said.from_day = _day(row, cell, faults)
        elif cell in known:
            said.regulation = known[cell]
        else:
            listed = ", ".join(sorted({r.id for r in known.values()}))
            faults.append(Fault(row.number, name, f"'{cell}' is none of {listed}", SHEET))


def _day(row: Row, cell: str, faults: list[Fault]) -> date | None:
    try:
        return date.fromisoformat(cell[:10])
    except ValueError:
        fault = Fault(row.number, "from_day", f"'{cell}' is no day like 2026-01-31", SHEET)
        faults.append(fault)
        return None


def _member(row: Row, said: Said, seated: Mapping[str, str], faults: list[Fault]) -> None:
    team, post, login = (row.cells[n] for n in ("team", "post", "account"))
    if not (team and post and login):
        return  # said of the sheet: must be filled in
    wrong = len(faults)
    if said.regulation is not None:
        if team not in said.regulation.teams:
            listed = ", ".join(said.regulation.teams)
            faults.append(Fault(row.number, "team", f"'{team}' is none of {listed}", SHEET))
        posts = {key: p.id for p in said.regulation.posts for key in (p.id, p.zh, p.en)}
        if post not in posts:
            listed = ", ".join(p.id for p in said.regulation.posts)
            faults.append(Fault(row.number, "post", f"'{post}' is none of {listed}", SHEET))
        post = posts.get(post, post)
    account = seated.get(login.lower())
    if account is None:
        message = "has no role in this unit that stands watch"
        faults.append(Fault(row.number, "account", message, SHEET))
    members = said.teams.setdefault(team, [])
    if account is not None and account in {m.account for m in members}:
        faults.append(Fault(row.number, "account", "stands twice in this team", SHEET))
    if len(faults) > wrong or account is None:
        return
    where = f"teams.{team}[{len(members)}]"
    said.at |= {f"{where}.{n}": (row.number, n) for n in ("post", "account")}
    members.append(Member(account, post))
