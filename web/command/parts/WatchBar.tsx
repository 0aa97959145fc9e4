import { app } from "../state/app.ts";
import { sounder } from "../state/sound.ts";
import { useStore } from "../state/store.ts";
import { EventClocks } from "./Clocks.tsx";
import { IconButton, useWords } from "./common.tsx";
import { Search } from "./Search.tsx";
import { TopBar } from "./TopBar.tsx";

function LinkState() {
  const t = useWords();
  const link = useStore(app, (s) => s.link);
  const stale = useStore(app, (s) => s.stale);
  const bad = link !== "open" || stale;
  const word = link === "open" ? (stale ? "link.stale" : "link.open") : link === "waiting" ? "link.waiting" : "link.connecting";
  return (
    <span className={bad ? "link bad" : "link"} role="status">
      <i aria-hidden="true" />
      {t(word)}
    </span>
  );
}

function Sound() {
  const t = useWords();
  const muted = useStore(app, (s) => s.muted);
  const soundReady = useStore(app, (s) => s.soundReady);
  return (
    <>
      <IconButton
        icon={muted || !soundReady ? "muted" : "sound"}
        label={muted ? t("sound.unmute") : soundReady ? t("sound.mute") : t("sound.blocked")}
        hint="s"
        pressed={muted}
        onClick={() => app.set({ muted: !muted })}
      />
      <button type="button" className="text-button" onClick={() => sounder.play(2)} disabled={muted}>
        {t("sound.test")}
      </button>
    </>
  );
}

/** The bar above the map. */
export function WatchBar() {
  return (
    <TopBar sound={<Sound />} onHelp={() => app.set({ help: true })}>
      <Search />
      <EventClocks />
      <LinkState />
    </TopBar>
  );
}
