"""The words of units and accounts: tiers, kinds of agency, roles, actions (docs/accounts.md)."""

from __future__ import annotations

# From the widest to the narrowest; a unit's parent is of a tier before its own.
TIERS = ("province", "city", "township", "village", "grid")

AGENCY_KINDS = (
    "police", "coast_police", "customs", "coast_guard", "border_inspection", "health",
    "local_government", "maritime", "oversight", "platform",
)  # fmt: skip

SYSTEM = "system"  # the role of an API key; people cannot hold it
ADMINISTRATOR = "administrator"
ROLES = (
    "watch_officer", "watch_lead", "analyst", "county_clerk", "grid_worker", "investigator",
    "agency_lead", "health_officer", "auditor", "data_protection_officer", ADMINISTRATOR,
    "policy_signer", SYSTEM,
)  # fmt: skip

ACTIONS = (
    "picture.read", "history.read", "alert.read", "alert.act", "alert.dismiss", "fence.read",
    "fence.write", "outage.write", "detector.read", "settings.write", "evidence.read",
    "evidence.add", "person.read", "person.search", "person.export", "person.erase", "case.open",
    "case.read", "case.close", "grant.request", "grant.approve", "breakglass.use",
    "breakglass.review", "unit.read", "unit.write", "user.read", "user.write", "key.write",
    "policy.read", "policy.propose", "policy.sign", "log.read", "log.verify", "oversight.read",
    "report.export", "retention.run", "hold.write", "intake.write", "shift.read", "system.health",
)  # fmt: skip

LANGUAGES = ("zh", "en")
