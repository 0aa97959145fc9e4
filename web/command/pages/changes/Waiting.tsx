import { useState } from "react";
import { changes, type ChangeState } from "../../../client/changes.ts";
import type { Change } from "../../../client/types.ts";
import { useWords } from "../../parts/common.tsx";
import { Excel } from "../kit/Excel.tsx";
import { usePages } from "../kit/Pages.tsx";
import { Answer } from "../kit/States.tsx";
import { useAsk } from "../kit/useAsk.ts";
import { OneChange } from "./OneChange.tsx";

const STATES: ChangeState[] = ["waiting", "at_start", "made", "refused", "taken_back", "lapsed"];

/** What waits for a second person stands with what a start has changed without one. */
async function ask(state: ChangeState): Promise<Change[]> {
  const pages = await Promise.all((state === "waiting" ? (["waiting", "at_start"] as const) : [state]).map((s) => changes.list(s)));
  return pages.flatMap((page) => page.items);
}

export function Waiting() {
  const t = useWords();
  const [state, setState] = useState<ChangeState>("waiting");
  const all = useAsk(() => ask(state), [state]);
  return (
    <>
      <div className="sieve">
        <select aria-label={t("change.state")} value={state} onChange={(e) => setState(e.target.value as ChangeState)}>
          {STATES.map((s) => <option key={s} value={s}>{t(`change.state.${s}`)}</option>)}
        </select>
        <Excel path="/changes" asked={{ state }} />
      </div>
      <Answer of={all} isEmpty={(items) => items.length === 0} empty={t(state === "waiting" ? "change.noneWaits" : "change.none.fits")}>
        {(items) => <Cards items={items} onDone={() => void all.reload()} />}
      </Answer>
    </>
  );
}

function Cards({ items, onDone }: { items: Change[]; onDone: () => void }) {
  const { shown, pager } = usePages(items, 10);
  return (
    <>
      {shown.map((c) => <OneChange key={c.id} change={c} onDone={onDone} />)}
      {pager}
    </>
  );
}
