/** What an administrator makes a key for; a key that may do more is the operator's to make, at the server. Tests compare. */
export const KEY_ACTIONS = [
  "intake.write", "evidence.add", "fence.read", "unit.read", "system.health", "log.verify", "key.renew",
  "incident.report", "responder.report", "notice.report",
] as const;
