import { useEffect } from "react";
import { bulletins, followBulletins, markRead } from "../state/bulletins.ts";
import { me } from "../state/me.ts";
import { report } from "../state/report.ts";
import { addressOf } from "../state/route.ts";
import { useStore } from "../state/store.ts";
import { unread } from "../state/unread.ts";
import { useNames, useWords } from "./common.tsx";

/** The gravest bulletin in force that is not read yet, in one line; nothing where there is none. */
export function BulletinStrip() {
  const t = useWords();
  const names = useNames();
  const who = useStore(me, (s) => s.me);
  const open = unread(useStore(bulletins, (s) => s.items));
  useEffect(() => void followBulletins(), [who?.id]);
  const first = open[0];
  if (!first) return null;
  return (
    <p className={`bulletin-strip level ${first.severity}`} role="status">
      <b>{names("level", first.severity)}</b>
      <a href={addressOf("bulletins", first.id)}>{first.title}</a>
      <small>{first.issuer}</small>
      {open.length > 1 && <a href={addressOf("bulletins")}>{t("bulletin.more", { n: open.length - 1 })}</a>}
      <button type="button" className="text-button" onClick={() => void markRead(first).catch(report)}>{t("bulletin.read")}</button>
    </p>
  );
}
