import type { ReactNode } from "react";
import type { ContactVisits, Passages, Plan, Visits, Voyages } from "../../../client/past.ts";
import { Empty, useNames, useWords } from "../../parts/common.tsx";
import { app } from "../../state/app.ts";
import { nameOf } from "../../state/contacts.ts";
import { addressOf, restOf } from "../../state/route.ts";
import { useStore } from "../../state/store.ts";
import { Table } from "../kit/Table.tsx";
import { When } from "../kit/When.tsx";
import { PlanText } from "./PlanText.tsx";

interface Who {
  id: string | null;
  mmsi: number;
  name: string | null;
}

/** Who it was, and the way to her voyages in the time that was asked for. */
function Vessel({ of, onVessel }: { of: Who; onVessel: (vessel: string) => void }) {
  const t = useWords();
  return (
    <button type="button" className="link-button" title={t("ask.toVoyages")} onClick={() => onVessel(of.id ?? String(of.mmsi))}>
      {of.name ?? `MMSI ${of.mmsi}`}
    </button>
  );
}

const Replay = ({ at }: { at: string }) => {
  const t = useWords();
  return <a href={addressOf("past", restOf(Date.parse(at)))}>{t("ask.replay")}</a>;
};

/** What was read for the answer, and its rows where there are any. */
function Found({ plan, items, children }: { plan: Plan; items: readonly unknown[]; children: ReactNode }) {
  const t = useWords();
  return (
    <>
      <PlanText plan={plan} />
      {items.length === 0 ? <Empty>{t("ask.nobody")}</Empty> : children}
    </>
  );
}

/** The same of vessels, with how many there are. */
function FoundVessels({ found, children }: { found: Visits | Passages; children: ReactNode }) {
  const t = useWords();
  return (
    <>
      <p role="status">{t("ask.found", { n: found.vessels, rows: found.total })}</p>
      <Found plan={found.plan} items={found.items}>{children}</Found>
    </>
  );
}

export function VisitRows({ found, onVessel }: { found: Visits; onVessel: (vessel: string) => void }) {
  const t = useWords();
  return (
    <FoundVessels found={found}>
      <Table
        name={t("ask.inside")}
        rows={found.items}
        keyOf={(v) => `${v.mmsi} ${v.id} ${v.first}`}
        columns={[
          { key: "who", head: t("ask.vessel"), isHead: true, cell: (v) => <Vessel of={v} onVessel={onVessel} /> },
          { key: "mmsi", head: "MMSI", isNumber: true, cell: (v) => v.mmsi },
          { key: "first", head: t("ask.first"), cell: (v) => <When at={v.first} /> },
          { key: "last", head: t("ask.last"), cell: (v) => <When at={v.last} /> },
          { key: "minutes", head: t("ask.minutes"), isNumber: true, cell: (v) => v.minutes.toFixed(0) },
          { key: "positions", head: t("ask.positions"), isNumber: true, cell: (v) => v.positions },
          { key: "replay", head: t("ask.replay"), cell: (v) => <Replay at={v.first} /> },
        ]}
      />
    </FoundVessels>
  );
}

/** What people entered, apart from what receivers heard. */
export function ContactRows({ found, excel }: { found: ContactVisits; excel: ReactNode }) {
  const t = useWords();
  const names = useNames();
  const lang = useStore(app, (s) => s.lang);
  return (
    <section aria-label={t("ask.contacts")}>
      <h3>{t("ask.contacts")} {excel}</h3>
      {found.items.length === 0 ? (
        <Empty>{t("ask.noContacts")}</Empty>
      ) : (
        <Table
          name={t("ask.contacts")}
          rows={found.items}
          keyOf={(v) => v.contact.id}
          columns={[
            { key: "who", head: t("ask.contact"), isHead: true, cell: (v) => nameOf(v.contact, lang) },
            { key: "what", head: t("contact.what"), cell: (v) => names("contactWhat", v.contact.what) },
            { key: "first", head: t("ask.first"), cell: (v) => <When at={v.first} /> },
            { key: "last", head: t("ask.last"), cell: (v) => <When at={v.last} /> },
            { key: "reports", head: t("ask.reports"), isNumber: true, cell: (v) => v.reports },
            { key: "reckoned", head: t("ask.reckoned"), isNumber: true, cell: (v) => v.reckoned_min.toFixed(0) },
            { key: "said", head: t("contact.said"), isText: true, cell: (v) => v.contact.said },
            { key: "replay", head: t("ask.replay"), cell: (v) => <Replay at={v.first} /> },
          ]}
        />
      )}
    </section>
  );
}

export function PassageRows({ found, onVessel }: { found: Passages; onVessel: (vessel: string) => void }) {
  const t = useWords();
  return (
    <FoundVessels found={found}>
      <Table
        name={t("ask.then")}
        rows={found.items}
        keyOf={(p) => `${p.mmsi} ${p.id} ${p.reached}`}
        columns={[
          { key: "who", head: t("ask.vessel"), isHead: true, cell: (p) => <Vessel of={p} onVessel={onVessel} /> },
          { key: "mmsi", head: "MMSI", isNumber: true, cell: (p) => p.mmsi },
          { key: "left", head: t("ask.left"), cell: (p) => <When at={p.left} /> },
          { key: "reached", head: t("ask.reached"), cell: (p) => <When at={p.reached} /> },
          { key: "hours", head: t("ask.hours"), isNumber: true, cell: (p) => p.hours.toFixed(1) },
          { key: "replay", head: t("ask.replay"), cell: (p) => <Replay at={p.left} /> },
        ]}
      />
    </FoundVessels>
  );
}

export function VoyageRows({ found }: { found: Voyages }) {
  const t = useWords();
  const names = useNames();
  const lang = useStore(app, (s) => s.lang);
  return (
    <Found plan={found.plan} items={found.items}>
      <Table
        name={t("ask.voyages")}
        rows={found.items}
        keyOf={(p) => `${p.kind} ${p.start}`}
        columns={[
          { key: "voyage", head: t("ask.voyage"), isNumber: true, cell: (p) => p.voyage },
          { key: "kind", head: t("ask.part"), isHead: true, cell: (p) => names("part", p.kind) },
          { key: "place", head: t("ask.at"), isText: true, cell: (p) => p.place_name?.[lang] ?? "–" },
          { key: "start", head: t("ask.start"), cell: (p) => <When at={p.start} /> },
          { key: "end", head: t("ask.end"), cell: (p) => <When at={p.end} /> },
          { key: "hours", head: t("ask.hours"), isNumber: true, cell: (p) => p.hours.toFixed(1) },
          { key: "nm", head: t("ask.miles"), isNumber: true, cell: (p) => (p.distance_m / 1852).toFixed(1) },
          { key: "kn", head: t("ask.knots"), isNumber: true, cell: (p) => p.mean_kn ?? "–" },
          { key: "replay", head: t("ask.replay"), cell: (p) => <Replay at={p.start} /> },
        ]}
      />
    </Found>
  );
}
