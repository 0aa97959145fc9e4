"""The words of access: roles, tiers, agencies, data classes, actions, purposes, legal bases.

They are the same strings in Cedar, JSON, tables and documents; `littoral policy check` compares
them with the schema and with what the policies name.
"""

from __future__ import annotations

TIERS = ("province", "city", "township", "village", "grid")
AGENCIES = (
    "police", "coast_police", "customs", "coast_guard", "border_inspection", "health",
    "local_government", "maritime", "oversight", "platform",
)  # fmt: skip
ROLES = (
    "watch_officer", "watch_lead", "analyst", "county_clerk", "grid_worker", "investigator",
    "agency_lead", "health_officer", "auditor", "data_protection_officer", "administrator",
    "policy_signer", "system",
)  # fmt: skip
DATA_CLASSES = ("public", "operational", "personal", "sensitive")
ACTIONS = (
    "picture.read", "history.read", "alert.read", "alert.act", "alert.dismiss", "fence.read",
    "fence.write", "outage.write", "detector.read", "settings.write", "evidence.read",
    "evidence.add", "person.read", "person.search", "person.export", "person.erase", "case.open",
    "case.read", "case.close", "grant.request", "grant.approve", "breakglass.use",
    "breakglass.review", "unit.read", "unit.write", "sharing.read", "sharing.write", "user.read",
    "user.write", "key.write",
    "key.renew", "policy.read", "policy.propose", "policy.sign", "log.read", "log.verify",
    "oversight.read", "report.export", "retention.run", "hold.write", "intake.write", "shift.read",
    "system.health", "incident.read", "incident.report", "incident.act", "incident.close",
    "duty.plan", "duty.watch", "duty.handover", "duty.fault",
    "task.read", "task.assign", "task.act", "responder.read", "responder.manage",
    "responder.report", "notice.read", "notice.send", "notice.note", "notice.report",
    "form.read", "form.write", "form.answers", "bulletin.read", "bulletin.write",
    "assessment.write", "assessment.agree", "contact.read", "contact.add",
)  # fmt: skip
PURPOSES = (
    "anti_smuggling", "search_and_rescue", "emergency", "safety_at_sea", "epidemic_control",
    "border_control", "neighbourhood_governance", "oversight", "system_operation",
)  # fmt: skip
LEGAL_BASES = (
    "statutory_duty", "public_health_emergency", "vital_interest", "consent", "court_order",
)  # fmt: skip
ASSURANCES = ("password", "totp", "passkey", "oidc", "key")
NETWORKS = ("internal", "field", "public")
