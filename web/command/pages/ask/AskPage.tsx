import { PathLayer, ScatterplotLayer } from "@deck.gl/layers";
import type { Layer } from "@deck.gl/core";
import { useEffect, useRef, useState } from "react";
import { api, ApiError } from "../../../client/http.ts";
import { past, type ContactVisits, type Passages, type Visits, type Voyages } from "../../../client/past.ts";
import type { Chart } from "../../../map/chart.ts";
import { PastLinks } from "../../parts/PageLinks.tsx";
import { useWords } from "../../parts/common.tsx";
import { goPage, route } from "../../state/route.ts";
import { useStore } from "../../state/store.ts";
import { toWall } from "../../state/time.ts";
import { useZone } from "../../state/zone.ts";
import { Excel } from "../kit/Excel.tsx";
import { Wrong } from "../kit/States.tsx";
import { Tabs } from "../kit/Tabs.tsx";
import { useAsk, useSend } from "../kit/useAsk.ts";
import { PlainChart } from "../past/PlainChart.tsx";
import { AreaField } from "./AreaField.tsx";
import { areaText, isArea, NO_AREA, ringOf, spanOf, type Corner } from "./asked.ts";
import { ContactRows, PassageRows, VisitRows, VoyageRows } from "./Results.tsx";
import { Trail } from "./Trail.tsx";
import "./ask.css";

const KINDS = ["inside", "then", "voyages"] as const;
type Kind = (typeof KINDS)[number];
/** `contacts`: null for whom the policies let see none. */
type Found = { kind: "inside"; of: Visits; contacts: ContactVisits | null } | { kind: "then"; of: Passages } | { kind: "voyages"; of: Voyages };
const DAY_MS = 86_400_000;

function noneIfRefused(error: unknown): null {
  if (error instanceof ApiError && error.problem.status === 403) return null;
  throw error;
}

/** The past asked without SQL: a form, a table, the map, and what was read for it. */
export default function AskPage() {
  const t = useWords();
  const rest = useStore(route, (s) => s.rest);
  const kind = KINDS.find((k) => k === (rest || "inside"));
  const tabs = KINDS.map((key) => ({ key, label: t(`ask.${key}`) }));
  return (
    <div className="stack">
      <header>
        <h2>{t("page.ask")}</h2>
        <PastLinks />
        <Tabs page="ask" name={t("page.ask")} tabs={tabs} at={kind ?? ""} />
      </header>
      {kind ? <Question kind={kind} /> : <div className="sheet"><Trail key={rest} id={rest} /></div>}
    </div>
  );
}

