import { useState } from "react";
import { useStore } from "../state/store.ts";
import { asked } from "../state/why.ts";
import { Dialog } from "./Dialog.tsx";
import { Field, useWords } from "./common.tsx";

/** The watch gets blinder by what is wanted: why, and then a second person decides. */
export function WhyDialog() {
  const question = useStore(asked, (s) => s.question);
  return question ? <Ask answer={question.answer} /> : null;
}

function Ask({ answer }: { answer: (why: string | null) => void }) {
  const t = useWords();
  const [why, setWhy] = useState("");
  return (
    <Dialog title={t("why.title")} onClose={() => answer(null)}>
      <form
        onSubmit={(e) => {
          e.preventDefault();
          if (why.trim()) answer(why.trim());
        }}
      >
        <p>{t("why.text")}</p>
        <Field label={t("action.reason")}>
          <input value={why} required maxLength={1000} onChange={(e) => setWhy(e.target.value)} />
        </Field>
        <button type="submit" className="main-button">{t("why.send")}</button>
      </form>
    </Dialog>
  );
}
