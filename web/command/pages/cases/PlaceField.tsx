import type { MyPages } from "../../../client/types.ts";
import { Field, useNames, useWords } from "../../parts/common.tsx";
import { app } from "../../state/app.ts";
import { mine } from "../../state/mine.ts";
import { useStore } from "../../state/store.ts";

type Place = MyPages["places"][number];

/** What a request says of the place; nothing where the roles leave but one. */
export interface Chosen {
  unit?: string;
  agency?: Place["agency"];
}

/** In which unit, for which agency: asked of whoever has roles in several places. Unanswered, the server takes
 * the one in which the roles allow it, or says that there are several. */
export function PlaceField({ value, onChange }: { value: Chosen; onChange: (chosen: Chosen) => void }) {
  const t = useWords();
  const names = useNames();
  const lang = useStore(app, (s) => s.lang);
  const places = useStore(mine, (s) => s.mine)?.places ?? [];
  if (places.length < 2) return null;
  const at = places.findIndex((p) => p.unit === value.unit && p.agency === value.agency);
  return (
    <Field label={t("case.place")}>
      <select
        value={at}
        onChange={(e) => {
          const chosen = places[Number(e.target.value)];
          onChange(chosen ? { unit: chosen.unit, agency: chosen.agency } : {});
        }}
      >
        <option value={-1}>{t("case.place.byRole")}</option>
        {places.map((p, i) => (
          <option key={`${p.unit}/${p.agency}`} value={i}>{`${p.unit_name?.[lang] ?? p.unit} · ${names("agency", p.agency)}`}</option>
        ))}
      </select>
    </Field>
  );
}
