import { useId, type ReactNode } from "react";
import { Dialog } from "../../parts/Dialog.tsx";
import { Wrong } from "./States.tsx";
import { useSend } from "./useAsk.ts";

/** A form in a dialog: closes when the server has taken it, else says why it has not. */
export function FormDialog({ title, submit, isReady = true, wants, staysOpen = false, work, onClose, children }: {
  title: string;
  submit: string;
  isReady?: boolean;
  /** What is wanting before it can be sent. */
  wants?: string;
  /** It has more to say after it was taken. */
  staysOpen?: boolean;
  work: () => Promise<unknown>;
  onClose: () => void;
  children: ReactNode;
}) {
  const sending = useSend();
  const id = useId();
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
        {!isReady && wants && <p className="note" id={id}>{wants}</p>}
        <button type="submit" className="main-button" disabled={!isReady || sending.isBusy} aria-describedby={!isReady && wants ? id : undefined}>{submit}</button>
      </form>
    </Dialog>
  );
}
