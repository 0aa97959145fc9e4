import { people } from "../../../client/people.ts";
import { app } from "../../state/app.ts";
import { useStore } from "../../state/store.ts";
import { useAsk } from "./useAsk.ts";

/** What people call units of which an answer has the codes alone; the code until that is known. */
export function useUnitNames(codes: readonly string[]): (code: string) => string {
  const lang = useStore(app, (s) => s.lang);
  const wanted = [...new Set(codes)].sort();
  const units = useAsk(() => Promise.all(wanted.map((code) => people.unit(code).catch(() => null))), [wanted.join()]);
  return (code) => units.data?.find((u) => u?.code === code)?.name[lang] ?? code;
}
