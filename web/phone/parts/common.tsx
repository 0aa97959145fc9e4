import { useId, type ReactElement, type ReactNode } from "react";
import { cloneElement } from "react";
import type { Said } from "../store/state.ts";
import { phone } from "../store/state.ts";
import { useStore } from "../../command/state/store.ts";
import { useWords } from "../words/index.ts";

export function Field({ label, note, children }: { label: string; note?: string; children: ReactElement<{ id?: string }> }) {
  const id = useId();
  return (
    <p className="field">
      <label htmlFor={id}>{label}</label>
      {cloneElement(children, { id })}
      {note && <small>{note}</small>}
    </p>
  );
}

export function useSaid(): (said: Said | null) => string {
  const lang = useStore(phone, (s) => s.lang);
  return (said) => said?.[lang] ?? "";
}

export function useAge(): (ms: number) => string {
  const t = useWords();
  return (ms) => {
    const min = Math.floor(Math.max(0, Date.now() - ms) / 60_000);
    return min < 1 ? t("age.now") : min < 120 ? t("age.min", { n: min }) : t("age.h", { n: Math.floor(min / 60) });
  };
}

export const clock = (ms: number): string =>
  new Date(ms).toLocaleString("zh-CN", { month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit" });

export function Notice({ bad, children }: { bad?: boolean; children: ReactNode }) {
  return <div className={bad ? "notice bad" : "notice"} role={bad ? "alert" : "status"}>{children}</div>;
}

export function saveFile(blob: Blob): void {
  const url = URL.createObjectURL(blob);
  const a = document.createElement("a");
  a.href = url;
  a.download = `littoral-${new Date().toISOString().slice(0, 16).replace(/[:T]/g, "-")}.json`;
  a.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
