import { useState } from "react";
import { Field, useWords } from "../../parts/common.tsx";
import { isDoor, LINK_LIFE } from "./linkLife.ts";

/** What is shown once and nowhere kept: a link or a key. */
export function OnceLink({ link }: { link: string }) {
  const t = useWords();
  const [isCopied, setIsCopied] = useState(false);
  return (
    <>
      <p className="note bad">{t("once.note")}</p>
      {isDoor(link) && <p className="note">{t("once.life", LINK_LIFE)}</p>}
      <Field label={t("once.text")}>
        <input readOnly value={link} onFocus={(e) => e.currentTarget.select()} />
      </Field>
      <div className="buttons">
        <button type="button" className="main-button" onClick={() => void navigator.clipboard.writeText(link).then(() => setIsCopied(true))}>{t("once.copy")}</button>
        <span role="status">{isCopied && t("once.copied")}</span>
      </div>
    </>
  );
}
