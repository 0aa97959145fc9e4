import { useState } from "react";
import { formatPosition, parsePosition } from "../../map/position.ts";
import { goTo } from "../state/actions.ts";
import { app } from "../state/app.ts";
import { useStore } from "../state/store.ts";
import { Dialog } from "./Dialog.tsx";
import { Field, useWords } from "./common.tsx";

export function GoTo() {
  const open = useStore(app, (s) => s.goTo);
  return open ? <GoToDialog /> : null;
}

function GoToDialog() {
  const t = useWords();
  const [text, setText] = useState("");
  const [tried, setTried] = useState(false);
  const position = parsePosition(text);
  const close = (): void => app.set({ goTo: false });
  return (
    <Dialog title={t("key.goto")} onClose={close}>
      <form
        onSubmit={(e) => {
          e.preventDefault();
          setTried(true);
          if (!position) return;
          goTo(position, 11);
          close();
        }}
      >
        <Field label={t("goto.label")} error={tried && !position ? t("goto.unread") : undefined}>
          <input value={text} placeholder="20°01.234′N 110°12.5′E" onChange={(e) => setText(e.target.value)} />
        </Field>
        <p className="note">{position ? formatPosition(position) : t("goto.forms")}</p>
        <button type="submit" className="main-button">{t("goto.go")}</button>
      </form>
    </Dialog>
  );
}
