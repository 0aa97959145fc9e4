import { useEffect, useState } from "react";
import { contacts as api, type Contact, type ContactDetail, type ContactStep } from "../../client/contacts.ts";
import { serverNow } from "../../client/http.ts";
import { MILE_M } from "../../map/geo.ts";
import { formatPosition } from "../../map/position.ts";
import { reckon } from "../../map/reckon.ts";
import { Answer } from "../pages/kit/States.tsx";
import { useAsk } from "../pages/kit/useAsk.ts";
import { When } from "../pages/kit/When.tsx";
import { goTo, select } from "../state/actions.ts";
import { app, tick } from "../state/app.ts";
import { chart } from "../state/chartHost.ts";
import { chosen, contacts, heardText, nameOf } from "../state/contacts.ts";
import { useStore } from "../state/store.ts";
import { ContactEnd } from "./ContactEnd.tsx";
import { ContactForm } from "./ContactForm.tsx";
import { ContactIncidents } from "./ContactIncidents.tsx";
import { Facts, Panel, useNames, useWords } from "./common.tsx";

/** One contact: what is known of it, what can be done with it, and all that was entered. */
export function ContactPanel({ id }: { id: string }) {
  const t = useWords();
  const lang = useStore(app, (s) => s.lang);
  const seq = useStore(contacts, (s) => s.items.find((c) => c.id === id)?.seq);
  const found = useAsk(() => api.one(id), [id]);
  useEffect(() => {
    if (seq !== undefined && found.data && seq !== found.data.seq) void found.reload(); // others report on it too
  }, [seq]);
  useEffect(() => {
    chosen.set({ contact: found.data });
    chart.current?.redraw();
    return () => chosen.set({ contact: null });
  }, [found.data]);
  return (
    <Panel title={found.data ? nameOf(found.data, lang) : t("panel.contact")} onClose={() => select(null)}>
      <Answer of={found}>{(c) => <Known of={c} onChanged={() => void found.reload()} />}</Answer>
      <button type="button" className="link-button" onClick={() => select({ kind: "contacts" })}>{t("contact.all")}</button>
    </Panel>
  );
}

type Doing = { is: "again" } | { is: "end" } | { is: "correct"; step: ContactStep } | null;

function Known({ of, onChanged }: { of: ContactDetail; onChanged: () => void }) {
  const t = useWords();
  const [doing, setDoing] = useState<Doing>(null);
  const done = (): void => {
    setDoing(null);
    onChanged();
  };
  return (
    <>
      <Heard of={of} />
      <ContactIncidents contact={of} />
      {of.may_add && (
        <div className="buttons">
          <button type="button" aria-expanded={doing?.is === "again"} onClick={() => setDoing(doing?.is === "again" ? null : { is: "again" })}>{t(of.ended ? "contact.takeUp" : "contact.again")}</button>
          {!of.ended && <button type="button" aria-expanded={doing?.is === "end"} onClick={() => setDoing(doing?.is === "end" ? null : { is: "end" })}>{t("contact.end")}</button>}
        </div>
      )}
      {doing?.is === "again" && <ContactForm key="again" contact={of} onDone={done} />}
      {doing?.is === "correct" && <ContactForm key={doing.step.id} contact={of} correct={doing.step} onDone={done} />}
      {doing?.is === "end" && <ContactEnd contact={of} onDone={done} />}
      <About of={of} />
      <h3>{t("contact.history")}</h3>
      <ol className="timeline entered">
        {[...of.steps].reverse().map((s) => (
          <Entered key={s.id} step={s} onCorrect={of.may_add && s.kind === "report" && !s.replaced ? () => setDoing({ is: "correct", step: s }) : undefined} />
        ))}
      </ol>
    </>
  );
}

/** The time, anew every few seconds, with where it is reckoned to be and whether it left the picture. */
function useReckoned(of: Contact) {
  useStore(tick, (s) => Math.floor(s.n / 5));
  const now = serverNow();
  return { now, place: reckon(of, now), isOver: of.ended !== null || Date.parse(of.until) <= now };
}

