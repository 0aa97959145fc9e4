import { useEffect, useState } from "react";
import { useStore } from "../../command/state/store.ts";
import { saved } from "../store/queue.ts";
import { phone, unsent } from "../store/state.ts";
import { signOut } from "../store/sync.ts";
import { useWords } from "../words/index.ts";
import { Notice, saveFile } from "./common.tsx";

const LOW_BYTES = 50e6;

interface Room {
  usage: number;
  free: number;
  persisted: boolean;
}

async function room(): Promise<Room | null> {
  if (!navigator.storage?.estimate) return null;
  const { usage = 0, quota = 0 } = await navigator.storage.estimate();
  return { usage, free: quota - usage, persisted: (await navigator.storage.persisted?.()) ?? false };
}

const size = (bytes: number): string => (bytes < 1e9 ? `${Math.round(bytes / 1e6)} MB` : `${(bytes / 1e9).toFixed(1)} GB`);

export function Phone() {
  const t = useWords();
  const me = useStore(phone, (s) => s.me);
  const waiting = useStore(phone, (s) => unsent(s.queue).length);
  const [sure, setSure] = useState(false);
  const [found, setFound] = useState<Room | null>(null);
  useEffect(() => void room().then(setFound), [waiting]);
  return (
    <section aria-label={t("app.phone")}>
      <h1>{t("app.phone")}</h1>
      <p>{t("app.as", { name: me?.name ?? "" })}</p>
      <Language />
      {found && <p>{t("phone.storage", { used: size(found.usage), free: size(found.free) })}</p>}
      {found && found.free < LOW_BYTES && <Notice bad>{t("phone.low")}</Notice>}
      {found && !found.persisted && (
        <Notice bad={waiting > 0}>
          {t("phone.evict")}
          <button onClick={() => void navigator.storage.persist().then(room).then(setFound)}>{t("phone.persist")}</button>
        </Notice>
      )}
      {found?.persisted && <p>{t("phone.kept")}</p>}
      <p>{t("phone.install")}</p>
      {sure ? (
        <Notice bad>
          {t("door.out.unsent", { n: waiting })}
          <button onClick={() => void saved().then(saveFile)}>{t("queue.export")}</button>
          <button onClick={() => void signOut()}>{t("door.out.sure")}</button>
        </Notice>
      ) : (
        <button onClick={() => (waiting > 0 ? setSure(true) : void signOut())}>{t("door.out")}</button>
      )}
    </section>
  );
}

export function Language() {
  const lang = useStore(phone, (s) => s.lang);
  const other = lang === "zh" ? "en" : "zh";
  return (
    <button lang={other === "zh" ? "zh-CN" : "en"}
      onClick={() => {
        localStorage.setItem("littoral.phone.lang", other);
        phone.set({ lang: other });
      }}>
      {other === "zh" ? "中文" : "English"}
    </button>
  );
}
