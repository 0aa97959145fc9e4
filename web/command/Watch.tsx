import { useEffect } from "react";
import { AlertPanel } from "./parts/AlertPanel.tsx";
import { Banners } from "./parts/Banners.tsx";
import { ChartView } from "./parts/ChartView.tsx";
import { GoTo } from "./parts/GoTo.tsx";
import { HealthStrip } from "./parts/HealthStrip.tsx";
import { Help } from "./parts/Help.tsx";
import { LiveRegion } from "./parts/LiveRegion.tsx";
import { SidePanel } from "./parts/SidePanel.tsx";
import { Toasts } from "./parts/Toasts.tsx";
import { ToolReadout } from "./parts/ToolReadout.tsx";
import { Tools } from "./parts/Tools.tsx";
import { WatchBar } from "./parts/WatchBar.tsx";
import { WhyDialog } from "./parts/WhyDialog.tsx";
import { onKey } from "./state/keys.ts";
import { followResponders } from "./state/responders.ts";
import { start } from "./state/session.ts";

let isStarted = false;

function onWatchKey(event: KeyboardEvent): void {
  if (!document.querySelector(".watch")?.matches("[inert]")) onKey(event);
}

/** The map and the alerts. */
export default function Watch() {
  useEffect(() => {
    window.addEventListener("keydown", onWatchKey);
    if (!isStarted) void start(); // the chart is there: effects of children run first
    isStarted = true;
    return () => window.removeEventListener("keydown", onWatchKey);
  }, []);
  useEffect(followResponders, []);
  return (
    <div className="frame">
      <WatchBar />
      <Tools />
      <main className="stage">
        <ChartView />
        <Banners />
        <SidePanel />
        <ToolReadout />
        <Toasts />
      </main>
      <AlertPanel />
      <HealthStrip />
      <Help />
      <GoTo />
      <WhyDialog />
      <LiveRegion />
    </div>
  );
}
