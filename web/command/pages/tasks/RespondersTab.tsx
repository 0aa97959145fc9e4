import { useState } from "react";
import { tasks, type Responder } from "../../../client/tasks.ts";
import { formatPosition } from "../../../map/position.ts";
import { Empty, Field, useNames, useWords } from "../../parts/common.tsx";
import { app } from "../../state/app.ts";
import { mine, offered } from "../../state/mine.ts";
import { useStore } from "../../state/store.ts";
import { Excel } from "../kit/Excel.tsx";
import { FormDialog } from "../kit/FormDialog.tsx";
import { usePages } from "../kit/Pages.tsx";
import { Answer, Wrong } from "../kit/States.tsx";
import { Table } from "../kit/Table.tsx";
import { useAsk, useSend } from "../kit/useAsk.ts";
import { ImportDialog } from "./ImportDialog.tsx";
import { ResponderDialog } from "./ResponderDialog.tsx";
import { fitting, type Which } from "./responders.ts";

/** What can be sent: who keeps it adds, edits and takes it out of service here. */
export function RespondersTab() {
  const t = useWords();
  const my = useStore(mine, (s) => s.mine);
  const all = useAsk(async () => (await tasks.responders()).items, []);
  const [edited, setEdited] = useState<Responder | "new" | null>(null);
  const [retired, setRetired] = useState<Responder | null>(null);
  const [isImporting, setIsImporting] = useState(false);
  const mayManage = offered(my, "responder.manage").length > 0;
  const done = (): void => void all.reload();
  return (
    <section className="sheet" aria-label={t("res.title")}>
      <div className="buttons">
        {mayManage && <button type="button" className="main-button" onClick={() => setEdited("new")}>{t("res.add")}</button>}
        {mayManage && <button type="button" onClick={() => setIsImporting(true)}>{t("task.import")}</button>}
        <Excel path="/responders" label="page.excel.responders" />
      </div>
      <Answer of={all} isEmpty={(items) => items.length === 0} empty={t(mayManage ? "res.none" : "res.noneYours")}>
        {(items) => <List items={items} onEdit={setEdited} onRetire={setRetired} onChanged={done} />}
      </Answer>
      {edited && <ResponderDialog of={edited === "new" ? null : edited} onClose={() => setEdited(null)} onDone={done} />}
      {retired && <RetireDialog of={retired} onClose={() => setRetired(null)} onDone={done} />}
      {isImporting && (
        <ImportDialog
          onClose={() => {
            setIsImporting(false);
            done();
          }}
        />
      )}
    </section>
  );
}

function List({ items, onEdit, onRetire, onChanged }: {
  items: Responder[];
  onEdit: (one: Responder) => void;
  onRetire: (one: Responder) => void;
  onChanged: () => void;
}) {
  const t = useWords();
  const names = useNames();
  const lang = useStore(app, (s) => s.lang);
  const my = useStore(mine, (s) => s.mine);
  const [which, setWhich] = useState<Which>("in");
  const [text, setText] = useState("");
  const sending = useSend();
  const { shown, pager } = usePages(fitting(items, which, text));
  // Whose it is not is refused by the rule; its button would only promise what it does not do.
  const isOurs = (of: Responder): boolean => (my?.places ?? []).some((p) => p.agency === of.agency);
  const mayManage = offered(my, "responder.manage").length > 0;
  const mayReport = offered(my, "responder.report").length > 0;
  return (
    <>
      <div className="sieve">
        <input type="search" aria-label={t("res.filter")} placeholder={t("res.filter")} value={text} onChange={(e) => setText(e.target.value)} />
        <select aria-label={t("res.which")} value={which} onChange={(e) => setWhich(e.target.value as Which)}>
          {(["in", "out", "all"] as const).map((w) => <option key={w} value={w}>{t(`res.which.${w}`)}</option>)}
        </select>
      </div>
      <Wrong error={sending.error} />
      {shown.length === 0 ? <Empty>{t("res.noneFit")}</Empty> : (
        <Table
          name={t("res.title")}
          columns={[
            { key: "name", head: t("res.name"), isHead: true, isText: true, cell: (r) => r.name },
            { key: "kind", head: t("res.kind"), cell: (r) => names("responder", r.kind) },
            { key: "office", head: t("res.office"), isText: true, cell: (r) => `${r.office_name[lang]} · ${names("agency", r.agency)}` },
            { key: "status", head: t("res.status"), isText: true, cell: (r) => [names("responderStatus", r.status), r.out_reason].filter(Boolean).join(" · ") },
            { key: "skills", head: t("res.skills"), isText: true, cell: (r) => r.skills.map((s) => names("skill", s)).join(lang === "zh" ? "、" : ", ") || "–" },
            { key: "speed", head: t("res.speed"), isNumber: true, cell: (r) => r.speed_kn ?? "–" },
            { key: "endurance", head: t("res.endurance"), isNumber: true, cell: (r) => r.endurance_min ?? "–" },
            { key: "base", head: t("res.base"), cell: (r) => (r.base ? formatPosition(r.base, 1) : "–") },
            { key: "account", head: t("res.account"), isText: true, cell: (r) => r.account_name || r.account || "–" },
            {
              key: "acts", head: t("res.acts"), cell: (r) => (
                <span className="buttons">
                  {mayManage && isOurs(r) && <button type="button" aria-label={t("res.editOne", { name: r.name })} onClick={() => onEdit(r)}>{t("res.edit")}</button>}
                  {mayReport && isOurs(r) && r.status !== "out_of_service" && (
                    <button type="button" aria-label={t("res.retireOne", { name: r.name })} onClick={() => onRetire(r)}>{t("res.retire")}</button>
                  )}
                  {mayReport && isOurs(r) && r.status === "out_of_service" && (
                    <button
                      type="button" aria-label={t("res.backOne", { name: r.name })} disabled={sending.isBusy}
                      onClick={() => void sending.send(() => tasks.setStatus(r.id, "available", "")).then((ok) => ok && onChanged())}
                    >{t("res.back")}</button>
                  )}
                </span>
              ),
            },
          ]}
          rows={shown}
          keyOf={(r) => r.id}
        />
      )}
      {pager}
    </>
  );
}

/** Out of service, for a day or for good: it is offered to nobody any more, and what it did stays. */
function RetireDialog({ of, onClose, onDone }: { of: Responder; onClose: () => void; onDone: () => void }) {
  const t = useWords();
  const [reason, setReason] = useState("");
  return (
    <FormDialog
      title={t("res.retireOne", { name: of.name })}
      submit={t("res.retire")}
      isReady={reason.trim() !== ""}
      wants={t("res.why.wanted")}
      work={async () => {
        await tasks.setStatus(of.id, "out_of_service", reason.trim());
        onDone();
      }}
      onClose={onClose}
    >
      <p className="note">{t("res.retire.note")}</p>
      <Field label={t("res.why")}>
        <textarea rows={2} required maxLength={400} value={reason} onChange={(e) => setReason(e.target.value)} />
      </Field>
    </FormDialog>
  );
}
