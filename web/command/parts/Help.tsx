import { app } from "../state/app.ts";
import { SHORTCUTS } from "../state/keys.ts";
import { sounder } from "../state/sound.ts";
import { useStore } from "../state/store.ts";
import { Dialog } from "./Dialog.tsx";
import { IconButton, PriorityGlyph, useWords } from "./common.tsx";

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
      <h3>{t("help.priorities")}</h3>
      <ul className="priorities">
        {([1, 2, 3, 4] as const).map((p) => (
          <li key={p}>
            <PriorityGlyph priority={p} />
            <b>{t(`priority.${p}`)}</b>
            <span>{t(`sound.pattern.${p}`)}</span>
            <IconButton icon="sound" label={t("sound.play", { name: t(`priority.${p}`) })} onClick={() => sounder.play(p)} />
          </li>
        ))}
      </ul>
      <p className="note">{t("help.mouse")}</p>
    </Dialog>
  );
}
