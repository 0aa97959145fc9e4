import { useState } from "react";
import { people, type Sharing, type SharingInput } from "../../../client/people.ts";
import { Check, Field, useNames, useWords } from "../../parts/common.tsx";
import { app } from "../../state/app.ts";
import { mine, offered } from "../../state/mine.ts";
import { useStore } from "../../state/store.ts";
import { dayStart } from "../../state/time.ts";
import { useZone } from "../../state/zone.ts";
import { FormDialog } from "../kit/FormDialog.tsx";
import { usePages } from "../kit/Pages.tsx";
import { Section } from "../kit/Section.tsx";
import { Answer } from "../kit/States.tsx";
import { Table, type Column } from "../kit/Table.tsx";
import { useAsk } from "../kit/useAsk.ts";
import { When } from "../kit/When.tsx";
import { UnitField } from "./UnitField.tsx";

const KINDS: SharingInput["kind"][] = ["*", "incident", "task", "responder", "duty", "case", "evidence"];
/** These are shared for a time alone, by the lead of the agency whose they are. */
const OF_CASES = new Set(["case", "evidence"]);
const AGENCIES = [
  "police", "coast_police", "customs", "coast_guard", "border_inspection", "health", "local_government", "maritime",
] as const;

/** What a unit shows others of its own, and what others show it. */
export function Sharings() {
  const t = useWords();
  const my = useStore(mine, (s) => s.mine);
  const [isMaking, setIsMaking] = useState(false);
  const [ending, setEnding] = useState<Sharing | null>(null);
  const [withEnded, setWithEnded] = useState(false);
  const found = useAsk(() => people.sharings(withEnded), [withEnded]);
  const may = offered(my, "sharing.write").length > 0;
  return (
    <Section
      title={t("sharing.title")}
      actions={may && <button type="button" className="main-button" onClick={() => setIsMaking(true)}>{t("sharing.make")}</button>}
    >
      <p className="note">{t("sharing.note")}</p>
      <Check label={t("sharing.withEnded")} checked={withEnded} onChange={setWithEnded} />
      <Answer of={found} isEmpty={(page) => page.items.length === 0} empty={t("sharing.none")}>
        {(page) => <SharingTable items={page.items} onEnd={setEnding} />}
      </Answer>
      {isMaking && <MakeSharing onClose={() => setIsMaking(false)} onDone={() => void found.reload()} />}
      {ending && <EndSharing sharing={ending} onClose={() => setEnding(null)} onDone={() => void found.reload()} />}
    </Section>
  );
}

function SharingTable({ items, onEnd }: { items: Sharing[]; onEnd: (sharing: Sharing) => void }) {
  const t = useWords();
  const names = useNames();
  const lang = useStore(app, (s) => s.lang);
  const { shown, pager } = usePages(items);
  const columns: Column<Sharing>[] = [
    {
      key: "giver", head: t("sharing.giver"), isHead: true,
      cell: (s) => <>{s.unit_name?.[lang] ?? s.unit}{s.agency && <> · {names("agency", s.agency)}</>}</>,
    },
    { key: "receiver", head: t("sharing.receiver"), cell: (s) => s.shared_with_name?.[lang] ?? s.shared_with },
    { key: "kind", head: t("sharing.kind"), cell: (s) => t(`sharing.kind.${s.kind}`) },
    { key: "why", head: t("action.reason"), isText: true, cell: (s) => <>{s.reason}{s.end_reason && <><br />{s.end_reason}</>}</> },
    { key: "from", head: t("role.from"), cell: (s) => <When at={s.begins} /> },
    { key: "to", head: t("sharing.until"), cell: (s) => (s.ends ? <When at={s.ends} /> : t("sharing.open")) },
    { key: "state", head: t("sharing.state"), cell: (s) => t(`sharing.state.${s.state}`) },
    {
      key: "do", head: t("page.actions"),
      cell: (s) => s.may_end && (
        <button type="button" aria-label={t("sharing.end.of", { unit: s.unit_name?.[lang] ?? s.unit, other: s.shared_with_name?.[lang] ?? s.shared_with })} onClick={() => onEnd(s)}>
          {t("sharing.end")}
        </button>
      ),
    },
  ];
  return (
    <>
      <Table name={t("sharing.title")} columns={columns} rows={shown} keyOf={(s) => s.id} />
      {pager}
    </>
  );
}

