import { app } from "../state/app.ts";
import { useStore } from "../state/store.ts";

/** New alerts for screen readers: urgent ones interrupt, others wait. */
export function LiveRegion() {
  const { text, urgent } = useStore(app, (s) => s.announce);
  return (
    <>
      <div className="unseen" aria-live="assertive">{urgent ? text : ""}</div>
      <div className="unseen" aria-live="polite">{urgent ? "" : text}</div>
    </>
  );
}
