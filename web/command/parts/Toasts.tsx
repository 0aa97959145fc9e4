import { app, closeToast } from "../state/app.ts";
import { useStore } from "../state/store.ts";
import { IconButton, useWords } from "./common.tsx";

export function Toasts() {
  const t = useWords();
  const toasts = useStore(app, (s) => s.toasts);
  return (
    <div className="toasts" role="region" aria-label={t("toasts.label")}>
      {toasts.map((entry) => (
        <div key={entry.id} className={`toast ${entry.tone}`} role={entry.tone === "error" ? "alert" : "status"}>
          <p>
            <b>{entry.text}</b>
            {entry.remedy && <span>{entry.remedy}</span>}
          </p>
          {entry.action && (
            <button
              type="button"
              className="text-button"
              onClick={() => {
                entry.action!.run();
                closeToast(entry.id);
              }}
            >
              {entry.action.label}
            </button>
          )}
          <IconButton icon="close" label={t("panel.close")} onClick={() => closeToast(entry.id)} />
        </div>
      ))}
    </div>
  );
}
