import { AlertPanel } from "./parts/AlertPanel.tsx";
import { Banners } from "./parts/Banners.tsx";
import { ChartView } from "./parts/ChartView.tsx";
import { GoTo } from "./parts/GoTo.tsx";
import { HealthStrip } from "./parts/HealthStrip.tsx";
import { Help } from "./parts/Help.tsx";
import { LiveRegion } from "./parts/LiveRegion.tsx";
import { SidePanel } from "./parts/SidePanel.tsx";
import { SignIn } from "./parts/SignIn.tsx";
import { Toasts } from "./parts/Toasts.tsx";
import { ToolReadout } from "./parts/ToolReadout.tsx";
import { Tools } from "./parts/Tools.tsx";
import { TopBar } from "./parts/TopBar.tsx";
import { WhyDialog } from "./parts/WhyDialog.tsx";
import { me } from "./state/me.ts";
import { useStore } from "./state/store.ts";

export function App() {
  const phase = useStore(me, (s) => s.phase);
  if (phase === "out") return <SignIn />;
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
      <WhyDialog />
      <LiveRegion />
    </div>
  );
}