function Question({ kind }: { kind: Kind }) {
  const t = useWords();
  const zone = useZone();
  const [span, setSpan] = useState({ from: "", to: "" });
  const [first, setFirst] = useState(NO_AREA);
  const [second, setSecond] = useState(NO_AREA);
  const [drawing, setDrawing] = useState<"first" | "second" | null>(null);
  const [hours, setHours] = useState("24");
  const [vessel, setVessel] = useState("");
  const [found, setFound] = useState<Found | null>(null);
  const sending = useSend();
  const fences = useAsk(() => api.fences(), []);
  const kept = useAsk(() => past.kept(), []);
  const chart = useRef<Chart | null>(null);
  useEffect(() => {
    const last = kept.data?.last;
    if (!last || span.from) return;
    setSpan({ from: toWall(new Date(Date.parse(last) - DAY_MS).toISOString(), zone), to: toWall(last, zone) });
  }, [kept.data]);

  const times = spanOf(span, zone);
  const asked: Record<string, string> | null = !times ? null
    : kind === "voyages" ? (vessel.trim() ? { ...times, vessel: vessel.trim() } : null)
    : !isArea(first) ? null
    : kind === "inside" ? { ...times, area: areaText(first) }
    : isArea(second) ? { ...times, area: areaText(first), to_area: areaText(second), within_h: hours } : null;
  const ask = (what: Kind, of: Record<string, string>): Promise<boolean> =>
    sending.send(async () => {
      if (what === "inside") setFound({ kind: what, of: await past.inside(of), contacts: await past.contactsInside(of).catch(noneIfRefused) });
      else if (what === "then") setFound({ kind: what, of: await past.then(of) });
      else setFound({ kind: what, of: await past.voyages(of) });
    });
  const toVoyages = (of: string): void => {
    setVessel(of);
    goPage("ask", "voyages");
    if (times) void ask("voyages", { ...times, vessel: of });
  };
  const onClick = (at: { lon: number; lat: number }): void => {
    if (drawing === null || kind === "voyages") return;
    const add = (a: typeof first): typeof first => ({ fence: "", corners: [...a.corners, [at.lon, at.lat]] });
    if (drawing === "first") setFirst(add);
    else setSecond(add);
  };
  const line = found?.kind === "voyages" && kind === "voyages" ? found.of.line : [];
  useEffect(() => chart.current?.redraw(true), [first, second, line, kind]);

  const extras = (made: Chart): Layer[] => {
    const colors = made.colors;
    const rgba = [...(colors.select as number[]).slice(0, 3), 255] as [number, number, number, number];
    const outlines = kind === "voyages" ? [] : [first, second].map((a) => ringOf(a.corners)).filter((r) => r.length > 0);
    const paths: Corner[][] = [...outlines, ...(line.length ? [line as Corner[]] : [])];
    return [
      new PathLayer<Corner[]>({ id: "asked", data: paths, getPath: (d) => d as never, getColor: rgba, getWidth: 2 * made.scale, widthUnits: "pixels" }),
      new ScatterplotLayer<Corner>({
        id: "corners", data: outlines.flat(), getPosition: (d) => d, getFillColor: rgba, getRadius: 4 * made.scale, radiusUnits: "pixels",
      }),
    ];
  };

  return (
    <div className="ask">
      <form
        className="ask-form"
        onSubmit={(e) => {
          e.preventDefault();
          if (asked) void ask(kind, asked);
        }}
      >
        <p>{t(`ask.${kind}.what`)}</p>
        <div className="pair">
          <label>{t("ask.from")}<input type="datetime-local" required value={span.from} onChange={(e) => setSpan({ ...span, from: e.target.value })} /></label>
          <label>{t("ask.to")}<input type="datetime-local" required value={span.to} onChange={(e) => setSpan({ ...span, to: e.target.value })} /></label>
        </div>
        {kind === "voyages" ? (
          <label>{t("ask.whose")}<input required value={vessel} onChange={(e) => setVessel(e.target.value)} placeholder="412000001" /></label>
        ) : (
          <AreaField label={t(kind === "then" ? "ask.areaA" : "ask.area")} area={first} fences={fences.data?.items ?? []} isDrawing={drawing === "first"}
            onDraw={() => setDrawing(drawing === "first" ? null : "first")} onChange={setFirst} />
        )}
        {kind === "then" && (
          <>
            <AreaField label={t("ask.areaB")} area={second} fences={fences.data?.items ?? []} isDrawing={drawing === "second"}
              onDraw={() => setDrawing(drawing === "second" ? null : "second")} onChange={setSecond} />
            <label>{t("ask.within")}<input type="number" min="0.1" max="720" step="0.1" value={hours} onChange={(e) => setHours(e.target.value)} /></label>
          </>
        )}
        <div className="buttons">
          <button type="submit" className="main-button" disabled={!asked || sending.isBusy}>{t("ask.ask")}</button>
          {asked && found?.kind === kind && <Excel path={`/questions/${kind}`} asked={asked} />}
        </div>
        {sending.isBusy && <p role="status">{t("page.loading")}</p>}
        <Wrong error={sending.error ?? kept.error} />
      </form>
      <div className="ask-map">
        <PlainChart label={t("ask.map")} extras={extras} onClick={onClick} onReady={(made) => void (chart.current = made)} />
      </div>
      <div className="ask-answer">
        {found?.kind === "inside" && kind === "inside" && <VisitRows found={found.of} onVessel={toVoyages} />}
        {found?.kind === "inside" && kind === "inside" && found.contacts && <ContactRows found={found.contacts} excel={asked && <Excel path="/questions/contacts" asked={asked} />} />}
        {found?.kind === "then" && kind === "then" && <PassageRows found={found.of} onVessel={toVoyages} />}
        {found?.kind === "voyages" && kind === "voyages" && <VoyageRows found={found.of} />}
      </div>
    </div>
  );
}

