import type { Plan } from "../../../client/past.ts";
import { useWords } from "../../parts/common.tsx";

/** Which files were read of how many: why the answer was quick, or was not. */
export function PlanText({ plan }: { plan: Plan }) {
  const t = useWords();
  return (
    <details className="plan">
      <summary>
        {t("ask.plan", {
          files: plan.files, of: plan.files_of, rows: plan.rows.toLocaleString("en"), seconds: plan.seconds.toFixed(2),
        })}
        {plan.row_groups_of > 0 && ` ${t("ask.planGroups", { groups: plan.row_groups, of: plan.row_groups_of })}`}
      </summary>
      <ul>{plan.names.map((name) => <li key={name}><code>{name}</code></li>)}</ul>
    </details>
  );
}
