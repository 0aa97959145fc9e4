"""Units and users in bulk: all faults of a file are found first, then all of it is taken, or none.

Column keys and words are English; the Chinese headings and names of roles are taken too. Days
are midnight in China.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from littoral.access.words import AGENCIES, ROLES, TIERS
from littoral.store.people import accounts, lasting, organisations
from littoral.store.people.accounts import AccountRefused, Membership
from littoral.store.people.directory import Directory
from littoral.store.people.organisations import Agency, Organisation, Unit, Version
from littoral.store.people.packaged import day_us
from littoral.store.people.sheets import Column, Fault, Row, read_book, read_sheet
from littoral.store.people.words import LANGUAGES, LOCAL, ROLES_ZH, SYSTEM

UNIT_COLUMNS = (
    Column("code", "代码", True, "469005S900"),
    Column("tier", "层级", True, "township"),
    Column("parent", "上级代码", False, "469005"),
    Column("name_zh", "名称", True, "示例镇"),
    Column("name_en", "英文名称", False, "Example township"),
    Column("valid_from", "生效日期", True, "2026-01-01"),
    Column("valid_to", "失效日期", False, ""),
    Column("synthetic", "模拟", False, "yes"),
)
AGENCY_COLUMNS = (
    Column("code", "代码", True, "hk-police"),
    Column("kind", "类别", True, "police"),
    Column("unit", "辖区代码", True, "460100"),
    Column("name_zh", "名称", True, "示例机构"),
    Column("name_en", "英文名称", False, "Example agency"),
    Column("valid_from", "生效日期", True, "2026-01-01"),
    Column("valid_to", "失效日期", False, ""),
    Column("synthetic", "模拟", False, "yes"),
)
USER_COLUMNS = (
    Column("login", "登录名", True, "wang.wei"),
    Column("name", "姓名", True, "示例人员"),
    Column("language", "语言", False, "zh"),
    Column("role", "角色", True, "watch_officer"),
    Column("unit", "单位代码", True, "460100"),
    Column("agency", "机构代码", False, ""),
    Column("valid_from", "生效日期", False, ""),
    Column("valid_to", "失效日期", False, ""),
    Column("local", "本地保留", False, ""),
)
SHEETS = {"units": UNIT_COLUMNS, "agencies": AGENCY_COLUMNS, "users": USER_COLUMNS}
NAMES = {"单位": "units", "机构": "agencies", "用户": "users"}  # of sheets
MOST_NAMED = 5  # codes that a fault names
FIRST_DAY, LAST_DAY = "1900-01-01", "2199-12-31"

# May whoever brings the file write there? What (unit, agency, user), codes of the unit and of those
# around it, kind of the agency ("": none), login.
May = Callable[[str, tuple[str, ...], str, str], bool]
NOT_YOURS = "is not within what you administer"


def _anywhere(what: str, areas: tuple[str, ...], agency: str, login: str) -> bool:
    return True


def read_day(written: str) -> int:
    """`2026-01-31` or with strokes, midnight in China, in microseconds UTC. Raises ValueError."""
    plain = written.strip().replace("/", "-")
    found = day_us(plain)
    if not day_us(FIRST_DAY) <= found <= day_us(LAST_DAY):
        raise ValueError(f"must lie between {FIRST_DAY} and {LAST_DAY}")
    return found


@dataclass(frozen=True)
class User:
    """Of one or more rows with the same login."""

    login: str
    name: str
    language: str
    roles: tuple[Membership, ...]


@dataclass
class Plan:
    """What a file would do. It may be carried out when `faults` is empty."""

    rows: int
    faults: list[Fault]
    units: list[Unit] = field(default_factory=list)
    agencies: list[Agency] = field(default_factory=list)
    users: list[User] = field(default_factory=list)
    known: dict[str, str] = field(default_factory=dict)  # login to id of accounts that are there


def plan_units(data: bytes, name: str, stored: list[Unit]) -> Plan:
    """Raises UnreadableFile."""
    rows, faults = read_sheet(data, name, UNIT_COLUMNS)
    units = _units(rows, faults, stored)
    return Plan(len(rows), sorted(faults), units=[u for _, u in units])


def plan_agencies(
    data: bytes, name: str, there: Callable[[int], Organisation], stored: list[Agency]
) -> Plan:
    """`there`: the organisation at a moment; `stored`: all versions. Raises UnreadableFile."""
    rows, faults = read_sheet(data, name, AGENCY_COLUMNS)
    agencies = _agencies(rows, faults, there, stored)
    return Plan(len(rows), sorted(faults), agencies=[a for _, a in agencies])


def plan_users(
    data: bytes, name: str, there: Organisation, known: Mapping[str, str], now_us: int
) -> Plan:
    """`known`: login to id of the accounts that are there; they get the roles that they lack.
    Raises UnreadableFile."""
    rows, faults = read_sheet(data, name, USER_COLUMNS)
    users = _users(rows, faults, there, now_us, _anywhere)
    there_already = {u.login: known[u.login] for u in users if u.login in known}
    return Plan(len(rows), sorted(faults), users=users, known=there_already)


def plan_book(
    data: bytes,
    directory: Directory,
    now_us: int,
    may: May = _anywhere,
    hidden: Collection[str] = (),
) -> Plan:
    """An Excel file with sheets of units, agencies and users; what a sheet refers to may stand in
    another. It comes from an administrator, who changes nothing that lasts of units and agencies
    that are there. `hidden`: logins of accounts that whoever brings the file may not see: to such
    a one they are taken, as in an invitation. Raises UnreadableFile."""
    sheets, faults = read_book(data, SHEETS, NAMES)
    for key in SHEETS:
        sheets.setdefault(key, ([], []))
    stored, stored_agencies = directory.unit_versions(), directory.agency_versions()
    units = _units(*sheets["units"], stored)
    after = organisations.succeed(stored, [u for _, u in units])
    agencies = _agencies(
        *sheets["agencies"], lambda at_us: Organisation.of(at_us, after), stored_agencies
    )
    _check_lasting(units, stored, sheets["units"][1])
    _check_lasting(agencies, stored_agencies, sheets["agencies"][1])
    before = Organisation.of(now_us, stored, stored_agencies)
    agencies_after = organisations.succeed(stored_agencies, [a for _, a in agencies])
    there = Organisation.of(now_us, after, agencies_after)
    for row, unit in units:
        if not _is_theirs(may, "unit", unit.code, "", unit, before, after):
            sheets["units"][1].append(Fault(row.number, "code", NOT_YOURS))
    for row, agency in agencies:
        known = before.agencies.get(agency.code)
        kept = known is None or may("agency", _areas(known.unit, before), known.kind, "")
        if not kept or not _is_theirs(
            may, "agency", agency.unit, agency.kind, agency, before, after
        ):
            sheets["agencies"][1].append(Fault(row.number, "unit", NOT_YOURS))
    users = _users(*sheets["users"], there, now_us, may, hidden)
    logins = directory.logins()
    there_already = {u.login: logins[u.login] for u in users if u.login in logins}
    count = sum(len(rows) for rows, _ in sheets.values())
    for key in SHEETS:
        faults += sorted(f._replace(sheet=key) for f in sheets[key][1])
    if not count and not faults:
        faults.append(Fault(0, "", "the file has no rows"))
    return Plan(
        count, faults, [u for _, u in units], [a for _, a in agencies], users, there_already
    )


def _is_theirs(
    may: May,
    what: str,
    code: str,
    agency: str,
    version: Unit | Agency,
    before: Organisation,
    after: list[Unit],
) -> bool:
    """Where the unit `code` is now and will be: else one could move another's to oneself."""
    if code in before.units and not may(what, _areas(code, before), agency, ""):
        return False
    return may(what, _areas(code, Organisation.of(version.valid_from_us, after)), agency, "")


