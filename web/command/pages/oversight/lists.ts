/** What an access can be filtered by: the words of `access/words.py`. */
export const ACTIONS = [
  "person.read", "person.search", "person.export", "person.erase", "intake.write", "case.open", "case.read", "case.close",
  "grant.request", "grant.approve", "breakglass.use", "breakglass.review", "evidence.read", "evidence.add", "alert.act",
  "alert.dismiss", "fence.write", "outage.write", "settings.write", "user.write", "unit.write", "key.write", "hold.write",
  "retention.run", "report.export", "log.read", "oversight.read", "policy.load", "policy.sign",
  "assessment.write", "assessment.agree",
] as const;
export const PURPOSES = [
  "anti_smuggling", "search_and_rescue", "emergency", "safety_at_sea", "epidemic_control", "border_control",
  "neighbourhood_governance", "oversight", "system_operation",
] as const;
export const VERDICTS = ["allow", "deny", "done", "failed"] as const;
