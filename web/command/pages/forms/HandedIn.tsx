import { useState } from "react";
import { cases } from "../../../client/cases.ts";
import { forms, type Answers, type Form, type HandedIn as One } from "../../../client/forms.ts";
import { Facts, Field, useWords } from "../../parts/common.tsx";
import { app } from "../../state/app.ts";
import { addressOf } from "../../state/route.ts";
import { useStore } from "../../state/store.ts";
import { FormDialog } from "../kit/FormDialog.tsx";
import { usePages } from "../kit/Pages.tsx";
import { saveFile } from "../kit/save.ts";
import { Section } from "../kit/Section.tsx";
import { Answer, Wrong } from "../kit/States.tsx";
import { Table } from "../kit/Table.tsx";
import { useAsk, useSend } from "../kit/useAsk.ts";
import { When } from "../kit/When.tsx";
import { labelIn } from "./Questions.tsx";

/** What was handed in within the own area: what may be listed, and how much else there is. */
export function HandedIn() {
  const t = useWords();
  const [form, setForm] = useState("");
  const known = useAsk(() => forms.all(), []);
  const found = useAsk(() => forms.handedIn(form), [form]);
  const sending = useSend();
  const ids = [...new Map(known.data?.items.map((f) => [f.form_id, f.title]) ?? [])];
  return (
    <Section
      title={t("form.tab.answers")}
      actions={form && (
        <button
          type="button"
          disabled={sending.isBusy}
          onClick={() => void sending.send(async () => saveFile(`${form}.csv`, (await forms.table(form)).content))}
        >
          {t("form.csv")}
        </button>
      )}
    >
      <Field label={t("form.which")}>
        <select value={form} onChange={(e) => setForm(e.target.value)}>
          <option value="">{t("form.all")}</option>
          {ids.map(([id, title]) => <option key={id} value={id}>{title}</option>)}
        </select>
      </Field>
      <Wrong error={sending.error} />
      <Answer of={found} empty={t("form.nothing.how")} isEmpty={(d) => d.items.length === 0}>
        {({ items }) => <List items={items} known={known.data?.items ?? []} />}
      </Answer>
    </Section>
  );
}

type Texts = (path: string, value: string) => [label: string, value: string];

/** Labels of questions and choices in the language of the page. */
function useTexts(of: One, known: Form[]): Texts {
  const t = useWords();
  const lang = useStore(app, (s) => s.lang);
  const questions = known.find((f) => f.id === of.form)?.questions ?? [];
  return (path, value) => {
    const asked = questions.find((q) => q.path === path);
    const labels = asked?.kind.startsWith("select") ? t.list(value.split(" ").map((v) => labelIn(asked.choices[v] ?? {}, lang, v))) : value;
    return [labelIn(asked?.label ?? {}, lang, path), labels];
  };
}

function List({ items, known }: { items: One[]; known: Form[] }) {
  const t = useWords();
  const { shown, pager } = usePages(items);
  const [opening, setOpening] = useState<One | null>(null);
  const [opened, setOpened] = useState<{ of: One; answers: Answers } | null>(null);
  return (
    <>
      <Table
        name={t("form.tab.answers")}
        columns={[
          { key: "title", head: t("form.title"), isHead: true, isText: true, cell: (s) => s.title },
          { key: "at", head: t("form.at"), cell: (s) => <When at={s.at} /> },
          { key: "by", head: t("form.by"), cell: (s) => s.by },
          { key: "open", head: t("form.listed"), isText: true, cell: (s) => <Open of={s} known={known} /> },
          { key: "sealed", head: t("form.sealed"), isText: true, cell: (s) => <Sealed of={s} /> },
          {
            key: "actions", head: t("page.actions"), cell: (s) => (
              <div className="buttons">
                {!s.erased && s.data_class !== "sensitive" && <button type="button" onClick={() => setOpening(s)}>{t("form.answers")}</button>}
                {s.case && <a className="button" href={addressOf("cases", s.case)}>{t("form.case")}</a>}
              </div>
            ),
          },
        ]}
        rows={shown}
        keyOf={(s) => s.id}
      />
      {pager}
      {opening && <Ask of={opening} onClose={() => setOpening(null)} onOpened={(answers) => setOpened({ of: opening, answers })} />}
      {opened && <Shown of={opened.of} answers={opened.answers} known={known} onClose={() => setOpened(null)} />}
    </>
  );
}

/** How much is not listed. What is sensitive is opened in the case, by who may see such there. */
function Sealed({ of }: { of: One }) {
  const t = useWords();
  if (of.erased || of.unreadable) return <>{t(of.erased ? "form.erased" : "form.unreadable")}</>;
  return (
    <>
      {t("form.nSealed", { n: of.sealed, files: of.files })}
      {of.data_class === "sensitive" && <p className="note">{t("form.sensitive")}</p>}
    </>
  );
}

function Open({ of, known }: { of: One; known: Form[] }) {
  const t = useWords();
  const texts = useTexts(of, known);
  return <>{of.open.map((a) => texts(a.path, a.value).join(t.colon)).join(" · ") || "–"}</>;
}

/** Answers about persons are opened for a reason, under an access of an hour within the case. */
function Ask({ of, onClose, onOpened }: { of: One; onClose: () => void; onOpened: (answers: Answers) => void }) {
  const t = useWords();
  const [reason, setReason] = useState("");
  return (
    <FormDialog
      title={t("form.answers.title", { title: of.title })}
      submit={t("form.answers")}
      isReady={reason.trim().length >= 6 && of.case !== null}
      work={async () => {
        const grant = await cases.ask(of.case!, {
          kind: "read", data_class: "personal", hours: 1, reason: reason.trim(), subjects: [], whole_case: true, search_fields: [],
        });
        onOpened(await forms.answers(of.case!, of.id, grant.id));
      }}
      onClose={onClose}
    >
      <p className="note">{t(of.case ? "form.answers.note" : "form.answers.notYours")}</p>
      <Field label={t("grant.reason")}>
        <input value={reason} required minLength={6} maxLength={1000} autoComplete="off" onChange={(e) => setReason(e.target.value)} />
      </Field>
    </FormDialog>
  );
}

function Shown({ of, answers, known, onClose }: { of: One; answers: Answers; known: Form[]; onClose: () => void }) {
  const t = useWords();
  const texts = useTexts(of, known);
  return (
    <Section title={t("form.answers.title", { title: of.title })} actions={<button type="button" onClick={onClose}>{t("form.hide")}</button>}>
      <Facts rows={answers.answers.map((a) => texts(a.path, a.value))} />
      {answers.files.length > 0 && of.case && (
        <p className="note">{t("form.answers.files", { n: answers.files.length })} <a href={addressOf("cases", of.case)}>{t("form.case")}</a></p>
      )}
    </Section>
  );
}