def _areas(code: str, there: Organisation) -> tuple[str, ...]:
    return (code, *there.ancestors(code)) if code in there.units else (code,)


def unit_faults(unit: Unit, stored: list[Unit]) -> list[tuple[str, str]]:
    """What of a version does not fit those that are there, as (field, message)."""
    found: list[Fault] = []
    if unit.parent is None and unit.tier != TIERS[0]:
        found.append(Fault(0, "parent", f"a {unit.tier} must have one"))
    after = organisations.succeed(stored, [unit])
    _check_parents([(Row(0, {}), unit)], after, found)
    inside = [
        u for u in after if u.parent == unit.code and organisations.valid(u, unit.valid_from_us)
    ]
    if any(TIERS.index(u.tier) <= TIERS.index(unit.tier) for u in inside):
        found.append(Fault(0, "tier", "is not wider than the units within it"))
    return [(f.column, f.message) for f in found]


def agency_faults(agency: Agency, there: Organisation) -> list[tuple[str, str]]:
    """`there`: the organisation on its first day."""
    if agency.unit not in there.units:
        return [("unit", f"there is no unit {agency.unit!r} on that day")]
    return []


def carry_out(directory: Directory, plan: Plan, by: str) -> list[tuple[str, str]]:
    """All of it in one transaction, by the operator of the machine. Returns (login, token of the
    link) of those invited. Raises AccountRefused when it has faults or somebody changed something
    meanwhile."""
    if plan.faults:
        raise AccountRefused("the file has faults")
    return directory.take(plan, by)


