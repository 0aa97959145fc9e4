"""Words of units and accounts beside those of access (`littoral.access.words`)."""

from __future__ import annotations

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


# What a key may be for that tells of persons' data, or erases it: two give that, and one
# administrator alone does not.
KEY_ACTIONS_BY_TWO = frozenset({"oversight.read", "retention.run"})


LOCAL = "local"  # source of a role that stays whatever a provider says
