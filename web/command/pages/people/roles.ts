/** Those that people hold; a system has a key. */
export const ROLES = [
  "watch_officer", "watch_lead", "analyst", "county_clerk", "grid_worker", "investigator", "agency_lead",
  "health_officer", "auditor", "data_protection_officer", "administrator", "policy_signer",
] as const;

export const STATUSES = ["active", "invited", "suspended"] as const;

/** They open persons, keys or policies: two give them (docs/accounts.md). The server decides. */
export const BY_TWO: readonly string[] = [
  "administrator", "agency_lead", "auditor", "data_protection_officer", "health_officer", "investigator", "policy_signer", "watch_lead",
];
