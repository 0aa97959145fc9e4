import type { Task } from "../../../client/tasks.ts";
import { useWords } from "../../parts/common.tsx";
import { countdown, useSecondsUntil } from "../kit/When.tsx";

/** How a roll-call stands: when it is asked next, that it waits, how far silence has gone, or a call for help. */
export function CallTag({ of }: { of: NonNullable<Task["call"]> }) {
  const t = useWords();
  const untilAsked = useSecondsUntil(of.ask);
  const untilLate = useSecondsUntil(of.late);
  if (of.help) return <span className="tag late" role="alert">{t("call.help")}</span>;
  if (untilAsked > 0) return <span className="tag">{t("call.next", { left: countdown(untilAsked) })}</span>;
  if (untilLate > 0) return <span className="tag strong">{t("call.asked", { left: countdown(untilLate) })}</span>;
  return <span className="tag late" role="alert">{of.rung > 1 ? t("call.silentUp", { n: of.rung }) : t("call.silent")}</span>;
}
