import { useState } from "react";
import { oversight, type GlassReview } from "../../../client/oversight.ts";
import { useNames, useWords } from "../../parts/common.tsx";
import { toast } from "../../state/app.ts";
import { mine, offered } from "../../state/mine.ts";
import { useStore } from "../../state/store.ts";
import { Decide } from "../changes/Decide.tsx";
import { usePages } from "../kit/Pages.tsx";
import { Answer } from "../kit/States.tsx";
import { useAsk } from "../kit/useAsk.ts";
import { countdown, useSecondsUntil, When } from "../kit/When.tsx";
import { ProofDialog } from "./ProofDialog.tsx";
import { WhoText } from "./WhoText.tsx";

/** Each use of break-glass is reviewed by another person within a day; the one due first is first. */
export function Glass() {
  const t = useWords();
  const [state, setState] = useState<"open" | "done">("open");
  const all = useAsk(() => oversight.glass(state), [state]);
  return (
    <>
      <div className="sieve">
        <select aria-label={t("glassreview.state")} value={state} onChange={(e) => setState(e.target.value as "open")}>
          {(["open", "done"] as const).map((s) => <option key={s} value={s}>{t(`glassreview.state.${s}`)}</option>)}
        </select>
      </div>
      <Answer of={all} isEmpty={(p) => p.items.length === 0} empty={t(state === "open" ? "glassreview.none" : "glassreview.noneDone")}>
        {(p) => <Cards items={p.items} onDone={() => void all.reload()} />}
      </Answer>
    </>
  );
}

function Cards({ items, onDone }: { items: GlassReview[]; onDone: () => void }) {
  const { shown, pager } = usePages(items, 10);
  return (
    <>
      {shown.map((r) => <Card key={r.id} review={r} onDone={onDone} />)}
      {pager}
    </>
  );
}

function Due({ review }: { review: GlassReview }) {
  const t = useWords();
  const left = useSecondsUntil(review.due);
  if (review.state === "done") return <span className="tag">{t(review.finding === "justified" ? "glassreview.justified" : "glassreview.unjustified")}{review.late && ` · ${t("glassreview.late")}`}</span>;
  return left === 0 ? <span className="tag strong bad">{t("glassreview.overdue")}</span> : <span className="tag strong">{t("glassreview.left", { time: countdown(left) })}</span>;
}

function Card({ review, onDone }: { review: GlassReview; onDone: () => void }) {
  const t = useWords();
  const names = useNames();
  const mayReview = offered(useStore(mine, (s) => s.mine), "breakglass.review").length > 0;
  const [isOpen, setIsOpen] = useState(false);
  return (
    <article className="card" aria-label={t("glassreview.one")}>
      <header>
        <h3><WhoText who={review.used_by} /></h3>
        <Due review={review} />
      </header>
      <p>
        {names("purpose", review.purpose)} · {names("basis", review.legal_basis)} · {names("dataclass", review.data_class)} · <When at={review.opened} />
      </p>
      <p>{t("glassreview.due")} <When at={review.due} /></p>
      {review.assessed === false && <p className="note">{t("glassreview.unassessed")}</p>}
      {review.reviewer && <p>{t("glassreview.by")} <WhoText who={review.reviewer} /> · <When at={review.reviewed} /></p>}
      {!isOpen && mayReview && <div className="buttons"><button type="button" onClick={() => setIsOpen(true)}>{t(review.state === "done" ? "glassreview.read" : "glassreview.begin")}</button></div>}
      {isOpen && <Detail review={review} onDone={onDone} />}
    </article>
  );
}

/** The reason is read by whoever reviews it, and that is in the log too. */
function Detail({ review, onDone }: { review: GlassReview; onDone: () => void }) {
  const t = useWords();
  const [entry, setEntry] = useState<number | null>(null);
  const one = useAsk(() => oversight.oneGlass(review.id), [review.id]);
  return (
    <Answer of={one}>
      {(r) => (
        <>
          <blockquote>{r.reason ?? t("case.erased")}</blockquote>
          <p>{t("glassreview.shown", { n: r.subjects_shown })}</p>
          <div className="chips">
            {r.entries.slice(0, 12).map((n) => <button key={n} type="button" onClick={() => setEntry(n)}>{t("access.show", { n })}</button>)}
          </div>
          {r.note && <blockquote>{r.note}</blockquote>}
          {r.state !== "done" && (
            <Decide
              yes={t("glassreview.justify")}
              no={t("glassreview.reject")}
              least={6}
              work={async (agree, note) => {
                await oversight.reviewGlass(review.id, agree, note);
                toast({ tone: "ok", text: t("glassreview.did") });
                onDone();
              }}
            />
          )}
          {entry !== null && <ProofDialog index={entry} onClose={() => setEntry(null)} />}
        </>
      )}
    </Answer>
  );
}
