import { useState } from "react";
import { forms, type Form } from "../../../client/forms.ts";
import { Field, useNames, useWords } from "../../parts/common.tsx";
import { app } from "../../state/app.ts";
import { mine, offered } from "../../state/mine.ts";
import { useStore } from "../../state/store.ts";
import { FormDialog } from "../kit/FormDialog.tsx";
import { usePages } from "../kit/Pages.tsx";
import { saveFile } from "../kit/save.ts";
import { Section } from "../kit/Section.tsx";
import { Answer, Wrong } from "../kit/States.tsx";
import { Table } from "../kit/Table.tsx";
import { useAsk, useSend } from "../kit/useAsk.ts";
import { When } from "../kit/When.tsx";

/** Forms that one may fill in or change, each version by itself. */
export function Kept() {
  const t = useWords();
  const mayWrite = offered(useStore(mine, (s) => s.mine), "form.write").length > 0;
  const found = useAsk(() => forms.all(), []);
  return (
    <Section title={t("form.tab.kept")}>
      <Answer of={found} empty={t(mayWrite ? "form.none.write" : "form.none.read")} isEmpty={(d) => d.items.length === 0}>
        {({ items }) => <List items={items} reload={() => void found.reload()} />}
      </Answer>
    </Section>
  );
}

function List({ items, reload }: { items: Form[]; reload: () => void }) {
  const t = useWords();
  const names = useNames();
  const lang = useStore(app, (s) => s.lang);
  const sending = useSend();
  const { shown, pager } = usePages(items);
  const [publishing, setPublishing] = useState<Form | null>(null);
  const get = (of: Form, kind: "xlsx" | "xml"): void =>
    void sending.send(async () => {
      const got = await forms.file(`${of.id}/form.${kind}`);
      saveFile(got.name, got.content);
    });
  return (
    <>
      <Wrong error={sending.error} />
      <Table
        name={t("form.tab.kept")}
        columns={[
          { key: "title", head: t("form.title"), isHead: true, isText: true, cell: (f) => f.title },
          { key: "version", head: t("form.version"), cell: (f) => f.version },
          { key: "state", head: t("form.state"), cell: (f) => t(f.in_force ? "form.inForce" : `form.state.${f.state}`) },
          { key: "from", head: t("form.from"), cell: (f) => <When at={f.valid_from} /> },
          { key: "unit", head: t("form.unit"), cell: (f) => `${f.unit_name[lang]} · ${names("agency", f.agency)}` },
          { key: "purpose", head: t("form.purpose"), cell: (f) => names("purpose", f.purpose) },
          {
            key: "actions", head: t("page.actions"), cell: (f) => (
              <div className="buttons">
                <a className="button" href={`/phone/fill.html#preview/${f.id}`} target="_blank" rel="noopener">{t("form.preview")}</a>
                <button type="button" disabled={sending.isBusy} onClick={() => get(f, "xlsx")}>Excel</button>
                <button type="button" disabled={sending.isBusy} onClick={() => get(f, "xml")}>XForm</button>
                {f.may_write && f.state === "draft" && <button type="button" onClick={() => setPublishing(f)}>{t("form.publish")}</button>}
                {f.may_write && f.state === "published" && (
                  <button type="button" disabled={sending.isBusy} onClick={() => void sending.send(() => forms.retire(f.id)).then((done) => done && reload())}>{t("form.retire")}</button>
                )}
              </div>
            ),
          },
        ]}
        rows={shown}
        keyOf={(f) => f.id}
      />
      {pager}
      {publishing && <Publish of={publishing} onClose={() => setPublishing(null)} onDone={reload} />}
    </>
  );
}

function Publish({ of, onClose, onDone }: { of: Form; onClose: () => void; onDone: () => void }) {
  const t = useWords();
  const [day, setDay] = useState("");
  return (
    <FormDialog
      title={t("form.publish.title", { title: of.title, version: of.version })}
      submit={t("form.publish")}
      work={async () => {
        await forms.publish(of.id, day ? new Date(day).toISOString() : null);
        onDone();
      }}
      onClose={onClose}
    >
      <p className="note">{t("form.publish.note")}</p>
      <Field label={t("form.publish.from")}>
        <input type="datetime-local" value={day} onChange={(e) => setDay(e.target.value)} />
      </Field>
    </FormDialog>
  );
}
