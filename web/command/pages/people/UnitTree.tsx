import { useEffect, useState } from "react";
import { people, type Unit } from "../../../client/people.ts";
import { Empty, useNames, useWords } from "../../parts/common.tsx";
import { app } from "../../state/app.ts";
import { useStore } from "../../state/store.ts";
import { Wrong } from "../kit/States.tsx";

const WAIT_MS = 250;

interface TreeProps {
  chosen: string;
  choose: (unit: Unit | null) => void;
}

/** The tree of administration: branches come when they are opened; words find a unit wherever it is. */
export function UnitTree({ chosen, choose }: TreeProps) {
  const t = useWords();
  const [text, setText] = useState("");
  const [found, setFound] = useState<Unit[] | null>(null);
  const [error, setError] = useState<unknown>(null);
  const q = text.trim();
  useEffect(() => {
    if (!q) return setFound(null);
    let isLate = false;
    const timer = setTimeout(() => {
      people.findUnits(q).then(
        (page) => {
          if (isLate) return;
          setFound(page.items);
          setError(null);
        },
        (wrong: unknown) => !isLate && setError(wrong),
      );
    }, WAIT_MS);
    return () => {
      isLate = true;
      clearTimeout(timer);
    };
  }, [q]);
  return (
    <>
      <div className="sieve">
        <input type="search" aria-label={t("unit.find")} placeholder={t("unit.find")} value={text} onChange={(e) => setText(e.target.value)} />
      </div>
      <Wrong error={error} />
      <div className="rows">
        <ul className="tree" aria-label={t("unit.tree")}>
          <li>
            <div className="leaf">
              <i aria-hidden="true" />
              <button type="button" className="name" aria-pressed={chosen === ""} onClick={() => choose(null)}>{t("unit.all")}</button>
            </div>
          </li>
          {found === null ? (
            <Branch parent="" depth={0} chosen={chosen} choose={choose} />
          ) : (
            found.map((u) => <Node key={u.code} unit={u} depth={0} chosen={chosen} choose={choose} />)
          )}
        </ul>
        {found?.length === 0 && <Empty>{t("unit.none", { q })}</Empty>}
      </div>
    </>
  );
}

function Branch({ parent, depth, chosen, choose }: TreeProps & { parent: string; depth: number }) {
  const t = useWords();
  const [units, setUnits] = useState<Unit[]>([]);
  const [more, setMore] = useState<string | null>("");
  const [error, setError] = useState<unknown>(null);
  const load = (cursor: string): void =>
    void people.children(parent, cursor || undefined).then(
      (page) => {
        setUnits((old) => (cursor ? [...old, ...page.items] : page.items));
        setMore(page.next_cursor);
        setError(null);
      },
      (wrong: unknown) => setError(wrong),
    );
  useEffect(() => load(""), [parent]);
  return (
    <>
      {units.map((u) => <Node key={u.code} unit={u} depth={depth} chosen={chosen} choose={choose} />)}
      {error !== null && <li><Wrong error={error} onRetry={() => load("")} /></li>}
      {more && <li><button type="button" className="link-button" onClick={() => load(more)}>{t("unit.more")}</button></li>}
    </>
  );
}

function Node({ unit, depth, chosen, choose }: TreeProps & { unit: Unit; depth: number }) {
  const t = useWords();
  const names = useNames();
  const lang = useStore(app, (s) => s.lang);
  const [isOpen, setIsOpen] = useState(depth === 0 && unit.parent === null);
  const name = unit.name[lang];
  return (
    <li>
      <div className="leaf">
        {unit.children > 0 ? (
          <button type="button" className="twist" aria-expanded={isOpen} aria-label={t(isOpen ? "unit.close" : "unit.open", { name })} onClick={() => setIsOpen(!isOpen)}>
            {isOpen ? "▾" : "▸"}
          </button>
        ) : (
          <i aria-hidden="true" />
        )}
        <button type="button" className="name" aria-pressed={chosen === unit.code} title={`${unit.code} · ${names("tier", unit.tier)}`} onClick={() => choose(unit)}>
          {name} {unit.synthetic && <small>{t("unit.synthetic")}</small>}
        </button>
      </div>
      {isOpen && (
        <ul>
          <Branch parent={unit.code} depth={depth + 1} chosen={chosen} choose={choose} />
        </ul>
      )}
    </li>
  );
}
