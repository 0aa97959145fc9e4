import { app } from "../state/app.ts";
import { SHORTCUTS } from "../state/keys.ts";
import { useStore } from "../state/store.ts";
import { Dialog } from "./Dialog.tsx";
import { useWords } from "./common.tsx";

export function Help() {
  const t = useWords();
  const open = useStore(app, (s) => s.help);
  if (!open) return null;
  return (
    <Dialog title={t("help.title")} onClose={() => app.set({ help: false })}>
      <dl className="keys">
        {SHORTCUTS.map((s) => (
          <div key={s.word}>
            <dt>{s.keys.map((k) => <kbd key={k}>{k === "Escape" ? "Esc" : k}</kbd>)}</dt>
            <dd>{t(s.word)}</dd>
          </div>
        ))}
      </dl>
      <p className="note">{t("help.mouse")}</p>
    </Dialog>
  );
}
