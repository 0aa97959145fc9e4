import { useState } from "react";
import { cases, type Case } from "../../../client/cases.ts";
import { Empty, useNames, useWords } from "../../parts/common.tsx";
import { mine, offered } from "../../state/mine.ts";
import { goPage, route } from "../../state/route.ts";
import { useStore } from "../../state/store.ts";
import { Answer } from "../kit/States.tsx";
import { usePages } from "../kit/Pages.tsx";
import { useAsk } from "../kit/useAsk.ts";
import { When } from "../kit/When.tsx";
import { CaseView } from "./CaseView.tsx";
import { GlassDialog } from "./GlassDialog.tsx";
import { OpenCase } from "./OpenCase.tsx";

/** Cases of the own unit: the only way to persons. */
export default function CasesPage() {
  const t = useWords();
  const my = useStore(mine, (s) => s.mine);
  const id = useStore(route, (s) => s.rest);
  const [dialog, setDialog] = useState<"open" | "glass" | null>(null);
  const all = useAsk(() => cases.list(), []);
  const shown = all.data?.items.find((c) => c.id === id) ?? null;
  const opens = offered(my, "case.open");
  const breaks = offered(my, "breakglass.use");
  const come = (made: string): void => {
    void all.reload().then(() => goPage("cases", made));
  };
  return (
    <div className={id ? "split with-one" : "split"}>
      <section className="list" aria-label={t("case.list")}>
        <header>
          <h2>{t("page.cases")}</h2>
          <div className="buttons">
            {opens.length > 0 && <button type="button" className="main-button" onClick={() => setDialog("open")}>{t("case.new")}</button>}
            {breaks.length > 0 && <button type="button" className="glass" onClick={() => setDialog("glass")}>{t("glass.break")}</button>}
          </div>
        </header>
        <Answer of={all} isEmpty={(page) => page.items.length === 0} empty={opens.length ? t("case.none") : t("case.noneYours")}>
          {(page) => <CaseList items={page.items} at={id} />}
        </Answer>
      </section>
      <section className="detail" aria-label={t("case.one")}>
        <a className="back" href="#cases">{t("case.back")}</a>
        {shown && <CaseView key={shown.id} of={shown} onChanged={() => void all.reload()} onGlass={come} />}
        {!shown && !all.isBusy && <Empty>{t(id ? "case.notHere" : "case.choose")}</Empty>}
      </section>
      {dialog === "open" && <OpenCase purposes={opens} onClose={() => setDialog(null)} onMade={come} />}
      {dialog === "glass" && <GlassDialog purposes={breaks} subjects={[]} onClose={() => setDialog(null)} onMade={come} />}
    </div>
  );
}

type Which = "open" | "closed" | "all";

function CaseList({ items, at }: { items: Case[]; at: string }) {
  const t = useWords();
  const names = useNames();
  const [which, setWhich] = useState<Which>("open");
  const [text, setText] = useState("");
  const wanted = text.trim().toLocaleLowerCase();
  const fit = items
    .filter((c) => (which === "all" || c.state === which) && (c.title ?? "").toLocaleLowerCase().includes(wanted))
    .sort((a, b) => (a.opened < b.opened ? 1 : -1));
  const { shown, pager } = usePages(fit);
  return (
    <>
      <div className="sieve">
        <input type="search" aria-label={t("case.filter")} placeholder={t("case.filter")} value={text} onChange={(e) => setText(e.target.value)} />
        <select aria-label={t("case.which")} value={which} onChange={(e) => setWhich(e.target.value as Which)}>
          {(["open", "closed", "all"] as const).map((w) => <option key={w} value={w}>{t(`case.which.${w}`)}</option>)}
        </select>
      </div>
      {fit.length === 0 && <Empty>{t("case.noneFit")}</Empty>}
      <ul className="rows">
        {shown.map((c) => (
          <li key={c.id}>
            <a href={`#cases/${c.id}`} aria-current={c.id === at ? "true" : undefined}>
              <b>{c.title ?? t("case.erased")}</b>
              <span className="tags">
                {c.state !== "open" && <span className="tag">{t("case.which.closed")}</span>}
                {c.waiting > 0 && <span className="tag strong">{t("case.waiting", { n: c.waiting })}</span>}
                <span className="tag">{names("purpose", c.purpose)}</span>
              </span>
              <When at={c.opened} />
            </a>
          </li>
        ))}
      </ul>
      {pager}
    </>
  );
}
