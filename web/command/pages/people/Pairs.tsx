import { useState } from "react";
import { people, type AccountBatch, type AccountChange } from "../../../client/people.ts";
import { useWords } from "../../parts/common.tsx";
import { usePages } from "../kit/Pages.tsx";
import { Answer } from "../kit/States.tsx";
import { useAsk } from "../kit/useAsk.ts";
import { BatchCard } from "./BatchCard.tsx";
import { PairCard } from "./PairCard.tsx";

const STATES = ["waiting", "made", "refused", "taken_back", "lapsed"] as const;

export function Pairs() {
  const t = useWords();
  const [state, setState] = useState<string>("waiting");
  const all = useAsk(async () => {
    const [batches, changes] = await Promise.all([people.batches(state), people.changes(state)]);
    return [...batches.items, ...changes.items];
  }, [state]);
  return (
    <>
      <div className="sieve">
        <select aria-label={t("change.state")} value={state} onChange={(e) => setState(e.target.value)}>
          {STATES.map((s) => <option key={s} value={s}>{t(`change.state.${s}`)}</option>)}
        </select>
      </div>
      <Answer of={all} isEmpty={(found) => found.length === 0} empty={t(state === "waiting" ? "pair.none" : "change.none.fits")}>
        {(found) => <Cards items={found} onDone={() => void all.reload()} />}
      </Answer>
    </>
  );
}

function Cards({ items, onDone }: { items: (AccountBatch | AccountChange)[]; onDone: () => void }) {
  const { shown, pager } = usePages(items, 10);
  return (
    <>
      {shown.map((c) => ("waiting" in c ? <BatchCard key={c.id} batch={c} onDone={onDone} /> : <PairCard key={c.id} change={c} onDone={onDone} />))}
      {pager}
    </>
  );
}
