import { download } from "../../../client/files.ts";
import { useWords } from "../../parts/common.tsx";
import { app } from "../../state/app.ts";
import { useStore } from "../../state/store.ts";
import type { Word } from "../../../words/index.ts";
import { saveFile } from "./save.ts";
import { Wrong } from "./States.tsx";
import { useSend } from "./useAsk.ts";

/** The list at `path` as an Excel file, in the language of the page; `asked`: the filters that hold. */
export function Excel({ path, asked = {}, label = "page.excel" }: { path: string; asked?: Record<string, string | readonly (string | number)[]>; label?: Word }) {
  const t = useWords();
  const lang = useStore(app, (s) => s.lang);
  const sending = useSend();
  const take = (): void =>
    void sending.send(async () => {
      const wanted = new URLSearchParams({ format: "xlsx", lang });
      for (const [name, values] of Object.entries(asked)) {
        for (const value of [values].flat()) if (value !== "") wanted.append(name, String(value));
      }
      const { name, content } = await download("GET", `${path}?${wanted.toString()}`);
      saveFile(name, content);
    });
  return (
    <>
      <button type="button" className="link-button" disabled={sending.isBusy} onClick={take}>{t(label)}</button>
      <Wrong error={sending.error} />
    </>
  );
}
