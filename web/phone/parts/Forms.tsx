import { useState } from "react";
import { useStore } from "../../command/state/store.ts";
import { dropFilling } from "../store/forms.ts";
import { phone, type Filling } from "../store/state.ts";
import { useWords } from "../words/index.ts";
import { clock, Notice } from "./common.tsx";

/** Forms that may be filled in, and those that are begun. They open in a document of their own (fill.html). */
export function Forms() {
  const t = useWords();
  const forms = useStore(phone, (s) => s.forms);
  const filling = useStore(phone, (s) => s.filling);
  const inForce = forms.filter((f) => f.form.in_force);
  return (
    <section aria-label={t("app.forms")}>
      <h1>{t("app.forms")}</h1>
      {filling.length > 0 && (
        <>
          <h2>{t("forms.begun")}</h2>
          <ul className="cards">{filling.map((f) => <li key={f.id}><Begun filling={f} there={forms.some((k) => k.id === f.form)} /></li>)}</ul>
        </>
      )}
      <h2>{t("forms.new")}</h2>
      {inForce.length === 0 && <p>{t("forms.none")}</p>}
      <ul className="cards">
        {inForce.map(({ id, form }) => (
          <li key={id}><a href={`/phone/fill.html#${id}`}><b>{form.title}</b><small>{form.version}</small></a></li>
        ))}
      </ul>
      <p><small>{t("forms.note")}</small></p>
    </section>
  );
}

function Begun({ filling, there }: { filling: Filling; there: boolean }) {
  const t = useWords();
  const [sure, setSure] = useState(false);
  return (
    <article className="entry">
      {there ? <a href={`/phone/fill.html#${filling.form}/${filling.id}`}><b>{filling.title}</b></a> : <Notice bad>{t("forms.notHere")}</Notice>}
      <small>{clock(filling.saved_ms)}</small>
      {sure
        ? <button onClick={() => void dropFilling(filling.id)}>{t("forms.dropSure")}</button>
        : <button onClick={() => setSure(true)}>{t("queue.drop")}</button>}
    </article>
  );
}
