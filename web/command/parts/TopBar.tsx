import type { ReactNode } from "react";
import type { Word } from "../../words/index.ts";
import { app, nextPalette, paletteAfter } from "../state/app.ts";
import { me, signOut } from "../state/me.ts";
import { report } from "../state/report.ts";
import { useStore } from "../state/store.ts";
import { IconButton, useWords } from "./common.tsx";
import { Notices } from "./Notices.tsx";
import { PageLinks } from "./PageLinks.tsx";

/** Who acts, and the way out. */
function Who() {
  const t = useWords();
  const who = useStore(me, (s) => s.me);
  const operator = useStore(app, (s) => s.settings?.operator);
  if (!who) return operator ? <span className="who" title={t("who.local")}><b>{operator}</b></span> : null;
  const roles = t.list(who.roles.map((r) => t(`role.${r.role}` as Word)));
  return (
    <span className="who" title={`${who.name}${t.colon}${roles}`}>
      <b>{who.name}</b>
      <button type="button" className="text-button" onClick={() => void signOut().catch(report)}>{t("who.out")}</button>
    </span>
  );
}

/** The bar above every page; `children` are the page's own part of it, `sound` stands among the switches. */
export function TopBar({ children, sound, onHelp }: { children: ReactNode; sound?: ReactNode; onHelp?: () => void }) {
  const t = useWords();
  const palette = useStore(app, (s) => s.palette);
  const lang = useStore(app, (s) => s.lang);
  return (
    <header className="topbar">
      <h1>
        Littoral<small>{t("app.subtitle")}</small>
      </h1>
      <PageLinks />
      {children}
      <nav className="switches" aria-label={t("top.switches")}>
        <Notices />
        {sound}
        <IconButton
          icon={palette}
          label={t("palette.switch", { now: t(`palette.${palette}`), next: t(`palette.${paletteAfter(palette)}`) })}
          hint={onHelp && "d"}
          onClick={nextPalette}
        />
        <button
          type="button"
          className="text-button lang"
          lang={lang === "zh" ? "en" : "zh-CN"}
          onClick={() => app.set({ lang: lang === "zh" ? "en" : "zh" })}
        >
          {lang === "zh" ? "English" : "中文"}
        </button>
        <Who />
        {onHelp && <IconButton icon="help" label={t("key.help")} hint="?" onClick={onHelp} />}
      </nav>
    </header>
  );
}
