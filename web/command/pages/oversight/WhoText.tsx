import type { Actor } from "../../../client/oversight.ts";
import { useNames } from "../../parts/common.tsx";

/** An account, a key or a part of the system, with the unit and agency where it acted. */
export function WhoText({ who }: { who: Actor }) {
  const names = useNames();
  const desk = [who.unit, who.agency && names("agency", who.agency)].filter(Boolean).join(" / ");
  return (
    <span title={who.ref}>
      {who.name ?? who.ref}
      {desk && <small className="desk-name"> {desk}</small>}
    </span>
  );
}
