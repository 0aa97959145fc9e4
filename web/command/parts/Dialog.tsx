import { useLayoutEffect, useRef, type ReactNode } from "react";
import { IconButton, useWords } from "./common.tsx";

/** A modal dialog of the browser: focus stays inside, Escape closes, focus goes back after. */
export function Dialog({ title, onClose, children }: { title: string; onClose: () => void; children: ReactNode }) {
  const t = useWords();
  const box = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const dialog = box.current!;
    dialog.showModal(); // before the next key comes
    dialog.querySelector("input")?.focus(); // by itself the browser takes the button that closes
    return () => dialog.close();
  }, []);
  return (
    <dialog ref={box} aria-label={title} onClose={onClose} onCancel={onClose}>
      <header className="panel-head">
        <h2>{title}</h2>
        <IconButton icon="close" label={t("panel.close")} hint="Esc" onClick={onClose} />
      </header>
      {children}
    </dialog>
  );
}
