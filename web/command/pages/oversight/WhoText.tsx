import type { Actor } from "../../../client/oversight.ts";
import { useNames } from "../../parts/common.tsx";
import { app } from "../../state/app.ts";
import { useStore } from "../../state/store.ts";

/** An account, a key or a part of the system, with the unit and agency where it acted. */
export function WhoText({ who }: { who: Actor }) {
  const names = useNames();
  const lang = useStore(app, (s) => s.lang);
  const login = who.login && who.login !== who.name ? ` (${who.login})` : "";
  const desk = [who.unit_name?.[lang] ?? who.unit, who.agency && names("agency", who.agency)].filter(Boolean).join(" / ");
  return (
    <span title={who.ref}>
      {who.name ?? names("actor", who.ref)}{login}
      {desk && <small className="desk-name"> {desk}</small>}
    </span>
  );
}
