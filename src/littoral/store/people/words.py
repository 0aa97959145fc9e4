"""Words of units and accounts beside those of access (`littoral.access.words`)."""

from __future__ import annotations

SYSTEM = "system"  # the role of an API key; people cannot hold it
ADMINISTRATOR = "administrator"
LANGUAGES = ("zh", "en")

# Roles that open persons, keys or policies: two give them, and no deployment lets who holds one do
# without a second factor.
# A test compares them with what the policies permit of PRIVILEGED_ACTIONS, the path for emergencies
# aside, which is open to whoever is on watch and is reviewed.
PRIVILEGED_ACTIONS = frozenset({
    "person.search", "person.export", "person.erase", "grant.approve", "unit.write", "user.write",
    "key.write", "policy.propose", "policy.sign", "log.read",
})  # fmt: skip
PRIVILEGED = frozenset({
    "administrator", "agency_lead", "auditor", "data_protection_officer", "health_officer",
    "investigator", "policy_signer", "watch_lead",
})  # fmt: skip


def needs_two_factors(roles: frozenset[str], password_alone: frozenset[str]) -> bool:
    """`password_alone`: roles that the deployment exempts; none of PRIVILEGED can be."""
    return not roles <= password_alone - PRIVILEGED


LOCAL = "local"  # source of a role that stays whatever a provider says
