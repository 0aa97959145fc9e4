import { useState } from "react";
import { bulletins, type Bulletin } from "../../../client/bulletins.ts";
import { useNames, useWords } from "../../parts/common.tsx";
import { app } from "../../state/app.ts";
import { askBulletins } from "../../state/bulletins.ts";
import { mine, offered } from "../../state/mine.ts";
import { addressOf, goPage, route } from "../../state/route.ts";
import { useStore } from "../../state/store.ts";
import { usePages } from "../kit/Pages.tsx";
import { Section } from "../kit/Section.tsx";
import { Answer } from "../kit/States.tsx";
import { Table } from "../kit/Table.tsx";
import { Tabs } from "../kit/Tabs.tsx";
import { useAsk } from "../kit/useAsk.ts";
import { When } from "../kit/When.tsx";
import { BulletinDialog } from "./BulletinDialog.tsx";
import { BulletinView } from "./BulletinView.tsx";

const PAST = "past";

/** Official information for where one is: what is in force, what was, and one in full. */
export default function BulletinsPage() {
  const t = useWords();
  const rest = useStore(route, (s) => s.rest);
  const tabs = [
    { key: "now", label: t("bulletin.now") },
    { key: PAST, label: t("bulletin.past") },
  ];
  const isOne = rest !== "" && !tabs.some((tab) => tab.key === rest);
  return (
    <div className="stack">
      <header>
        <h2>{t("page.bulletins")}</h2>
        <Tabs page="bulletins" name={t("page.bulletins")} tabs={tabs} at={isOne ? "" : rest || "now"} />
      </header>
      <div className="sheet">{isOne ? <BulletinView key={rest} id={rest} /> : <List key={rest} past={rest === PAST} />}</div>
    </div>
  );
}

function List({ past }: { past: boolean }) {
  const t = useWords();
  const [isWriting, setWriting] = useState(false);
  const mayWrite = offered(useStore(mine, (s) => s.mine), "bulletin.write").length > 0;
  const found = useAsk(() => bulletins.list(past), [past]);
  return (
    <Section
      title={t(past ? "bulletin.past" : "bulletin.now")}
      actions={mayWrite && <button type="button" className="main-button" onClick={() => setWriting(true)}>{t("bulletin.new")}</button>}
    >
      <Answer of={found} empty={t("bulletin.none")} isEmpty={(d) => d.items.length === 0}>
        {({ items }) => <Rows items={past ? items.filter((b) => b.state === "over" || b.state === "withdrawn") : items} />}
      </Answer>
      {isWriting && (
        <BulletinDialog
          onClose={() => setWriting(false)}
          onMade={(made) => {
            void askBulletins();
            goPage("bulletins", made.id);
          }}
        />
      )}
    </Section>
  );
}

function Rows({ items }: { items: Bulletin[] }) {
  const t = useWords();
  const names = useNames();
  const lang = useStore(app, (s) => s.lang);
  const { shown, pager } = usePages(items);
  return (
    <>
      <Table
        name={t("page.bulletins")}
        columns={[
          { key: "level", head: t("bulletin.level"), cell: (b) => <span className={`tag level ${b.severity}`}>{names("level", b.severity)}</span> },
          { key: "title", head: t("bulletin.title"), isHead: true, isText: true, cell: (b) => <a href={addressOf("bulletins", b.id)}>{b.title}</a> },
          { key: "kind", head: t("bulletin.kind"), cell: (b) => names("bulletinKind", b.kind) },
          { key: "issuer", head: t("bulletin.issuer"), isText: true, cell: (b) => `${b.issuer} ${b.number}` },
          { key: "area", head: t("bulletin.area"), cell: (b) => b.area_name[lang] },
          { key: "from", head: t("bulletin.from"), cell: (b) => <When at={b.valid_from} /> },
          { key: "until", head: t("bulletin.until"), cell: (b) => (b.valid_until ? <When at={b.valid_until} /> : t("bulletin.open")) },
          { key: "state", head: t("form.state"), cell: (b) => names("bulletinState", b.state) },
        ]}
        rows={shown}
        keyOf={(b) => b.id}
      />
      {pager}
    </>
  );
}