def _units(rows: list[Row], faults: list[Fault], stored: list[Unit]) -> list[tuple[Row, Unit]]:
    found: list[tuple[Row, Unit]] = []
    for row in rows:
        cell = row.cells
        check = _Checker(row, faults)
        start_us, end_us = check.span()
        check.word("tier", TIERS)
        check.code("code", 24)
        if cell["tier"] != TIERS[0] and cell["tier"] in TIERS and not cell["parent"]:
            check.fault("parent", f"a {cell['tier']} must have one")
        check.length("name_zh", 100)
        check.length("name_en", 100)
        if not check.good:
            continue
        unit = Unit(
            cell["code"], cell["tier"], cell["parent"] or None, cell["name_zh"],
            cell["name_en"] or cell["name_zh"], start_us, end_us, check.yes("synthetic"),
        )  # fmt: skip
        if check.good:
            found.append((row, unit))
    _check_twice(found, faults)
    after = organisations.succeed(stored, [u for _, u in found])
    _check_parents(found, after, faults)
    return found


def _agencies(
    rows: list[Row],
    faults: list[Fault],
    there: Callable[[int], Organisation],
    stored: list[Agency],
) -> list[tuple[Row, Agency]]:
    found: list[tuple[Row, Agency]] = []
    at: dict[int, Organisation] = {}
    kinds = {a.code: a.kind for a in stored}
    for row in rows:
        cell = row.cells
        check = _Checker(row, faults)
        start_us, end_us = check.span()
        check.word("kind", AGENCIES)
        check.code("code", 40)
        check.length("name_zh", 100)
        check.length("name_en", 100)
        synthetic = check.yes("synthetic")
        if not check.good:
            continue
        if kinds.setdefault(cell["code"], cell["kind"]) != cell["kind"]:
            check.fault("kind", lasting.ANOTHER_KIND)
            continue
        if start_us not in at:
            at[start_us] = there(start_us)
        if cell["unit"] not in at[start_us].units:
            check.fault("unit", f"there is no unit {cell['unit']!r} on that day")
        if not check.good:
            continue
        found.append(
            (
                row,
                Agency(
                    cell["code"], cell["kind"], cell["unit"], cell["name_zh"],
                    cell["name_en"] or cell["name_zh"], start_us, end_us, synthetic,
                ),
            )
        )  # fmt: skip
    _check_twice(found, faults)
    return found


def _users(
    rows: list[Row],
    faults: list[Fault],
    there: Organisation,
    now_us: int,
    may: May,
    hidden: Collection[str] = (),
) -> list[User]:
    people = tuple(r for r in ROLES if r != SYSTEM)
    first: dict[str, tuple[Row, User]] = {}
    for row in rows:
        cell = row.cells
        check = _Checker(row, faults)
        start_us, end_us = check.span(now_us)
        try:
            login = accounts.check_login(cell["login"])
        except AccountRefused as error:
            check.fault("login", str(error))
            continue
        if login in hidden:
            check.fault("login", "is taken")
        cell["role"] = ROLES_ZH.get(cell["role"], cell["role"])
        check.word("role", people)
        check.length("name", accounts.MAX_NAME)
        language = cell["language"] or "zh"
        if language not in LANGUAGES:
            check.fault("language", f"must be one of {', '.join(LANGUAGES)}")
        if cell["unit"] and cell["unit"] not in there.units:
            check.fault("unit", f"there is no unit {cell['unit']!r}")
        if cell["agency"] and cell["agency"] not in there.agencies:
            check.fault("agency", _no_agency(cell["agency"], there, may))
        source = LOCAL if check.yes("local") else None
        if check.good:
            agency = there.agencies[cell["agency"]].kind if cell["agency"] else ""
            if not may("user", _areas(cell["unit"], there), agency, login):
                check.fault("unit", NOT_YOURS)
        if not check.good:
            continue
        role = Membership(
            cell["role"], cell["unit"], cell["agency"] or None, start_us, end_us, source=source
        )
        before = first.get(login)
        if before is None:
            first[login] = (row, User(login, cell["name"], language, (role,)))
        elif before[1].name != cell["name"]:
            check.fault("name", f"row {before[0].number} has another name for this login")
        elif any(_same_place(role, held) for held in before[1].roles):
            check.fault("role", f"stands for {login} already, as in row {before[0].number}")
        else:
            first[login] = (
                before[0], replace(before[1], roles=(*before[1].roles, role))
            )  # fmt: skip
    return [user for _, user in first.values()]


