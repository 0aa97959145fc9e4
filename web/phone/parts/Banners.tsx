import { useStore } from "../../command/state/store.ts";
import { bulletinsNow, readOf } from "../store/bulletins.ts";
import { phone } from "../store/state.ts";
import { useWords } from "../words/index.ts";
import { Notice, useSaid } from "./common.tsx";

export const duration = (ms: number): string => {
  const min = Math.round(Math.abs(ms) / 60_000);
  return min < 60 ? `${min} min` : `${Math.floor(min / 60)} h ${min % 60} min`;
};

/** What the user has to know wherever one is on the page. */
export function Banners() {
  const t = useWords();
  const said = useSaid();
  const online = useStore(phone, (s) => s.online);
  const ahead = useStore(phone, (s) => s.aheadMs);
  const barred = useStore(phone, (s) => s.barred);
  const gone = useStore(phone, (s) => s.gone);
  const items = useStore(phone, (s) => s.items);
  const queue = useStore(phone, (s) => s.queue);
  const unread = bulletinsNow(items, Date.now()).filter((b) => b.asks_read && readOf(b, queue) < b.version);
  return (
    <>
      {!online && <Notice>{t("app.offline")}</Notice>}
      {ahead !== null && (
        <Notice bad>{t("phone.clock", { way: t(ahead > 0 ? "phone.fast" : "phone.slow"), by: duration(ahead) })}</Notice>
      )}
      {unread[0] && (
        <Notice bad={unread[0].severity === "extreme" || unread[0].severity === "major"}>
          <a href={`#bulletin/${unread[0].id}`}>{t("bulletin.strip", { title: unread[0].title, n: unread.length })}</a>
        </Notice>
      )}
      {barred && <Notice bad>{t("phone.noRole", { why: said(barred) })}</Notice>}
      {gone.map((g) => (
        <Notice key={g.key}>
          {t("matters.gone", { title: g.title, reason: said(g.reason) })}
          <button onClick={() => phone.set({ gone: phone.get().gone.filter((x) => x !== g) })}>{t("app.close")}</button>
        </Notice>
      ))}
    </>
  );
}
