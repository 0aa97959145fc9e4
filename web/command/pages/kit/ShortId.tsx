import { useState } from "react";
import { useWords } from "../../parts/common.tsx";

/** The end of an id, by which two are told apart; the whole stands in its title, and a press copies it. */
export function ShortId({ id }: { id: string }) {
  const t = useWords();
  const [isCopied, setIsCopied] = useState(false);
  return (
    <button
      type="button"
      className="link-button id"
      title={id}
      aria-label={`${id}: ${t("id.copy")}`}
      onClick={() => void navigator.clipboard.writeText(id).then(() => setIsCopied(true))}
    >
      {isCopied ? t("once.copied") : shortId(id)}
    </button>
  );
}

const KEPT = 8;

/** Ids begin with the time, so that those of one day begin alike. */
const shortId = (id: string): string => (id.length > KEPT + 4 ? `…${id.slice(-KEPT)}` : id);
