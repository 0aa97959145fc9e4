import { useEffect, useMemo, useState } from "react";
import { cases, type Case, type Grant } from "../../../client/cases.ts";
import type { Known } from "../../../client/http.ts";
import type { Page } from "../../../client/types.ts";
import { Facts, useNames, useWords } from "../../parts/common.tsx";
import { me } from "../../state/me.ts";
import { mine, offered } from "../../state/mine.ts";
import { useStore } from "../../state/store.ts";
import { FormDialog } from "../kit/FormDialog.tsx";
import { Section } from "../kit/Section.tsx";
import { ShortId } from "../kit/ShortId.tsx";
import { useAsk } from "../kit/useAsk.ts";
import { When } from "../kit/When.tsx";
import { Evidence } from "./Evidence.tsx";
import { GlassDialog } from "./GlassDialog.tsx";
import { Grants } from "./Grants.tsx";
import { GrantDialog } from "./GrantDialog.tsx";
import { Persons } from "./Persons.tsx";
import { usePersons } from "./usePersons.ts";

const NONE = { items: [], next_cursor: null };
const AGAIN_MS = 15_000;

/** One case: its frame, its persons masked, and who may see them plain until when. */
export function CaseView({ of: one, onChanged, onGlass }: { of: Case; onChanged: () => void; onGlass: (caseId: string) => void }) {
  const t = useWords();
  const names = useNames();
  const my = useStore(mine, (s) => s.mine);
  const own = useStore(me, (s) => (s.me ? `${s.me.kind}:${s.me.id}` : ""));
  const isOpen = one.state === "open";
  const [chosen, setChosen] = useState<string[]>([]);
  const [dialog, setDialog] = useState<"ask" | "glass" | "close" | null>(null);
  const persons = usePersons(one);
  const known = useMemo((): Known<Page<Grant>> => ({ tag: "", data: null }), [one.id]);
  const grants = useAsk(async () => (one.opens.includes("grants") ? cases.grants(one.id, known) : NONE), [one.id, one.opens.join()]);
  const waits = grants.data?.items.some((g) => g.state === "asked") ?? false;
  const { reload } = grants;
  useEffect(() => {
    if (!waits) return;
    const timer = setInterval(() => void reload(), AGAIN_MS); // somebody else approves
    return () => clearInterval(timer);
  }, [waits, reload]);
  const breaks = offered(my, "breakglass.use");
  return (
    <>
      <header className="detail-head">
        <h2>{one.title ?? t("case.erased")}</h2>
        <div className="buttons">
          {isOpen && offered(my, "grant.request").length > 0 && (
            <button type="button" className="main-button" onClick={() => setDialog("ask")}>{t("grant.ask")}</button>
          )}
          {breaks.length > 0 && chosen.length > 0 && (
            <button type="button" className="glass" onClick={() => setDialog("glass")}>{t("glass.break")}</button>
          )}
          {isOpen && offered(my, "case.close").length > 0 && (
            <button type="button" onClick={() => setDialog("close")}>{t("case.close")}</button>
          )}
        </div>
      </header>
      <Facts
        rows={[
          [t("case.purpose"), names("purpose", one.purpose)],
          [t("case.basis"), names("basis", one.legal_basis)],
          [t("case.openedBy"), one.names[one.opened_by] ?? one.opened_by],
          [t("case.opened"), <When at={one.opened} />],
          [t("case.id"), <ShortId id={one.id} />],
          [t("case.state"), isOpen ? t("case.which.open") : <>{t("case.which.closed")} · <When at={one.closed} /></>],
        ]}
      />
      {one.opens.includes("subjects") ? <Persons of={one} persons={persons} chosen={chosen} setChosen={setChosen} canAdd={isOpen && offered(my, "intake.write").includes(one.purpose)} /> : <NotOpen title={t("person.title")} text={t(isOpen ? "person.refused" : "person.closed")} />}
      {one.opens.includes("grants") && <Grants of={one} grants={grants} persons={persons.data?.items ?? []} onCorrected={persons.reload} onChanged={onChanged} />}
      <Evidence
        caseId={one.id}
        canAdd={isOpen && offered(my, "evidence.add").includes(one.purpose)}
        grants={grants.data?.items.filter((g) => g.who === own) ?? []}
      />
      {dialog === "ask" && (
        <GrantDialog
          caseId={one.id}
          chosen={chosen}
          onClose={() => setDialog(null)}
          onMade={() => {
            void grants.reload();
            onChanged();
          }}
        />
      )}
      {dialog === "glass" && <GlassDialog purposes={breaks} ofCase={one.purpose} subjects={chosen} onClose={() => setDialog(null)} onMade={onGlass} />}
      {dialog === "close" && (
        <FormDialog
          title={t("case.close")}
          submit={t("case.close")}
          work={async () => {
            await cases.close(one.id);
            await grants.reload();
            onChanged();
          }}
          onClose={() => setDialog(null)}
        >
          <p>{t("case.close.note")}</p>
        </FormDialog>
      )}
    </>
  );
}

/** The page does not ask for what its reader may not see: the log would hold a refusal that nobody asked for. */
function NotOpen({ title, text }: { title: string; text: string }) {
  return <Section title={title}><p className="note">{text}</p></Section>;
}
