import { useEffect, useState } from "react";
import { Dialog } from "../../parts/Dialog.tsx";
import { useWords } from "../../parts/common.tsx";
import { stepTo } from "./gallery.ts";
import { Loading, Wrong } from "./States.tsx";
import { useAsk } from "./useAsk.ts";

interface Picture {
  id: string;
  /** What it is called, or of what kind it is where its name is sealed. */
  name: string;
  /** By the route that logs the look, each time anew: nothing is fetched before it is shown. */
  look: () => Promise<Blob>;
}

/** Pictures one by one: the arrows go on and back, Escape closes. */
export function Viewer({ pictures, first, onClose }: { pictures: readonly Picture[]; first: string; onClose: () => void }) {
  const t = useWords();
  const [at, setAt] = useState(() => Math.max(0, pictures.findIndex((p) => p.id === first)));
  const picture = pictures[at]!;
  const go = (key: string): boolean => {
    const to = stepTo(key, at, pictures.length);
    if (to !== null) setAt(to);
    return to !== null;
  };
  useEffect(() => {
    const onKey = (e: KeyboardEvent): void => void (go(e.key) && e.preventDefault());
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, [at, pictures.length]);
  return (
    <Dialog title={pictures.length > 1 ? `${picture.name} · ${at + 1} / ${pictures.length}` : picture.name} onClose={onClose}>
      <div className="dialog-body viewer">
        <Shown key={picture.id} picture={picture} />
        {pictures.length > 1 && (
          <div className="buttons">
            <button type="button" disabled={at === 0} onClick={() => go("ArrowLeft")}>{t("view.before")}</button>
            <button type="button" disabled={at === pictures.length - 1} onClick={() => go("ArrowRight")}>{t("view.after")}</button>
          </div>
        )}
        <p className="note">{t("view.note")}{pictures.length > 1 && <> {t("view.arrows")}</>}</p>
      </div>
    </Dialog>
  );
}

function Shown({ picture }: { picture: Picture }) {
  const t = useWords();
  const asked = useAsk(picture.look, [picture.id]);
  const [url, setUrl] = useState<string | null>(null);
  const [isBroken, setIsBroken] = useState(false);
  useEffect(() => {
    if (!asked.data) return;
    const made = URL.createObjectURL(asked.data);
    setUrl(made);
    return () => URL.revokeObjectURL(made); // what was looked at is gone with the dialog
  }, [asked.data]);
  if (asked.error !== null) return <Wrong error={asked.error} />;
  if (url === null) return <Loading />;
  return isBroken ? <p className="wrong" role="alert">{t("view.broken")}</p> : <img src={url} alt={picture.name} onError={() => setIsBroken(true)} />;
}
