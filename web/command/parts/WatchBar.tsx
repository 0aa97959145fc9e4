import { app } from "../state/app.ts";
import { sounder } from "../state/sound.ts";
import type { Standing } from "../state/standstill.ts";
import { useStore } from "../state/store.ts";
import { useStanding } from "../state/useStanding.ts";
import { EventClocks } from "./Clocks.tsx";
import { IconButton, useWords } from "./common.tsx";
import { Search } from "./Search.tsx";
import { TopBar } from "./TopBar.tsx";

const CLASS: Record<Standing, string> = { live: "link", filling: "link filling", stale: "link bad", waiting: "link bad", connecting: "link bad" };

export function LinkState() {
  const t = useWords();
  const at = useStanding();
  return (
    <span className={CLASS[at]} role="status">
      <i aria-hidden="true" />
      {t(`link.${at}`)}
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
      <button type="button" className="text-button sound-test" onClick={() => sounder.play(2)} disabled={muted}>
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
