"""The yearly report: counts of a year's entries and of what happened to personal data. Nothing in
it is about one person or one account."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import sqlalchemy as sa
from openpyxl import Workbook
from openpyxl.styles import Font
from sqlalchemy.engine import Connection

from littoral.store.oversight.delays import Delay, listed
from littoral.store.oversight.index import MASKED, word_ids
from littoral.store.oversight.listing import Count, Wanted, conditions, counted
from littoral.store.oversight.opened import shown_files
from littoral.store.oversight.tables import accesses, words
from littoral.store.oversight.waiting import Glass, glass_between
from littoral.store.sync.uploads import ENDED
from littoral.store.vault import assessments, tables
from littoral.store.vault.assessments import Assessment

ERASED = ("subject", "evidence", "case")  # things, of entries that say an erasure
SAYS = {
    "entries": ("日志条目", "entries of the log"),
    "accesses_to_persons": ("对个人的访问", "accesses to persons"),
    "searches": ("个人查询", "searches for persons"),
    "exports": ("个人信息导出", "exports of persons' data"),
    "refusals": ("拒绝", "refusals"),
    "failed_sign_ins": ("登录失败", "sign-ins that failed"),
    "dismissals": ("排除的警报", "alerts dismissed"),
    "policy_changes": ("策略的提议与签署", "policies proposed and signed"),
    "changes_of_fences_and_settings": ("围栏和设置的变更", "changes of fences and settings"),
    "files_of_these": ("其中：查看显示个人的文件", "of the accesses: to files that show persons"),
    "masked_views": ("遮盖查看（不计入访问）", "views of masked fields, which are no access"),
    "erasures": ("已删除的个人、文件和案件", "persons, files and cases erased"),
    "break_glass": ("紧急访问", "uses of break-glass"),
    "break_glass_not_justified": ("其中：经复核无正当理由", "of these: found not justified"),
    "reviews_late": ("逾期复核", "reviews that were late"),
    "delays_set": ("暂缓告知", "delays set"),
    "impact_assessments_in_force": ("有效的影响评估", "impact assessments in force"),
}


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
    often one that shows persons was opened; `masked`: how often persons were shown with masked
    fields alone; `erased`: persons, files and cases."""

    counts: list[Count]
    files: int
    masked: int
    erased: int
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
        masked_views(connection, wanted), erased_things(connection, wanted),
        glass_between(connection, from_us, to_us), set_then, erasures, assessed,
    )  # fmt: skip


def masked_views(connection: Connection, wanted: Wanted) -> int:
    """How often a person was shown with masked fields alone."""
    return _count(
        connection,
        replace(wanted, action=("person.read",), verdict=("allow",)),
        sa.func.count(),
        accesses.c.manner.in_(word_ids(connection, [MASKED])),
    )


def erased_things(connection: Connection, wanted: Wanted) -> int:
    """Each once, by the entry of its erasure. Beside it the log has one for each key, and one for
    each step of a request."""
    which = words.alias()
    of = sa.or_(*(which.c.word.startswith(f"{kind}:") for kind in ERASED))
    return _count(
        connection,
        replace(wanted, action=("person.erase",), verdict=("allow",)),
        sa.func.count(accesses.c.thing.distinct()),
        accesses.c.thing.in_(sa.select(which.c.id).where(of)),
    )


def _count(
    connection: Connection,
    wanted: Wanted,
    what: sa.Function[int],
    besides: sa.ColumnElement[bool],
) -> int:
    where = conditions(connection, wanted)
    if where is None:
        return 0
    query = sa.select(what).select_from(accesses).where(*where, besides)
    return int(connection.execute(query).scalar_one())


def totals(
    found: Year, glass: Sequence[Glass], delayed: int, assessed: int, now_us: int
) -> dict[str, int]:
    """`glass`, `delayed`, `assessed`: those of the year that count here. Who opened a file that
    shows persons has opened a person; `files_of_these` says how often it was that. Who was shown
    masked fields alone has not, as in the patterns."""
    said = {
        "entries": lambda c: True,
        "accesses_to_persons": lambda c: c.action == "person.read" and c.verdict == "allow",
        "searches": lambda c: c.action == "person.search" and c.verdict == "allow",
        "exports": lambda c: c.action == "person.export" and c.verdict == "allow",
        "refusals": lambda c: c.verdict == "deny",
        "failed_sign_ins": lambda c: c.action == "signin.failure",
        "dismissals": lambda c: c.action == "alert.dismiss" and c.verdict == "allow",
        "policy_changes": lambda c: c.action in ("policy.propose", "policy.sign"),
        "changes_of_fences_and_settings": lambda c: (
            c.action in ("fence.write", "settings.write") and c.verdict == "allow"
        ),
    }
    sums = {name: sum(c.count for c in found.counts if fits(c)) for name, fits in said.items()}
    return {
        **sums,
        "accesses_to_persons": sums["accesses_to_persons"] - found.masked + found.files,
        "files_of_these": found.files,
        "masked_views": found.masked,
        "erasures": found.erased,
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
    told = [(name, value, *SAYS[name]) for name, value in report.totals.items()]
    _rows(sheet, ("what", "value", "含义", "meaning"), [*about, *told])
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
