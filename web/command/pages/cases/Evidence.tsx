import { useRef, useState } from "react";
import type { Grant } from "../../../client/cases.ts";
import { evidence, type Piece } from "../../../client/evidence.ts";
import type { Page } from "../../../client/types.ts";
import { Field, useNames, useWords } from "../../parts/common.tsx";
import { isPicture } from "../kit/gallery.ts";
import { usePages } from "../kit/Pages.tsx";
import { saveFile } from "../kit/save.ts";
import { Section } from "../kit/Section.tsx";
import { ShortId } from "../kit/ShortId.tsx";
import { Answer, Wrong } from "../kit/States.tsx";
import { Table, type Column } from "../kit/Table.tsx";
import { useAsk, useSend, type Asked } from "../kit/useAsk.ts";
import { When } from "../kit/When.tsx";
import { Viewer } from "../kit/Viewer.tsx";
import { CustodyDialog } from "./CustodyDialog.tsx";

const CLASSES = ["operational", "personal", "sensitive"] as const;

/** 3.4 MB */
function sizeText(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 1e6) return `${(bytes / 1e3).toFixed(1)} kB`;
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

/** Photos, videos and documents of the case: handed in, copied, bundled for a court. */
export function Evidence({ caseId, canAdd, grants }: { caseId: string; canAdd: boolean; grants: Grant[] }) {
  const t = useWords();
  const all = useAsk(() => evidence.list(caseId), [caseId]);
  return (
    <Section title={t("evid.title")}>
      {canAdd && <HandIn caseId={caseId} onDone={() => void all.reload()} />}
      <Answer of={all} isEmpty={(page) => page.items.length === 0} empty={t("evid.none")}>
        {(page) => <Pieces caseId={caseId} pieces={page.items} grants={grants} all={all} />}
      </Answer>
    </Section>
  );
}

function HandIn({ caseId, onDone }: { caseId: string; onDone: () => void }) {
  const t = useWords();
  const names = useNames();
  const [file, setFile] = useState<File | null>(null);
  const [kept, setKept] = useState<string>("operational");
  const [note, setNote] = useState("");
  const [share, setShare] = useState<number | null>(null);
  const picker = useRef<HTMLInputElement>(null);
  const sending = useSend();
  const send = async (): Promise<void> => {
    setShare(0);
    const isDone = await sending.send(() => evidence.add(caseId, file!, kept, note.trim(), setShare));
    setShare(null);
    if (!isDone) return;
    setFile(null);
    setNote("");
    if (picker.current) picker.current.value = "";
    onDone();
  };
  return (
    <form
      className="inline"
      onSubmit={(e) => {
        e.preventDefault();
        if (file) void send();
      }}
    >
      <Field label={t("evid.file")}>
        <input ref={picker} type="file" onChange={(e) => setFile(e.target.files?.[0] ?? null)} />
      </Field>
      <Field label={t("evid.class")}>
        <select value={kept} onChange={(e) => setKept(e.target.value)}>
          {CLASSES.map((c) => <option key={c} value={c}>{names("dataclass", c)}</option>)}
        </select>
      </Field>
      <Field label={t("datum.note")}>
        <input value={note} maxLength={1000} autoComplete="off" onChange={(e) => setNote(e.target.value)} />
      </Field>
      <button type="submit" className="main-button" disabled={!file || sending.isBusy}>{t("evid.add")}</button>
      {share !== null && <progress max={1} value={share} aria-label={t("evid.sending")} />}
      <Wrong error={sending.error} />
    </form>
  );
}

function Pieces({ caseId, pieces, grants, all }: { caseId: string; pieces: Piece[]; grants: Grant[]; all: Asked<Page<Piece>> }) {
  const t = useWords();
  const names = useNames();
  const sending = useSend();
  const [shown, setShown] = useState<Piece | null>(null);
  const [viewed, setViewed] = useState<string | null>(null);
  const paged = usePages(pieces, 20);
  /** What shows persons is given out under a grant that reaches it. */
  const grantFor = (p: Piece): string | null =>
    p.data_class === "operational" ? null
    : (grants.find((g) => g.state === "active" && (g.whole_case || g.subjects.includes(p.id)) && (p.data_class === "personal" || g.data_class === "sensitive"))?.id ?? null);
  const take = (p: Piece, what: "copy" | "bundle"): void =>
    void sending.send(async () => {
      const { name, content } = await evidence.take(caseId, p.id, what, grantFor(p));
      saveFile(name, content);
      await all.reload();
    });
  const columns: Column<Piece>[] = [
    {
      key: "name", head: t("evid.name"), isHead: true, isText: true,
      cell: (p) => (
        <>
          {p.name === null ? `${p.media_type} · ${t("evid.nameSealed")}` : p.name || p.media_type}
          {p.note && <><br /><small>{p.note}</small></>}
          <br /><ShortId id={p.id} />
        </>
      ),
    },
    { key: "kind", head: t("evid.kind"), cell: (p) => <>{names("evidkind", p.kind)} · {sizeText(p.size)}</> },
    { key: "class", head: t("evid.class"), cell: (p) => <>{names("dataclass", p.data_class)}{p.sealed && <> · <b>{t("evid.sealed")}</b></>}</> },
    { key: "hash", head: "SHA-256", cell: (p) => <span className="id" title={p.sha256}>{p.sha256.slice(0, 16)}…</span> },
    { key: "added", head: t("evid.added"), cell: (p) => <When at={p.added} /> },
    {
      key: "do", head: t("page.actions"),
      cell: (p) => (
        <div className="buttons">
          {isPicture(p) && <button type="button" onClick={() => setViewed(p.id)}>{t("evid.view")}</button>}
          <button type="button" disabled={sending.isBusy} onClick={() => take(p, "copy")}>{t("evid.copy")}</button>
          <button type="button" disabled={sending.isBusy} onClick={() => take(p, "bundle")}>{t("evid.bundle")}</button>
          <button type="button" onClick={() => setShown(p)}>{t("evid.custody")}</button>
        </div>
      ),
    },
  ];
  return (
    <>
      <Wrong error={sending.error} />
      <Table name={t("evid.title")} columns={columns} rows={paged.shown} keyOf={(p) => p.id} />
      {paged.pager}
      {viewed && (
        <Viewer
          pictures={pieces.filter(isPicture).map((p) => ({ id: p.id, name: p.name || p.media_type, look: () => evidence.view(caseId, p.id, grantFor(p)) }))}
          first={viewed}
          onClose={() => setViewed(null)}
        />
      )}
      {shown && <CustodyDialog caseId={caseId} piece={shown} onClose={() => setShown(null)} />}
    </>
  );
}
