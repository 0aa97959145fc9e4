import { useEffect } from "react";
import { Boards } from "./boards/Boards.tsx";
import { WallBar, WallBoards } from "./boards/Wall.tsx";
import { Banners } from "./parts/Banners.tsx";
import { BulletinStrip } from "./parts/BulletinStrip.tsx";
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
import { followContacts } from "./state/contacts.ts";
import { onKey, onWall } from "./state/keys.ts";
import { followResponders } from "./state/responders.ts";
import { route } from "./state/route.ts";
import { start } from "./state/session.ts";
import { useStore } from "./state/store.ts";
import { followWatchList } from "./state/watchList.ts";

let isStarted = false;

function onWatchKey(event: KeyboardEvent): void {
  if (!document.querySelector(".watch")?.matches("[inert]")) onKey(event);
}

/** The map and what stands beside it: one board, or on a wall all of them and no controls. */
export default function Watch() {
  useEffect(() => {
    window.addEventListener("keydown", onWatchKey);
    if (!isStarted) void start(); // the chart is there: effects of children run first
    isStarted = true;
    return () => window.removeEventListener("keydown", onWatchKey);
  }, []);
  useEffect(followResponders, []);
  useEffect(followWatchList, []);
  useEffect(followContacts, []);
  const isWall = useStore(route, onWall);
  return (
    <div className={isWall ? "frame wall" : "frame"}>
      {isWall ? <WallBar /> : <WatchBar />}
      {!isWall && <Tools />}
      <main className="stage">
        <ChartView />
        <Banners />
        <BulletinStrip />
        {!isWall && <SidePanel />}
        {!isWall && <ToolReadout />}
        <Toasts />
      </main>
      {isWall ? <WallBoards /> : <Boards />}
      <HealthStrip />
      <Help />
      <GoTo />
      <WhyDialog />
      <LiveRegion />
    </div>
  );
}
