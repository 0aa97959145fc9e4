import type { Vessel } from "../../client/types.ts";
import { useNames, useWords } from "./common.tsx";

/** That a track is taken for a net beacon or why it is not, by what signs, and its battery. */
export function Gear({ gear }: { gear: NonNullable<Vessel["gear"]> }) {
  const t = useWords();
  const names = useNames();
  const volts = gear.battery_v === null ? null : `${gear.battery_v.toFixed(1)} V`;
  const battery = gear.battery_percent === null ? volts : `${gear.battery_percent} %`;
  return (
    <section className="gear" aria-label={t("gear.title")}>
      <p className="note">{t(gear.beacon ? "gear.beacon" : "gear.vessel")}</p>
      <ul>
        {gear.signs.map((sign) => <li key={sign}>{names("gearSign", sign)}</li>)}
        {battery && <li>{t("gear.battery", { level: battery })}</li>}
      </ul>
    </section>
  );
}
