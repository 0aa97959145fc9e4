/** What a system with a key may do by the policies at all; a test compares them. */
export const KEY_ACTIONS = [
  "intake.write", "evidence.add", "picture.read", "alert.read", "fence.read", "unit.read", "system.health", "log.verify",
  "retention.run", "oversight.read", "key.renew", "incident.report", "responder.report", "notice.report",
] as const;
