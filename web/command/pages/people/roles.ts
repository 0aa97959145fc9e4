/** Those that people hold; a system has a key. */
export const ROLES = [
  "watch_officer", "watch_lead", "analyst", "county_clerk", "grid_worker", "investigator", "agency_lead",
  "health_officer", "auditor", "data_protection_officer", "administrator", "policy_signer",
] as const;

export const STATUSES = ["active", "invited", "suspended"] as const;
