/** How the installed access policies stand, and their signing; answers while none are in force too. */
import type { components } from "./api.d.ts";
import { call } from "./http.ts";

export type PolicyStanding = components["schemas"]["PolicyStandingModel"];

export type PolicyRule = components["schemas"]["PolicyRuleModel"];

export const policies = {
  standing: () => call<PolicyStanding>("GET", "/policies"),
  /** With every rule as it is written. */
  withRules: () => call<PolicyStanding>("GET", "/policies?rules=true"),
  /** The set that was read: another one on disk is a conflict. */
  propose: (hash: string) => call<PolicyStanding>("POST", "/policies/proposal", { hash }),
  sign: (hash: string) => call<PolicyStanding>("POST", "/policies/signatures", { hash }),
};
