import { past } from "../../../client/past.ts";
import { useNames, useWords } from "../../parts/common.tsx";
import { app } from "../../state/app.ts";
import { addressOf, restOf } from "../../state/route.ts";
import { useStore } from "../../state/store.ts";
import { Section } from "../kit/Section.tsx";
import { Answer } from "../kit/States.tsx";
import { Table } from "../kit/Table.tsx";
import { useAsk } from "../kit/useAsk.ts";
import { When } from "../kit/When.tsx";

/** An alert from its sentence down to the lines as they came. */
export function Trail({ id }: { id: string }) {
  const t = useWords();
  const names = useNames();
  const lang = useStore(app, (s) => s.lang);
  const found = useAsk(() => past.trail(id), [id]);
  return (
    <Answer of={found}>
      {({ alert, evidence, files }) => {
        const fileOf = new Map(files.map((f) => [f.obs_id, f.file]));
        const lineOf = new Map(evidence.lines.map((l) => [l.obs_id, l]));
        return (
          <>
            <Section title={names("kind", alert.kind)} actions={<a href={addressOf("past", restOf(Date.parse(alert.start)))}>{t("past.fromAlert")}</a>}>
              <p>{alert.sentence[lang]}</p>
              <Table
                name={t("ask.versions")}
                rows={alert.versions}
                keyOf={(v) => String(v.revision)}
                columns={[
                  { key: "n", head: t("ask.version"), isHead: true, cell: (v) => v.revision },
                  { key: "at", head: t("ask.saidAt"), cell: (v) => <When at={v.at} /> },
                  { key: "state", head: t("ask.state"), cell: (v) => names("state", v.state) },
                  { key: "text", head: t("ask.sentence"), isText: true, cell: (v) => v.sentence[lang] },
                ]}
              />
            </Section>
            <Section title={t("ask.evidence", { n: evidence.observations.length })}>
              <Table
                name={t("ask.evidence", { n: evidence.observations.length })}
                rows={evidence.observations}
                keyOf={(o) => String(o.obs_id)}
                columns={[
                  { key: "t", head: t("ask.start"), isHead: true, cell: (o) => <When at={o.t} /> },
                  { key: "mmsi", head: "MMSI", isNumber: true, cell: (o) => o.mmsi },
                  { key: "receiver", head: t("ask.receiver"), cell: (o) => o.station ?? "–" },
                  { key: "line", head: t("ask.line"), isText: true, cell: (o) => <code>{lineOf.get(o.obs_id)?.text ?? "–"}</code> },
                  { key: "from", head: t("ask.source"), isText: true, cell: (o) => `${lineOf.get(o.obs_id)?.source ?? "–"}:${lineOf.get(o.obs_id)?.line ?? ""}` },
                  { key: "file", head: t("ask.file"), isText: true, cell: (o) => <code>{fileOf.get(o.obs_id) ?? "–"}</code> },
                ]}
              />
              {evidence.missing.length > 0 && <p className="note">{t("ask.missing", { n: evidence.missing.length })}</p>}
            </Section>
          </>
        );
      }}
    </Answer>
  );
}
