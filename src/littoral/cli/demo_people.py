"""The people of the demonstration: one of each role, with an address that signs in as them."""

from __future__ import annotations

import secrets

from littoral.api.entry import DemoPerson
from littoral.api.gate import Gate
from littoral.store.people import accounts
from littoral.store.people.accounts import Membership
from littoral.store.people.organisations import Agency
from littoral.store.people.packaged import PROVINCE, day_us

HAIKOU = "460100"

# login, role, unit, agency kind, titles; all are invented
CAST = (
    ("demo.lead", "watch_lead", PROVINCE, "police", "省级值班长（公安）", "watch lead, police"),
    ("demo.lead2", "watch_lead", PROVINCE, "police", "值班长（第二人）", "second watch lead"),
    ("demo.watch", "watch_officer", PROVINCE, "coast_guard", "值班员（海警）", "watch officer, coast guard"),
    ("demo.analyst", "analyst", PROVINCE, "customs", "分析员（海关缉私）", "analyst, customs"),
    ("demo.investigator", "investigator", PROVINCE, "customs", "调查员（海关缉私）", "investigator, customs"),
    ("demo.clerk", "county_clerk", HAIKOU, "local_government", "海口市综治中心", "clerk, Haikou"),
    ("demo.grid", "grid_worker", HAIKOU, "local_government", "网格员（海口）", "grid worker, Haikou"),
    ("demo.health", "health_officer", PROVINCE, "health", "卫健人员", "health officer"),
    ("demo.auditor", "auditor", PROVINCE, "oversight", "审计员", "auditor"),
    ("demo.dpo", "data_protection_officer", PROVINCE, "oversight", "个人信息保护负责人", "data protection officer"),
    ("demo.admin", "administrator", PROVINCE, "platform", "账号管理员", "administrator of accounts"),
)  # fmt: skip
BY = "system"


def make_people(gate: Gate) -> dict[str, DemoPerson]:
    """Accounts, active and without a password, by the token of their address."""
    directory = gate.people.directory
    known = directory.organisation().agencies
    places = sorted({(kind, unit) for _, _, unit, kind, _, _ in CAST})
    wanted = [
        Agency(code(kind, unit), kind, unit, f"{kind}（演示）", f"{kind} (demo)", day_us("2026-01-01"), None, True)
        for kind, unit in places
        if code(kind, unit) not in known
    ]  # fmt: skip
    if wanted:
        directory.put_agencies(wanted, BY)
    found = {}
    with gate.people.base.database.write() as connection:
        for login, role, unit, kind, title_zh, title_en in CAST:
            account = accounts.by_login(connection, login) or accounts.create(
                connection,
                login,
                title_zh,
                [Membership(role, unit, code(kind, unit))],
                BY,
                gate.people.base.now_us(),
                accounts.ACTIVE,
            )
            found[secrets.token_urlsafe(12)] = DemoPerson(
                account.id, login, title_zh, title_en, "totp"
            )
    return found


def code(kind: str, unit: str) -> str:
    return f"demo-{kind}-{unit}"
