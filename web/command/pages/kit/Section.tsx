import { useId, type ReactNode } from "react";

/** A part of a page with its heading; what can be done with it stands beside that. */
export function Section({ title, actions, children }: { title: string; actions?: ReactNode; children: ReactNode }) {
  const id = useId();
  return (
    <section className="block" aria-labelledby={id}>
      <header>
        <h3 id={id}>{title}</h3>
        {actions && <div className="buttons">{actions}</div>}
      </header>
      {children}
    </section>
  );
}
