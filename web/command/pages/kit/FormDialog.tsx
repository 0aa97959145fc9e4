import type { ReactNode } from "react";
import { Dialog } from "../../parts/Dialog.tsx";
import { Wrong } from "./States.tsx";
import { useSend } from "./useAsk.ts";

/** A form in a dialog: closes when the server has taken it, else says why it has not. */
export function FormDialog({ title, submit, isReady = true, staysOpen = false, work, onClose, children }: {
  title: string;
  submit: string;
  isReady?: boolean;
  /** It has more to say after it was taken. */
  staysOpen?: boolean;
  work: () => Promise<unknown>;
  onClose: () => void;
  children: ReactNode;
}) {
  const sending = useSend();
  return (
    <Dialog title={title} onClose={onClose}>
      <form
        className="desk-form"
        onSubmit={(e) => {
          e.preventDefault();
          void sending.send(work).then((isDone) => isDone && !staysOpen && onClose());
        }}
      >
        {children}
        <Wrong error={sending.error} />
        <button type="submit" className="main-button" disabled={!isReady || sending.isBusy}>{submit}</button>
      </form>
    </Dialog>
  );
}
