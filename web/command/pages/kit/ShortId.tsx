import { useState } from "react";
import { useWords } from "../../parts/common.tsx";

/** The end of an id, by which two are told apart; the whole stands in its title, and the button copies it. */
export function ShortId({ id }: { id: string }) {
  const t = useWords();
  const [isCopied, setIsCopied] = useState(false);
  return (
    <>
      <span className="id" title={id}>{shortId(id)}</span>{" "}
      <button
        type="button"
        className="link-button"
        title={id}
        aria-label={`${t("id.copy")}: ${id}`}
        onClick={() => void navigator.clipboard.writeText(id).then(() => setIsCopied(true))}
      >
        {isCopied ? t("once.copied") : t("id.copy")}
      </button>
    </>
  );
}

const KEPT = 8;

/** Ids begin with the time, so that those of one day begin alike. */
const shortId = (id: string): string => (id.length > KEPT + 4 ? `…${id.slice(-KEPT)}` : id);
