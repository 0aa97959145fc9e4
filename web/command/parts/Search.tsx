import { useEffect, useRef, useState } from "react";
import { api } from "../../client/http.ts";
import type { SearchHit } from "../../client/types.ts";
import { parsePosition } from "../../map/position.ts";
import { goTo, select } from "../state/actions.ts";
import { entryOf } from "../state/listed.ts";
import { Lookup } from "../state/lookup.ts";
import { report } from "../state/report.ts";
import { useStore } from "../state/store.ts";
import { watchList } from "../state/watchList.ts";
import { Icon } from "./Icon.tsx";
import { useWords } from "./common.tsx";

const WAIT_MS = 180;
/** One Chinese character says as much as several letters. */
const HAN = /\p{Script=Han}/u;

export function Search() {
  const t = useWords();
  const [text, setText] = useState("");
  const [hits, setHits] = useState<readonly SearchHit[] | null>(null);
  const [at, setAt] = useState(0);
  const listed = useStore(watchList, (s) => s.listed);
  const open = hits !== null;
  const position = parsePosition(text);
  const close = (): void => {
    type("");
    (document.activeElement as HTMLElement | null)?.blur();
  };
  const choose = (hit: SearchHit): void => {
    select({ kind: "vessel", id: hit.id });
    if (hit.lon != null && hit.lat != null) goTo({ lon: hit.lon, lat: hit.lat }, 11);
    close();
  };
  // Made once: what it does by Enter is what the page would do at that moment.
  const take = useRef<(hit: SearchHit | null) => void>(() => undefined);
  take.current = (hit) => {
    if (hit) choose(hit);
    else if (position) {
      goTo(position, 10);
      close();
    }
  };
  const [lookup] = useState(
    () =>
      new Lookup<SearchHit>(WAIT_MS, {
        ask: async (q) => (await api.search(q)).items,
        isEnough: (q) => q.length >= 2 || HAN.test(q),
        shown: (found) => {
          setHits(found);
          setAt(0);
        },
        taken: (hit) => take.current(hit),
        failed: report,
      }),
  );
  useEffect(() => () => lookup.stop(), [lookup]);
  const type = (typed: string): void => {
    setText(typed);
    lookup.type(typed);
  };
  const onKeyDown = (e: React.KeyboardEvent): void => {
    if (e.key === "Escape") close();
    if (e.key === "Enter" && !e.nativeEvent.isComposing) lookup.enter(at);
    if (!hits?.length) return;
    if (e.key === "ArrowDown") setAt((at + 1) % hits.length);
    else if (e.key === "ArrowUp") setAt((at + hits.length - 1) % hits.length);
    else return;
    e.preventDefault();
  };

  return (
    <div className="search" role="search">
      <Icon name="search" />
      <input
        id="search"
        role="combobox"
        aria-label={t("search.label")}
        aria-expanded={open}
        aria-controls="search-hits"
        aria-activedescendant={open && hits.length ? `hit-${at}` : undefined}
        aria-autocomplete="list"
        autoComplete="off"
        spellCheck={false}
        placeholder={t("search.placeholder")}
        value={text}
        onChange={(e) => type(e.target.value)}
        onKeyDown={onKeyDown}
        onBlur={() => setTimeout(() => setHits(null), 150)}
      />
      <kbd aria-hidden="true">/</kbd>
      <ul id="search-hits" role="listbox" aria-label={t("search.results")} hidden={!open}>
        {hits?.map((hit, i) => (
          <li
            key={hit.id}
            id={`hit-${i}`}
            role="option"
            aria-selected={i === at}
            onPointerDown={() => choose(hit)}
          >
            <b>{hit.name ?? t("vessel.unnamed")}{entryOf(listed, hit) && <span className="tag strong">{t("watched.mark")}</span>}</b>
            <span>MMSI {String(hit.mmsi).padStart(9, "0")}</span>
            {hit.gear?.beacon && <span>{t("gear.title")}</span>}
            {hit.call_sign && <span>{hit.call_sign}</span>}
            {hit.imo && <span>IMO {hit.imo}</span>}
          </li>
        ))}
        {hits?.length === 0 && (
          <li className="none" role="option" aria-selected={false} aria-disabled="true">
            {position ? t("search.position") : t("search.none", { q: text.trim() })}
          </li>
        )}
      </ul>
    </div>
  );
}

