import { useState } from "react";
import { incidents, type ReportBody } from "../../client/incidents.ts";
import { Wrong } from "../pages/kit/States.tsx";
import { useAsk, useSend } from "../pages/kit/useAsk.ts";
import { mine, offered } from "../state/mine.ts";
import { addressOf, goPage, route } from "../state/route.ts";
import { useStore } from "../state/store.ts";
import { useNames, useWords } from "./common.tsx";

interface Props {
  kind: "alert" | "contact" | "bulletin";
  of: string;
  make: "incident.fromAlert" | "incident.fromThis";
  /** What is reported of it, but where it comes from. */
  report: Omit<ReportBody, "sources">;
}

/** What became of a thing, and one click to make it what people handle. */
export function Became(props: Props) {
  const my = useStore(mine, (s) => s.mine);
  return my?.pages.includes("incidents") ? <Found {...props} mayReport={offered(my, "incident.report").length > 0} /> : null;
}

function Found({ kind, of, make, report, mayReport }: Props & { mayReport: boolean }) {
  const t = useWords();
  const names = useNames();
  const [id] = useState(incidents.newId); // the same when it is sent again
  const page = useStore(route, (s) => s.page); // the map stays behind other pages: asked again when it comes back
  const found = useAsk(() => incidents.of(kind, of), [kind, of, page]);
  const sending = useSend();
  const send = () =>
    sending.send(async () => {
      await incidents.report(id, { ...report, sources: [{ kind, ref: of }] });
      goPage("incidents", id);
    });
  return (
    <div className="became">
      {found.data?.items.map((i) => (
        <a key={i.id} href={addressOf("incidents", i.id)}>{t("incident.became", { code: i.code, state: names("incidentState", i.state) })}</a>
      ))}
      {mayReport && found.data?.items.length === 0 && (
        <button type="button" disabled={sending.isBusy} onClick={() => void send()}>{t(make)}</button>
      )}
      <Wrong error={sending.error ?? found.error} />
    </div>
  );
}
