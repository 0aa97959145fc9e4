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
import { TopBar } from "./parts/TopBar.tsx";

export function App() {
  return (
    <div className="frame">
      <TopBar />
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
      <LiveRegion />
    </div>
  );
}
