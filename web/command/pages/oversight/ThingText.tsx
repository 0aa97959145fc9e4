import type { Access } from "../../../client/oversight.ts";
import { useNames } from "../../parts/common.tsx";
import { app } from "../../state/app.ts";
import { ShortId } from "../kit/ShortId.tsx";
import { useStore } from "../../state/store.ts";

/** What an entry of the log is about: its kind in words, and its name where it has one that may be told. */
export function ThingText({ access }: { access: Pick<Access, "thing" | "thing_name"> }) {
  const names = useNames();
  const lang = useStore(app, (s) => s.lang);
  const [kind = "", ...rest] = access.thing.split(":");
  const id = rest.join(":");
  const name = access.thing_name?.[lang] ?? (kind === "settings" && id !== "all" ? names("rule", id) : null);
  return (
    <span title={access.thing}>
      {names("thing", kind)}
      {name !== null ? <> {name}</> : id !== "all" && <> <ShortId id={id} /></>}
    </span>
  );
}
