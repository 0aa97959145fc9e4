import { changes, type Review } from "../../../client/changes.ts";
import { api } from "../../../client/http.ts";
import type { Priority } from "../../../client/types.ts";
import { PriorityGlyph, useNames, useWords } from "../../parts/common.tsx";
import { app, toast } from "../../state/app.ts";
import { mine, offered } from "../../state/mine.ts";
import { useStore } from "../../state/store.ts";
import { usePages } from "../kit/Pages.tsx";
import { Answer } from "../kit/States.tsx";
import { useAsk } from "../kit/useAsk.ts";
import { When } from "../kit/When.tsx";
import { Decide } from "./Decide.tsx";
import { namedBy } from "./difference.ts";

/** Dismissals of other desks, oldest first: was it right to let it go? */
export function Reviews() {
  const t = useWords();
  const all = useAsk(() => changes.reviews(), []);
  return (
    <>
      <p className="note">{t("review.note")}</p>
      <Answer of={all} isEmpty={(page) => page.items.length === 0} empty={t("review.none")}>
        {(page) => <Cards items={page.items} onDone={() => void all.reload()} />}
      </Answer>
    </>
  );
}

function Cards({ items, onDone }: { items: Review[]; onDone: () => void }) {
  const { shown, pager } = usePages(items, 10);
  return (
    <>
      {shown.map((r) => <Card key={r.id} review={r} onDone={onDone} />)}
      {pager}
    </>
  );
}

function Card({ review, onDone }: { review: Review; onDone: () => void }) {
  const t = useWords();
  const names = useNames();
  const lang = useStore(app, (s) => s.lang);
  const mayDecide = offered(useStore(mine, (s) => s.mine), "alert.act").length > 0;
  const about = review.about;
  const decide = async (agree: boolean, note: string): Promise<void> => {
    await changes.review(review.id, agree, note);
    // A dismissal that was wrong is taken back, unless somebody did so meanwhile.
    if (!agree && about.handling === "dismissed") await api.act(review.alert, "undo", note, null);
    toast({ tone: "ok", text: t(agree ? "review.did.upheld" : "review.did.reopened") });
    onDone();
  };
  return (
    <article className="card" aria-label={t("review.one")}>
      <header>
        <PriorityGlyph priority={about.priority as Priority} hollow />
        <h3>{names("kind", about.kind)}</h3>
        <span className="tag">{t(`priority.${about.priority as Priority}`)}</span>
      </header>
      <p>{about.sentence[lang]}</p>
      <p><When at={about.start} /></p>
      <p>
        {t("review.by", { name: namedBy(review.names, review.by), desk: review.desk })} · <When at={review.at} />
      </p>
      <blockquote>{review.reason ?? t("review.noReason")}</blockquote>
      {mayDecide ? <Decide yes={t("review.uphold")} no={t("review.reopen")} work={decide} /> : <p className="note">{t("review.notYours")}</p>}
    </article>
  );
}
