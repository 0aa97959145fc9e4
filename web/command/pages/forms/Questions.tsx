import type { Form } from "../../../client/forms.ts";
import { useWords } from "../../parts/common.tsx";
import { app } from "../../state/app.ts";
import { useStore } from "../../state/store.ts";
import { Table } from "../kit/Table.tsx";

type Question = Form["questions"][number];

/** In the language of the page, else in whatever the form has. */
export function labelIn(labels: Record<string, string>, lang: string, otherwise: string): string {
  return labels[lang] ?? labels[""] ?? Object.values(labels)[0] ?? otherwise;
}

/** What the form asks, and what of it is listed. */
export function Questions({ of }: { of: Question[] }) {
  const t = useWords();
  const lang = useStore(app, (s) => s.lang);
  return (
    <Table
      name={t("form.questions")}
      columns={[
        { key: "label", head: t("form.question"), isHead: true, isText: true, cell: (q) => labelIn(q.label, lang, q.path) },
        { key: "kind", head: t("form.kind"), cell: (q) => q.kind },
        { key: "open", head: t("form.open"), cell: (q) => t(q.open ? "form.open.yes" : "form.open.no") },
      ]}
      rows={of}
      keyOf={(q) => q.path}
    />
  );
}
