import { changes } from "../../../client/changes.ts";
import { serverNow } from "../../../client/http.ts";
import type { Priority } from "../../../client/types.ts";
import { formatPosition } from "../../../map/position.ts";
import { Facts, PriorityGlyph, useNames, useWords } from "../../parts/common.tsx";
import { app } from "../../state/app.ts";
import { goPage } from "../../state/route.ts";
import { ageText } from "../../state/time.ts";
import { Answer } from "../kit/States.tsx";
import { useAsk } from "../kit/useAsk.ts";
import { When } from "../kit/When.tsx";

/** What calls for help, where and how long ago: whoever agrees that nobody answers it looks at it first. */
export function AboutAlert({ id }: { id: string }) {
  const t = useWords();
  const names = useNames();
  const asked = useAsk(() => changes.alert(id), [id]);
  const show = (): void => {
    app.set({ selection: { kind: "alert", id }, vessel: null });
    goPage("map");
  };
  return (
    <Answer of={asked}>
      {(a) => (
        <>
          <Facts
            rows={[
              [t("change.part.alert"), <><PriorityGlyph priority={a.priority as Priority} /> {names("kind", a.kind)} · {t(`priority.${a.priority}`)} · {t(`handling.${a.handling}`)}</>],
              [t("detail.things"), t.list(a.things.map((thing) => thing.label))],
              [t("detail.position"), a.lon === null || a.lat === null ? null : formatPosition({ lon: a.lon, lat: a.lat }, 2)],
              [t("detail.start"), <><When at={a.start} /> · {t("change.age", { age: ageText((serverNow() - Date.parse(a.start)) / 1000) })}</>],
              [t("detail.updated"), <When at={a.updated} />],
            ]}
          />
          <div className="buttons">
            <button type="button" onClick={show}>{t("change.showAlert")}</button>
          </div>
        </>
      )}
    </Answer>
  );
}
