import { useState } from "react";
import { oversight, type Ending } from "../../../client/oversight.ts";
import { useNames, useWords } from "../../parts/common.tsx";
import { app } from "../../state/app.ts";
import { useStore } from "../../state/store.ts";
import { FormDialog } from "../kit/FormDialog.tsx";
import { ShortId } from "../kit/ShortId.tsx";
import { When } from "../kit/When.tsx";

/** Purposes that somebody said are over: what goes with them, until when that can be taken back. */
export function Endings({ items, mayTakeBack, onDone }: { items: Ending[]; mayTakeBack: boolean; onDone: () => void }) {
  const t = useWords();
  const names = useNames();
  const lang = useStore(app, (s) => s.lang);
  const [back, setBack] = useState<Ending | null>(null);
  const what = (e: Ending) => ({ purpose: names("purpose", e.purpose), agency: names("agency", e.agency) });
  return (
    <>
      {items.map((e) => (
        <section key={`${e.purpose} ${e.agency}`} className="note" aria-label={t("ending.title", what(e))}>
          <p>
            <strong>{t("ending.title", what(e))}</strong> <When at={e.ends} />. {t("ending.note", { who: e.by_name ?? e.by, n: e.count })}
          </p>
          {e.open_cases.length > 0 && (
            <>
              <p>{t("ending.open", { n: e.open_cases.length })}</p>
              <ul>
                {e.open_cases.map((c) => (
                  <li key={c.id}>{c.title} <ShortId id={c.id} /> · {c.unit_name?.[lang] ?? c.unit}</li>
                ))}
              </ul>
            </>
          )}
          {mayTakeBack && <button type="button" onClick={() => setBack(e)}>{t("ending.takeBack")}</button>}
        </section>
      ))}
      {back && (
        <FormDialog
          title={t("ending.takeBack")}
          submit={t("ending.takeBack")}
          isReady
          work={async () => {
            await oversight.takeEndBack(back.purpose, back.agency);
            onDone();
          }}
          onClose={() => setBack(null)}
        >
          <p>{t("ending.takeBack.note", what(back))}</p>
        </FormDialog>
      )}
    </>
  );
}
