import { useState } from "react";
import { oversight, type Patterns as Found } from "../../../client/oversight.ts";
import { useNames, useWords } from "../../parts/common.tsx";
import { app } from "../../state/app.ts";
import { useStore } from "../../state/store.ts";
import { usePages } from "../kit/Pages.tsx";
import { Section } from "../kit/Section.tsx";
import { Answer } from "../kit/States.tsx";
import { useAsk } from "../kit/useAsk.ts";
import { When } from "../kit/When.tsx";
import { ProofDialog } from "./ProofDialog.tsx";
import { WhoText } from "./WhoText.tsx";

const DAYS = [7, 30, 90, 366];

/** Facts about accesses that want a look: each says by which rule and with which numbers. */
export function Patterns() {
  const t = useWords();
  const [days, setDays] = useState(30);
  const found = useAsk(() => oversight.patterns(days), [days]);
  return (
    <>
      <div className="sieve">
        <select aria-label={t("count.days")} value={days} onChange={(e) => setDays(Number(e.target.value))}>
          {DAYS.map((d) => <option key={d} value={d}>{t("count.nDays", { n: d })}</option>)}
        </select>
      </div>
      <Answer of={found}>{(f) => <Shown found={f} />}</Answer>
    </>
  );
}

function Shown({ found }: { found: Found }) {
  const t = useWords();
  const names = useNames();
  const lang = useStore(app, (s) => s.lang);
  const [entry, setEntry] = useState<number | null>(null);
  const { shown, pager } = usePages(found.items, 20);
  const says = new Map(found.rules.map((r) => [r.id, r.says[lang]]));
  return (
    <>
      <p className="note">{found.note[lang]}</p>
      {found.items.length === 0 && <p className="empty">{t("pattern.none")}</p>}
      {shown.map((f, i) => (
        <article key={i} className="card" aria-label={names("pattern", f.rule)}>
          <header>
            <h3>{names("pattern", f.rule)}</h3>
            {f.actor && <WhoText who={f.actor} />}
          </header>
          <p>{says.get(f.rule)}</p>
          <p><When at={f.from} /> – <When at={f.to} /></p>
          <p>{Object.entries(f.numbers).map(([name, value]) => `${names("figure", name)}${t.colon}${Number(value.toPrecision(4))}`).join(" · ")}</p>
          <div className="chips">
            {f.entries.slice(0, 12).map((n) => <button key={n} type="button" onClick={() => setEntry(n)}>{t("access.show", { n })}</button>)}
          </div>
        </article>
      ))}
      {pager}
      <Section title={t("pattern.rules")}>
        <ul className="plain">{found.rules.map((r) => <li key={r.id}><b>{names("pattern", r.id)}</b> {r.says[lang]}</li>)}</ul>
      </Section>
      {entry !== null && <ProofDialog index={entry} onClose={() => setEntry(null)} />}
    </>
  );
}