function MakeSharing({ onClose, onDone }: { onClose: () => void; onDone: () => void }) {
  const t = useWords();
  const names = useNames();
  const lang = useStore(app, (s) => s.lang);
  const place = useStore(mine, (s) => s.mine)?.places[0];
  const zone = useZone();
  const [unit, setUnit] = useState(place?.unit ?? "");
  const [agency, setAgency] = useState<string>(AGENCIES.find((a) => a === place?.agency) ?? "");
  const [other, setOther] = useState("");
  const [otherAgency, setOtherAgency] = useState("");
  const [kind, setKind] = useState<SharingInput["kind"]>("incident");
  const [from, setFrom] = useState("");
  const [to, setTo] = useState("");
  const [reason, setReason] = useState("");
  const agencies = useAsk(() => people.agencies(""), []);
  const receiver = otherAgency || other;
  const isWhole = unit !== "" && receiver !== "" && reason.trim() !== "" && (!OF_CASES.has(kind) || (to !== "" && agency !== ""));
  return (
    <FormDialog
      title={t("sharing.make")}
      submit={t("sharing.make")}
      isReady={isWhole}
      wants={unit !== "" && receiver === "" ? t("sharing.noReceiver") : undefined}
      work={async () => {
        await people.share({
          unit, shared_with: receiver, kind, reason: reason.trim(), begins: dayStart(from, zone), ends: dayStart(to, zone),
          agency: AGENCIES.find((a) => a === agency) ?? null,
        });
        onDone();
      }}
      onClose={onClose}
    >
      <div className="pair">
        <UnitField label={t("sharing.giver")} value={unit} onChange={setUnit} />
        <Field label={t("sharing.agency")}>
          <select value={agency} onChange={(e) => setAgency(e.target.value)}>
            <option value="">{t("sharing.anyAgency")}</option>
            {AGENCIES.map((a) => <option key={a} value={a}>{names("agency", a)}</option>)}
          </select>
        </Field>
        <UnitField label={t("sharing.receiver")} value={other} isOptional={otherAgency !== ""} onChange={setOther} />
        <Field label={t("sharing.orAgency")}>
          <select value={otherAgency} onChange={(e) => setOtherAgency(e.target.value)}>
            <option value="">{t("sharing.wholeUnit")}</option>
            {agencies.data?.items.map((a) => <option key={a.code} value={a.code}>{a.name[lang]} · {a.unit_name?.[lang] ?? a.unit}</option>)}
          </select>
        </Field>
        <Field label={t("sharing.kind")}>
          <select value={kind} onChange={(e) => setKind(KINDS.find((k) => k === e.target.value) ?? "incident")}>
            {KINDS.map((k) => <option key={k} value={k}>{t(`sharing.kind.${k}`)}</option>)}
          </select>
        </Field>
        <span />
        <Field label={t("role.from")}>
          <input type="date" value={from} onChange={(e) => setFrom(e.target.value)} />
        </Field>
        <Field label={t(OF_CASES.has(kind) ? "sharing.until" : "role.to")}>
          <input type="date" value={to} required={OF_CASES.has(kind)} onChange={(e) => setTo(e.target.value)} />
        </Field>
      </div>
      {OF_CASES.has(kind) && <p className="note">{t("sharing.ofCases")}</p>}
      <Field label={t("action.reason")}>
        <input value={reason} required maxLength={1000} autoComplete="off" onChange={(e) => setReason(e.target.value)} />
      </Field>
    </FormDialog>
  );
}

function EndSharing({ sharing, onClose, onDone }: { sharing: Sharing; onClose: () => void; onDone: () => void }) {
  const t = useWords();
  const [reason, setReason] = useState("");
  const work = async (): Promise<void> => {
    await people.endSharing(sharing.id, reason.trim());
    onDone();
  };
  return (
    <FormDialog title={t("sharing.end")} submit={t("sharing.end")} isReady={reason.trim() !== ""} work={work} onClose={onClose}>
      <p>{sharing.reason}</p>
      <Field label={t("action.reason")}>
        <input value={reason} required maxLength={1000} autoComplete="off" onChange={(e) => setReason(e.target.value)} />
      </Field>
    </FormDialog>
  );
}
