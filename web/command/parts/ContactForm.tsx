import { useEffect, useState } from "react";
import { contacts as api, type Contact, type ContactStep } from "../../client/contacts.ts";
import { ApiError } from "../../client/http.ts";
import type { Named } from "../../map/fromPlace.ts";
import { formatPosition } from "../../map/position.ts";
import { app, toast } from "../state/app.ts";
import { contacts, knownPlaces, takeContacts } from "../state/contacts.ts";
import { report } from "../state/report.ts";
import { sentence } from "../state/said.ts";
import { useStore } from "../state/store.ts";
import { useZone } from "../state/zone.ts";
import { ACCURACIES_NM, bodyOf, KEEPS_H, NOTHING, placed, severalPlaces, typedAgain, typedOf, wanting, type Typed } from "./contactTyped.ts";
import { Field, useNames, useWords } from "./common.tsx";

const WHATS = ["vessel", "small_craft", "in_water", "aircraft", "unknown"] as const;
const SOURCES = ["vhf", "lookout", "telephone", "radar", "other"] as const;

/** What was heard or seen: of a new contact, of `contact` again, or in place of `correct`. Enter enters it. */
export function ContactForm({ contact, correct, onDone }: { contact?: Contact; correct?: ContactStep; onDone: (made: Contact) => void }) {
  const t = useWords();
  const names = useNames();
  const zone = useZone();
  const lang = useStore(app, (s) => s.lang);
  const isPicking = useStore(contacts, (s) => s.isPicking);
  const picked = useStore(contacts, (s) => s.picked);
  const [id, setId] = useState(api.newId); // the same when it is sent again
  const [typed, setTyped] = useState<Typed>(() => (correct ? typedOf(correct, zone) : contact ? typedAgain(contact) : NOTHING));
  const [places, setPlaces] = useState<Named[]>([]);
  const [isTried, setIsTried] = useState(false);
  const [isBusy, setIsBusy] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);
  useEffect(() => void knownPlaces().then(setPlaces, report), []);
  useEffect(() => () => contacts.set({ isPicking: false, picked: null }), []);
  useEffect(() => {
    if (picked) setTyped((was) => ({ ...was, place: formatPosition(picked) }));
  }, [picked]);

  const at = placed(typed.place, places);
  const several = severalPlaces(typed.place, places, lang);
  const wrong = isTried ? wanting(typed, places) : {};
  const set = (part: Partial<Typed>): void => setTyped((was) => ({ ...was, ...part }));
  const save = async (): Promise<void> => {
    setIsTried(true);
    setError(null);
    if (!at || isBusy || Object.keys(wanting(typed, places)).length) return;
    setIsBusy(true);
    try {
      const body = bodyOf(typed, at, zone, correct);
      const made = contact ? await api.report(contact.id, id, body) : await api.enter(id, body);
      takeContacts([made]);
      setId(api.newId());
      toast({ tone: "ok", text: t(correct ? "contact.corrected" : "contact.entered") });
      onDone(made);
    } catch (e) {
      if (e instanceof ApiError && e.problem.errors?.length) setError(e);
      else report(e);
    }
    setIsBusy(false);
  };
  const said = (field: string): string | undefined => {
    const found = error?.field(field);
    return found && (error!.problem.reason?.[lang] ?? sentence(lang, found) ?? found);
  };
  const input = (key: keyof Typed, field: string, label: string, max: number, isNumber = false) => (
    <Field label={label} error={field in wrong ? t("contact.noNumber") : said(field)}>
      <input value={typed[key]} maxLength={max} inputMode={isNumber ? "decimal" : "text"} autoComplete="off" onChange={(e) => set({ [key]: e.target.value })} />
    </Field>
  );
  const choice = (key: keyof Typed, field: string, label: string, values: readonly string[], name: (value: string) => string) => (
    <Field label={label} error={said(field)}>
      <select value={typed[key]} onChange={(e) => set({ [key]: e.target.value })}>
        {(values.includes(typed[key]) ? values : [typed[key], ...values]).map((v) => <option key={v} value={v}>{name(v)}</option>)}
      </select>
    </Field>
  );
  return (
    <form
      className="contact-form"
      noValidate
      aria-label={t(correct ? "contact.correct" : contact ? "contact.again" : "contact.new")}
      onSubmit={(e) => {
        e.preventDefault();
        void save();
      }}
    >
      <Field label={t("contact.place")} error={wrong.place ? t("contact.placeUnread") : (said("lat") ?? said("lon") ?? said("place_said"))}>
        <input autoFocus value={typed.place} placeholder="20°01.234′N 110°12.5′E" maxLength={200} autoComplete="off" onChange={(e) => set({ place: e.target.value })} />
      </Field>
      <p className="note" role="status">{at ? formatPosition(at.at) : several.length ? t("contact.severalPlaces", { names: several.join(lang === "zh" ? "、" : "; ") }) : t("contact.placeForms")}</p>
      <button type="button" aria-pressed={isPicking} onClick={() => contacts.set({ isPicking: !isPicking, picked: null })}>{t(isPicking ? "contact.picking" : "contact.pick")}</button>
      <div className="pair">
        {choice("what", "what", t("contact.what"), WHATS, (v) => names("contactWhat", v))}
        <Field label={t("contact.heard")} error={said("heard")}>
          <input type="datetime-local" value={typed.heard} onChange={(e) => set({ heard: e.target.value })} />
        </Field>
      </div>
      <div className="pair">
        {input("name", "name", t("contact.name"), 60)}
        {input("callSign", "call_sign", t("contact.callSign"), 20)}
      </div>
      <div className="pair">
        {input("mmsi", "mmsi", "MMSI", 9, true)}
        {input("onBoard", "on_board", t("contact.onBoard"), 5, true)}
      </div>
      <div className="pair">
        {input("course", "cog_deg", t("contact.course"), 6, true)}
        {input("speed", "sog_kn", t("contact.speed"), 6, true)}
      </div>
      <div className="pair">
        {choice("source", "source", t("contact.source"), SOURCES, (v) => names("contactSource", v))}
        {typed.source === "vhf" && input("channel", "channel", t("contact.channel"), 8)}
        {input("station", "station", t("contact.station"), 80)}
      </div>
      <Field label={t("contact.said")} error={said("said")}>
        <textarea
          rows={2} value={typed.said} maxLength={2000} onChange={(e) => set({ said: e.target.value })}
          onKeyDown={(e) => {
            if (e.key === "Enter" && e.ctrlKey) void save();
          }}
        />
      </Field>
      <div className="pair">
        {choice("accuracyNm", "accuracy_m", t("contact.accuracy"), ACCURACIES_NM, (v) => `${v} nm`)}
        {choice("keepH", "keep_h", t("contact.keep"), KEEPS_H, (v) => `${v} h`)}
      </div>
      {said("replaces") && <p className="note bad" role="alert">{said("replaces")}</p>}
      <button type="submit" className="main-button" disabled={isBusy}>{t(correct ? "contact.saveCorrection" : "contact.save")}</button>
      <p className="note">{t("contact.noPersons")}</p>
    </form>
  );
}
