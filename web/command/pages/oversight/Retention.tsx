import { useState } from "react";
import { oversight, type Due, type DueItem } from "../../../client/oversight.ts";
import { Check, useNames, useWords } from "../../parts/common.tsx";
import { app, toast } from "../../state/app.ts";
import { mine, offered } from "../../state/mine.ts";
import { useStore } from "../../state/store.ts";
import { FormDialog } from "../kit/FormDialog.tsx";
import { usePages } from "../kit/Pages.tsx";
import { Section } from "../kit/Section.tsx";
import { Answer } from "../kit/States.tsx";
import { ShortId } from "../kit/ShortId.tsx";
import { Table, type Column } from "../kit/Table.tsx";
import { useAsk } from "../kit/useAsk.ts";
import { When } from "../kit/When.tsx";
import { Endings } from "./Endings.tsx";
import { Erasures } from "./Erasures.tsx";
import { Holds } from "./Holds.tsx";

/** What a run would erase now and why, what ends when, and what a court keeps. */
export function Retention() {
  const t = useWords();
  const mayRun = offered(useStore(mine, (s) => s.mine), "retention.run").length > 0;
  const due = useAsk(() => oversight.due(), []);
  const rules = useAsk(() => oversight.rules(), []);
  const lang = useStore(app, (s) => s.lang);
  const [isRunning, setIsRunning] = useState(false);
  const says = new Map(rules.data?.items.map((r) => [r.id, r.reason[lang]]) ?? []);
  return (
    <>
      <Section title={t("retention.title")} actions={mayRun && <button type="button" onClick={() => setIsRunning(true)}>{t("retention.run")}</button>}>
        <Answer of={due}>
          {(d) => (
            <>
              <Endings items={d.ending} mayTakeBack={mayRun} onDone={() => void due.reload()} />
              <Preview due={d} says={says} />
            </>
          )}
        </Answer>
      </Section>
      <Erasures />
      <Holds />
      {isRunning && due.data && (
        <RunDialog
          n={due.data.items.filter((i) => i.state === "due").length}
          onClose={() => setIsRunning(false)}
          onDone={() => void due.reload()}
        />
      )}
    </>
  );
}

function Preview({ due, says }: { due: Due; says: Map<string, string> }) {
  const t = useWords();
  const names = useNames();
  const lang = useStore(app, (s) => s.lang);
  const items = due.items.filter((i) => i.state !== "kept" || i.due !== null);
  const { shown, pager } = usePages(items, 20);
  const columns: Column<DueItem>[] = [
    { key: "what", head: t("retention.what"), isHead: true, cell: (i) => <>{names("kept", i.kind)} · {names("dataclass", i.data_class)}<br /><ShortId id={i.thing} /></> },
    { key: "where", head: t("role.where"), isText: true, cell: (i) => [i.unit_name?.[lang] ?? i.unit, i.agency && names("agency", i.agency)].filter(Boolean).join(" · ") || "–" },
    { key: "purpose", head: t("case.purpose"), cell: (i) => names("purpose", i.purpose) },
    { key: "state", head: t("case.state"), cell: (i) => <span className={i.state === "due" ? "tag strong" : "tag"}>{t(`retention.state.${i.state}`)}</span> },
    { key: "due", head: t("retention.due"), cell: (i) => <When at={i.due} /> },
    { key: "rule", head: t("retention.rule"), isText: true, cell: (i) => (i.rule ? (says.get(i.rule) ?? i.rule) : "–") },
  ];
  return (
    <>
      <p className="note">
        {t("retention.every", { h: Math.round(due.every_s / 3600) })}{" "}
        {due.last_run ? <>{t("retention.lastRun", { n: due.last_run.erased })} <When at={due.last_run.at} /></> : t("retention.neverRun")}
      </p>
      {items.length === 0 ? <p className="empty">{t("retention.none")}</p> : (
        <>
          <Table name={t("retention.title")} columns={columns} rows={shown} keyOf={(i) => i.thing} />
          {pager}
        </>
      )}
    </>
  );
}

function RunDialog({ n, onClose, onDone }: { n: number; onClose: () => void; onDone: () => void }) {
  const t = useWords();
  const [isSure, setIsSure] = useState(false);
  return (
    <FormDialog
      title={t("retention.run")}
      submit={t("retention.run")}
      isReady={isSure}
      work={async () => {
        const ran = await oversight.runRetention();
        toast({ tone: "ok", text: t("retention.lastRun", { n: ran.erased }) });
        onDone();
      }}
      onClose={onClose}
    >
      <p>{t("retention.run.note", { n })}</p>
      <Check label={t("retention.sure")} checked={isSure} onChange={setIsSure} />
    </FormDialog>
  );
}
