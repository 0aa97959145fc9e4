"""The yearly report: counts of a year's entries and of what happened to personal data. Nothing in
it is about one person or one account."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa
from openpyxl import Workbook
from openpyxl.styles import Font
from sqlalchemy.engine import Connection

from littoral.store.oversight.delays import Delay, listed
from littoral.store.oversight.listing import Count, Wanted, counted
from littoral.store.oversight.opened import shown_files
from littoral.store.oversight.waiting import Glass, glass_between
from littoral.store.sync.uploads import ENDED
from littoral.store.vault import assessments, tables
from littoral.store.vault.assessments import Assessment


@dataclass(frozen=True)
class Report:
    """`totals` by name, in the order in which they are shown."""

    year: int
    time_zone: str
    made: str
    scope: str
    log_size: int
    totals: dict[str, int]
    erasures: dict[str, int]
    counts: list[Count] = field(default_factory=list)


@dataclass(frozen=True)
class Year:
    """What the records say of a year; who may see which of it is not decided here. `files`: how
    often one that shows persons was opened."""

    counts: list[Count]
    files: int
    glass: list[Glass]
    delays: list[Delay]
    erasures: dict[str, int]
    assessments: list[Assessment]


def of_year(connection: Connection, wanted: Wanted, from_us: int, to_us: int) -> Year:
    """`wanted` says whose entries count; its times are those of the year."""
    e = tables.erasures.c
    query = (
        sa.select(e.kind, e.reason, sa.func.count())
        .where(e.destroyed_us >= from_us, e.destroyed_us < to_us)
        .where(e.kind != "index", e.reason != ENDED)
        .group_by(e.kind, e.reason)
        .order_by(e.kind, e.reason)
    )
    erasures = {f"{kind}: {reason}": n for kind, reason, n in connection.execute(query)}
    set_then = [d for d in listed(connection, to_us, over=True) if from_us <= d.set_us < to_us]
    assessed = [
        a
        for a in assessments.all_of(connection)
        if a.from_us is not None and a.from_us < to_us and a.until_us > from_us
    ]
    return Year(
        counted(connection, wanted), shown_files(connection, wanted),
        glass_between(connection, from_us, to_us), set_then, erasures, assessed,
    )  # fmt: skip


def totals(
    found: Year, glass: Sequence[Glass], delayed: int, assessed: int, now_us: int
) -> dict[str, int]:
    """`glass`, `delayed`, `assessed`: those of the year that count here. Who opened a file that
    shows persons has opened a person; `files_of_these` says how often it was that."""
    said = {
        "entries": lambda c: True,
        "accesses_to_persons": lambda c: c.action == "person.read" and c.verdict == "allow",
        "searches": lambda c: c.action == "person.search" and c.verdict == "allow",
        "exports": lambda c: c.action == "person.export" and c.verdict == "allow",
        "erasures": lambda c: c.action == "person.erase" and c.verdict in ("allow", "done"),
        "refusals": lambda c: c.verdict == "deny",
        "failed_sign_ins": lambda c: c.action == "signin.failure",
        "dismissals": lambda c: c.action == "alert.dismiss" and c.verdict == "allow",
        "policy_changes": lambda c: c.action in ("policy.propose", "policy.sign"),
        "changes_of_fences_and_settings": lambda c: (
            c.action in ("fence.write", "settings.write") and c.verdict == "allow"
        ),
    }
    sums = {name: sum(c.count for c in found.counts if fits(c)) for name, fits in said.items()}
    accesses = sums["accesses_to_persons"] + found.files
    return {
        **sums,
        "accesses_to_persons": accesses,
        "files_of_these": found.files,
        "break_glass": len(glass),
        "break_glass_not_justified": sum(g.finding == "not_justified" for g in glass),
        "reviews_late": sum(g.late(now_us) for g in glass),
        "delays_set": delayed,
        "impact_assessments_in_force": assessed,
    }


def workbook(report: Report) -> bytes:
    """As an Excel file: what it is about, totals, erasures, counts."""
    book = Workbook()
    sheet = book.active
    sheet.title = "report"
    about = [
        ("year", report.year), ("time zone", report.time_zone), ("made", report.made),
        ("scope", report.scope), ("entries of the log", report.log_size),
    ]  # fmt: skip
    _rows(sheet, ("what", "value"), [*about, *report.totals.items()])
    _rows(book.create_sheet("erasures"), ("kind: reason", "count"), list(report.erasures.items()))
    heading = ("agency", "purpose", "legal_basis", "action", "verdict", "count")
    rows = [tuple(getattr(c, name) or "" for name in heading) for c in report.counts]
    _rows(book.create_sheet("counts"), heading, rows)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _rows(sheet, heading: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    sheet.append(list(heading))
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for row in rows:
        sheet.append(list(row))
    sheet.freeze_panes = "A2"