function Heard({ of }: { of: Contact }) {
  const t = useWords();
  const names = useNames();
  const lang = useStore(app, (s) => s.lang);
  const { now, place, isOver } = useReckoned(of);
  return (
    <>
      <p className="sentence">
        {names("contactWhat", of.what)} · {heardText(of, now, lang)}
        {(isOver || place.isOld) && <> <span className="tag strong">{isOver ? names("contactState", of.ended ? "ended" : "over") : t("contact.old")}</span></>}
      </p>
      {of.said && <p><q>{of.said}</q></p>}
      {of.ended && (
        <p className="note">
          {names("contactEnd", of.ended.why)}{of.ended.mmsi !== null && ` MMSI ${of.ended.mmsi}`} {of.ended.said && <q>{of.ended.said}</q>} · {of.ended.by} · <When at={of.ended.at} />
        </p>
      )}
    </>
  );
}

function About({ of }: { of: Contact }) {
  const t = useWords();
  const names = useNames();
  const { place, isOver } = useReckoned(of);
  return (
    <Facts
      rows={[
        [t("contact.heard.at"), <When key="heard" at={of.heard} />],
        [t("contact.where"), <button key="place" type="button" className="link-button" onClick={() => goTo({ lon: of.lon, lat: of.lat }, 10)}>{formatPosition(of)}</button>],
        ...(of.place_said ? [[t("contact.placeWords"), of.place_said] as [string, string]] : []),
        [t("contact.accuracy"), `${(of.accuracy_m / MILE_M).toFixed(2)} nm`],
        [t("contact.reckoned"), isOver ? "–" : t("contact.within", { at: formatPosition(place.at, 2), nm: (place.radiusM / MILE_M).toFixed(1) })],
        [t("contact.reckonedUntil"), <When key="reckoned" at={of.reckoned_until} />],
        [t("contact.until"), <When key="until" at={of.until} />],
        [t("contact.course"), of.cog_deg === null ? "–" : `${of.cog_deg.toFixed(0).padStart(3, "0")}°`],
        [t("contact.speed"), of.sog_kn === null ? "–" : `${of.sog_kn} kn`],
        [t("contact.callSign"), of.call_sign || "–"],
        ["MMSI", of.mmsi ?? "–"],
        [t("contact.onBoard"), of.on_board ?? "–"],
        [t("contact.source"), [names("contactSource", of.source), of.channel && `${t("contact.channel")} ${of.channel}`, of.station].filter(Boolean).join(" · ")],
        [t("contact.by"), of.reported_by],
      ]}
    />
  );
}

/** A report or an end as it was entered; one that was corrected stays, struck out. */
function Entered({ step, onCorrect }: { step: ContactStep; onCorrect?: () => void }) {
  const t = useWords();
  const names = useNames();
  const f = step.fields as Record<string, string | number | undefined>;
  const what =
    step.kind === "end"
      ? [t("contact.ended"), names("contactEnd", String(f.why)), f.mmsi && `MMSI ${f.mmsi}`]
      : [formatPosition({ lon: Number(f.lon), lat: Number(f.lat) }), f.cog_deg !== undefined && `${f.cog_deg}°`, f.sog_kn !== undefined && `${f.sog_kn} kn`];
  const text = what.filter(Boolean).join(" · ");
  return (
    <li className="person">
      <When at={step.kind === "end" ? step.at : String(f.heard)} />
      <div>
        {step.replaced ? <s>{text}</s> : text} {step.replaced && <span className="tag">{t("contact.replaced")}</span>}
        {f.said && <p><q>{f.said}</q></p>}
        <small>{t("contact.enteredBy", { name: step.by })} <When at={step.at} /></small>
        {onCorrect && <button type="button" className="link-button" onClick={onCorrect}>{t("contact.correct")}</button>}
      </div>
    </li>
  );
}
