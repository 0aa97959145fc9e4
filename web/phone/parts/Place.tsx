import { useState } from "react";
import { useWords } from "../words/index.ts";
import { Field, useAge } from "./common.tsx";

export interface Point {
  lat: string;
  lon: string;
}

/** Where it is: by the device, asked once and only when the user asks, or typed. */
export function Place({ value, onChange }: { value: Point; onChange: (point: Point) => void }) {
  const t = useWords();
  const age = useAge();
  const [said, setSaid] = useState("");
  const take = (): void => {
    setSaid(t("report.locating"));
    navigator.geolocation.getCurrentPosition(
      ({ coords, timestamp }) => {
        onChange({ lat: coords.latitude.toFixed(6), lon: coords.longitude.toFixed(6) });
        setSaid(t("report.found", { m: Math.round(coords.accuracy), age: age(timestamp) }));
      },
      (error) => setSaid(t("report.noPlace", { why: error.message })),
      { enableHighAccuracy: true, timeout: 20_000, maximumAge: 30_000 },
    );
  };
  return (
    <>
      {"geolocation" in navigator && <button type="button" onClick={take}>{t("report.here")}</button>}
      <small role="status">{said}</small>
      <div className="pair">
        <Field label={t("report.lat")}>
          <input inputMode="decimal" value={value.lat} onChange={(e) => onChange({ ...value, lat: e.target.value })} />
        </Field>
        <Field label={t("report.lon")}>
          <input inputMode="decimal" value={value.lon} onChange={(e) => onChange({ ...value, lon: e.target.value })} />
        </Field>
      </div>
    </>
  );
}

/** Degrees, or null where nothing usable was typed. */
export function degrees(text: string): number | null {
  const value = Number(text.replace(",", "."));
  return text.trim() === "" || !Number.isFinite(value) ? null : value;
}
