import { useEffect, useId, useRef, useState, type KeyboardEvent } from "react";
import { people, type Unit } from "../../../client/people.ts";
import { useNames, useWords } from "../../parts/common.tsx";
import { app } from "../../state/app.ts";
import { Lookup } from "../../state/lookup.ts";
import { useStore } from "../../state/store.ts";
import { saidOf } from "../../state/wrong.ts";

const WAIT_MS = 200;
const MOST = 12;

/** A unit, chosen by its name: what is typed is looked for among names and codes; arrows and Enter choose. `value` is a
 * code, empty for none. */
export function UnitField({ label, value, error, isOptional = false, onChange }: { label: string; value: string; error?: string; isOptional?: boolean; onChange: (code: string) => void }) {
  const t = useWords();
  const names = useNames();
  const lang = useStore(app, (s) => s.lang);
  const id = useId();
  const [text, setText] = useState("");
  const [chosen, setChosen] = useState<Unit | null>(null);
  const [hits, setHits] = useState<readonly Unit[] | null>(null);
  const [failed, setFailed] = useState<unknown>(null);
  const [at, setAt] = useState(0);
  const isTyping = useRef(false);
  const named = (u: Unit): string => `${u.name[lang]} (${u.code})`;

  // The unit that the form begins with is known by its code alone.
  useEffect(() => {
    if (!value || chosen?.code === value) return;
    let isLate = false;
    people.unit(value).then((unit) => !isLate && setChosen(unit), () => undefined);
    return () => void (isLate = true);
  }, [value]);
  const take = useRef<(unit: Unit | null) => void>(() => undefined);
  take.current = (unit) => void (unit && choose(unit));
  const [lookup] = useState(
    () =>
      new Lookup<Unit>(WAIT_MS, {
        ask: async (q) => (await people.findUnits(q)).items.slice(0, MOST),
        isEnough: (q) => q !== "",
        shown: (found) => {
          setHits(found);
          setAt(0);
          setFailed(null);
        },
        taken: (unit) => take.current(unit),
        failed: setFailed,
      }),
  );
  useEffect(() => () => lookup.stop(), [lookup]);

  const choose = (unit: Unit): void => {
    isTyping.current = false;
    lookup.stop();
    setChosen(unit);
    setHits(null);
    onChange(unit.code);
  };
  const onKeyDown = (e: KeyboardEvent): void => {
    if (e.key === "ArrowDown" && hits?.length) setAt((at + 1) % hits.length);
    else if (e.key === "ArrowUp" && hits?.length) setAt((at + hits.length - 1) % hits.length);
    else if (e.key === "Enter" && isTyping.current && text.trim() && !e.nativeEvent.isComposing) lookup.enter(at);
    else if (e.key === "Escape" && hits !== null) setHits(null);
    else return;
    e.preventDefault(); // neither is the form sent nor the dialog closed
    e.stopPropagation();
  };
  const isOpen = hits !== null;
  const shown = isTyping.current ? text : chosen && chosen.code === value ? named(chosen) : value;
  const said = error ?? (failed !== null ? saidOf(failed, lang).text : isTyping.current && !isOpen && text.trim() ? t("unit.choose") : undefined);
  return (
    <div className="field unit-field">
      <label>
        <span>{label}</span>
        <input
          role="combobox"
          aria-expanded={isOpen}
          aria-controls={`${id}-hits`}
          aria-activedescendant={isOpen && hits.length ? `${id}-${at}` : undefined}
          aria-autocomplete="list"
          aria-describedby={said ? `${id}-said` : undefined}
          autoComplete="off"
          spellCheck={false}
          required={!isOptional}
          placeholder={t("unit.find")}
          value={shown}
          onFocus={(e) => e.currentTarget.select()}
          onChange={(e) => {
            isTyping.current = true;
            setText(e.target.value);
            lookup.type(e.target.value);
            if (value) onChange("");
          }}
          onKeyDown={onKeyDown}
          onBlur={() => {
            const exact = hits?.find((u) => u.code === text.trim());
            if (exact) choose(exact);
            else setHits(null);
          }}
        />
      </label>
      <ul id={`${id}-hits`} role="listbox" aria-label={t("unit.tree")} hidden={!isOpen}>
        {hits?.map((u, i) => (
          <li
            key={u.code}
            id={`${id}-${i}`}
            role="option"
            aria-selected={i === at}
            onPointerDown={(e) => {
              e.preventDefault(); // the field keeps the focus
              choose(u);
            }}
          >
            <b>{u.name[lang]}</b> <span>{u.code} · {names("tier", u.tier)}</span>
          </li>
        ))}
        {hits?.length === 0 && <li className="none" role="option" aria-selected={false} aria-disabled="true">{t("unit.none", { q: text.trim() })}</li>}
      </ul>
      {said && <small id={`${id}-said`} role="status">{said}</small>}
    </div>
  );
}
