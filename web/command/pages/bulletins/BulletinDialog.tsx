import { useState } from "react";
import { BULLETIN_KINDS, bulletins, type Bulletin, type BulletinSaid } from "../../../client/bulletins.ts";
import { Check, Field, useNames, useWords } from "../../parts/common.tsx";
import { app } from "../../state/app.ts";
import { mine } from "../../state/mine.ts";
import { useStore } from "../../state/store.ts";
import { FormDialog } from "../kit/FormDialog.tsx";
import { SEVERITIES } from "../incidents/ReportDialog.tsx";

/** What a field for day and time shows of a moment, in the zone of this browser, and back. */
const local = (at: string | null): string => {
  if (at === null) return "";
  const when = new Date(at);
  return new Date(when.getTime() - 60_000 * when.getTimezoneOffset()).toISOString().slice(0, 16);
};
const moment = (text: string): string | null => (text ? new Date(text).toISOString() : null);

/** One that is new, or `of` said anew. */
export function BulletinDialog({ of, onClose, onMade }: { of?: Bulletin; onClose: () => void; onMade: (made: Bulletin) => void }) {
  const t = useWords();
  const names = useNames();
  const lang = useStore(app, (s) => s.lang);
  const places = useStore(mine, (s) => s.mine?.places ?? []);
  const [id] = useState(bulletins.newId); // the same when it is sent again
  const [kind, setKind] = useState<Bulletin["kind"]>(of?.kind ?? "weather");
  const [area, setArea] = useState("");
  const [until, setUntil] = useState(local(of?.valid_until ?? null));
  const [from, setFrom] = useState(of ? local(of.valid_from) : "");
  const [said, setSaid] = useState<Omit<BulletinSaid, "valid_from" | "valid_until">>({
    severity: of?.severity ?? "serious", title: of?.title ?? "", text: of?.text ?? "", issuer: of?.issuer ?? "", number: of?.number ?? "",
    asks_read: of?.asks_read ?? false,
  });
  const put = (more: Partial<BulletinSaid>): void => setSaid({ ...said, ...more });
  const work = async (): Promise<void> => {
    const isFromKept = of !== undefined && from === local(of.valid_from);
    const whole = { ...said, valid_from: isFromKept ? null : moment(from), valid_until: moment(until) };
    onMade(of ? await bulletins.revise(of.id, id, of.version, whole) : await bulletins.issue(id, { ...whole, kind, area: area.trim() }));
  };
  return (
    <FormDialog
      title={t(of ? "bulletin.revise" : "bulletin.new")}
      submit={t(of ? "bulletin.revise" : "bulletin.issue")}
      isReady={said.title.trim() !== "" && said.issuer.trim() !== ""}
      work={work}
      onClose={onClose}
    >
      {!of && (
        <Field label={t("bulletin.kind")}>
          <select value={kind} onChange={(e) => setKind(e.target.value as Bulletin["kind"])}>
            {BULLETIN_KINDS.map((x) => <option key={x} value={x}>{names("bulletinKind", x)}</option>)}
          </select>
        </Field>
      )}
      <Field label={t("bulletin.level")}>
        <select value={said.severity} onChange={(e) => put({ severity: e.target.value as Bulletin["severity"] })}>
          {SEVERITIES.map((x) => <option key={x} value={x}>{names("level", x)} · {names("severity", x)}</option>)}
        </select>
      </Field>
      <Field label={t("bulletin.title")}>
        <input value={said.title} required maxLength={200} autoComplete="off" onChange={(e) => put({ title: e.target.value })} />
      </Field>
      <Field label={t("bulletin.text")}>
        <textarea value={said.text} rows={6} maxLength={8000} onChange={(e) => put({ text: e.target.value })} />
      </Field>
      <div className="pair">
        <Field label={t("bulletin.issuer")}>
          <input value={said.issuer} required maxLength={200} onChange={(e) => put({ issuer: e.target.value })} />
        </Field>
        <Field label={t("bulletin.number")}>
          <input value={said.number} maxLength={100} autoComplete="off" onChange={(e) => put({ number: e.target.value })} />
        </Field>
      </div>
      <div className="pair">
        <Field label={t("bulletin.from.field")}>
          <input type="datetime-local" value={from} onChange={(e) => setFrom(e.target.value)} />
        </Field>
        <Field label={t("bulletin.until.field")}>
          <input type="datetime-local" value={until} onChange={(e) => setUntil(e.target.value)} />
        </Field>
      </div>
      {!of && (
        <Field label={t("bulletin.area.field", { unit: places[0]?.unit_name?.[lang] ?? "" })}>
          <input value={area} maxLength={40} autoComplete="off" placeholder={places[0]?.unit} onChange={(e) => setArea(e.target.value)} />
        </Field>
      )}
      <Check label={t("bulletin.asksRead")} checked={said.asks_read ?? false} onChange={(asks_read) => put({ asks_read })} />
      <p className="note">{t("bulletin.note")}</p>
    </FormDialog>
  );
}
