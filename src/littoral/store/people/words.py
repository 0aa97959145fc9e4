"""Words of units and accounts beside those of access (`littoral.access.words`)."""

from __future__ import annotations

from littoral.access.words import ACTIONS

SYSTEM = "system"  # the role of an API key; people cannot hold it
ADMINISTRATOR = "administrator"
LANGUAGES = ("zh", "en")

# Roles that search persons, approve, or open keys or policies: no deployment lets who holds one do
# without a second factor.
# A test compares them with what the policies permit of TWO_FACTOR_ACTIONS, the path for emergencies
# aside, which is open to whoever is on watch and is reviewed.
TWO_FACTOR_ACTIONS = frozenset({
    "person.search", "person.export", "person.erase", "grant.approve", "unit.write", "user.write",
    "key.write", "policy.propose", "policy.sign", "log.read",
})  # fmt: skip
TWO_FACTOR_ROLES = frozenset({
    "administrator", "agency_lead", "auditor", "data_protection_officer", "health_officer",
    "investigator", "policy_signer", "watch_lead",
})  # fmt: skip


def needs_two_factors(roles: frozenset[str], password_alone: frozenset[str]) -> bool:
    """`password_alone`: roles that the deployment exempts; none of TWO_FACTOR_ROLES can be."""
    return not roles <= password_alone - TWO_FACTOR_ROLES


# What one administrator makes a key for: handing in, and what tells nothing of the watch, of cases
# or persons, which he does not see himself. A key that may do anything else takes two.
KEY_ACTIONS_ALONE = frozenset({
    "intake.write", "evidence.add", "fence.read", "unit.read", "system.health", "log.verify",
    "key.renew", "incident.report", "responder.report", "notice.report",
})  # fmt: skip
KEY_ACTIONS_BY_TWO = frozenset(ACTIONS) - KEY_ACTIONS_ALONE

# Roles of people as the page calls them: whoever reads them there writes them so into a sheet.
ROLES_ZH = {
    "值班员": "watch_officer", "值班长": "watch_lead", "分析员": "analyst",
    "市县综治人员": "county_clerk", "网格员": "grid_worker", "调查员": "investigator",
    "部门负责人": "agency_lead", "卫健人员": "health_officer", "审计员": "auditor",
    "个人信息保护负责人": "data_protection_officer", "管理员": "administrator",
    "策略签署人": "policy_signer",
}  # fmt: skip

LOCAL = "local"  # source of a role that stays whatever a provider says
