import { useState } from "react";
import { evidence } from "../../../client/evidence.ts";
import { incidents, type Submission } from "../../../client/incidents.ts";
import { useNames, useWords } from "../../parts/common.tsx";
import { goPage } from "../../state/route.ts";
import { isPicture } from "../kit/gallery.ts";
import { Section } from "../kit/Section.tsx";
import { Answer } from "../kit/States.tsx";
import { useAsk } from "../kit/useAsk.ts";
import { Viewer } from "../kit/Viewer.tsx";
import { When } from "../kit/When.tsx";

/** What phones sent for the incident that became no step of it: additions, files, what came too late. */
export function FromPhones({ id, version }: { id: string; version: number }) {
  const t = useWords();
  const found = useAsk(() => incidents.submissions(id), [id, version]);
  if (found.data?.items.length === 0) return null;
  return (
    <Section title={t("phones.title")}>
      <Answer of={found}>
        {({ items }) => <ol className="log">{items.map((one) => <li key={one.id}><Sent of={one} /></li>)}</ol>}
      </Answer>
    </Section>
  );
}

function Sent({ of }: { of: Submission }) {
  const t = useWords();
  const names = useNames();
  const { file } = of;
  const [isViewed, setIsViewed] = useState(false);
  // What shows people is looked at in its case, under an access.
  const at = file?.case && file.evidence && !file.shows_people && isPicture(file) ? { case: file.case, id: file.evidence } : null;
  const said = Object.entries(of.fields).filter(([name, value]) => typeof value === "string" && name !== "kind");
  return (
    <>
      <When at={of.at} />
      <b>{names("phoneKind", of.kind)}</b>
      <span>{of.by}</span>
      {of.moved && <span className="tag strong">{t("phones.moved")}</span>}
      {Math.abs(of.ahead_s) >= 120 && <span className="tag">{t("phones.clock", { min: Math.round(of.ahead_s / 60) })}</span>}
      {said.map(([name, value]) => <q key={name}>{String(value)}</q>)}
      {file && (file.case && file.sha256 ? (
        <button type="button" className="link-button" onClick={() => goPage("cases", file.case ?? undefined)}>
          {t("phones.file", { type: file.media_type, kb: Math.ceil(file.size / 1024), hash: file.sha256.slice(0, 12) })}
        </button>
      ) : <span>{t("phones.fileElsewhere", { type: file.media_type, kb: Math.ceil(file.size / 1024) })}</span>)}
      {at && <button type="button" onClick={() => setIsViewed(true)}>{t("evid.view")}</button>}
      {at && isViewed && (
        <Viewer pictures={[{ id: at.id, name: file!.media_type, look: () => evidence.view(at.case, at.id, null) }]} first={at.id} onClose={() => setIsViewed(false)} />
      )}
    </>
  );
}