def _no_agency(written: str, there: Organisation, may: May) -> str:
    """Names codes that whoever brings the file may write there: of the kind first where a kind was
    written for the code."""
    codes = [
        (a.kind != written, a.code)
        for a in there.agencies.values()
        if may("user", _areas(a.unit, there), a.kind, "")
    ]
    named = ", ".join(code for _, code in sorted(codes)[:MOST_NAMED])
    more = f" and {len(codes) - MOST_NAMED:,} more" if len(codes) > MOST_NAMED else ""
    said = f"there is no agency {written!r}"
    return f"{said}; codes are {named}{more}, see sheet agencies of units.xlsx" if named else said


class _Checker:
    def __init__(self, row: Row, faults: list[Fault]) -> None:
        self._row = row
        self._faults = faults
        # A blank that must be filled in has been told already.
        self.good = not any(f.row == row.number for f in faults)

    def fault(self, column: str, message: str) -> None:
        self._faults.append(Fault(self._row.number, column, message))
        self.good = False

    def word(self, column: str, words: tuple[str, ...]) -> None:
        written = self._row.cells[column]
        if written and written not in words:
            self.fault(column, f"{written[:50]!r} is none of {', '.join(words)}")

    def code(self, column: str, longest: int) -> None:
        written = self._row.cells[column]
        plain = written.isascii() and written.replace("-", "").replace("_", "").isalnum()
        if written and (not plain or len(written) > longest):
            self.fault(column, f"must be at most {longest} letters, digits, - or _")

    def length(self, column: str, longest: int) -> None:
        if len(self._row.cells[column]) > longest:
            self.fault(column, f"may have at most {longest} characters")

    def yes(self, column: str) -> bool:
        written = self._row.cells[column].lower()
        if written not in ("", "yes", "no", "true", "false", "是", "否"):
            self.fault(column, "must be yes or no")
        return written in ("yes", "true", "是")

    def span(self, default_us: int = 0) -> tuple[int, int | None]:
        start = self._day("valid_from")
        end = self._day("valid_to")
        start_us = default_us if start is None else start
        if end is not None and end <= start_us:
            self.fault("valid_to", "must be later than valid_from")
        return start_us, end

    def _day(self, column: str) -> int | None:
        written = self._row.cells[column]
        if not written:
            return None
        try:
            return read_day(written)
        except ValueError:
            self.fault(column, f"{written[:30]!r} is no day like 2026-01-31")
            return None


def _check_twice(
    found: list[tuple[Row, Unit]] | list[tuple[Row, Agency]], faults: list[Fault]
) -> None:
    seen: dict[tuple[str, int], int] = {}
    for row, thing in found:
        key = (thing.code, thing.valid_from_us)
        if key in seen:
            faults.append(
                Fault(row.number, "code", f"stands in row {seen[key]} for the same day already")
            )
        seen.setdefault(key, row.number)


def _check_lasting(
    found: Sequence[tuple[Row, Version]], stored: list[Version], faults: list[Fault]
) -> None:
    """Of those that are there nothing changes but their names."""
    fields = lasting.altered(stored, [thing for _, thing in found])
    there = set(stored)
    for row, thing in found:
        if thing not in there:
            faults += [
                Fault(row.number, field, lasting.BY_OPERATOR)
                for field in fields.get(thing.code, ())
            ]


def _check_parents(found: list[tuple[Row, Unit]], after: list[Unit], faults: list[Fault]) -> None:
    """The parent must be there on the first day, of a wider tier."""
    by_code: dict[str, list[Unit]] = {}
    for unit in after:
        by_code.setdefault(unit.code, []).append(unit)
    for row, unit in found:
        if unit.parent is None:
            continue
        at_us = unit.valid_from_us
        then = [p for p in by_code.get(unit.parent, ()) if organisations.valid(p, at_us)]
        if not then:
            message = f"there is no unit {unit.parent!r} on that day"
            faults.append(Fault(row.number, "parent", message))
        elif TIERS.index(then[0].tier) >= TIERS.index(unit.tier):
            message = f"{unit.parent} is a {then[0].tier}, not wider than a {unit.tier}"
            faults.append(Fault(row.number, "parent", message))


def _same_place(one: Membership, other: Membership) -> bool:
    return (one.role, one.unit, one.agency) == (other.role, other.unit, other.agency)
