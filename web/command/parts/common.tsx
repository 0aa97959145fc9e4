import { cloneElement, useId, type AriaAttributes, type ReactElement, type ReactNode } from "react";
import type { Priority } from "../../client/types.ts";
import { ALERT_MARK, ALERT_PATH } from "../../map/alertGlyph.ts";
import { wordOr, wordsOf, type Words } from "../../words/index.ts";
import { app } from "../state/app.ts";
import { useStore } from "../state/store.ts";
import { Icon, type IconName } from "./Icon.tsx";

export function useWords(): Words {
  return wordsOf(useStore(app, (s) => s.lang));
}

/** The word for a rule, kind or fact of a detector, else its own name. */
export function useNames(): (prefix: string, name: string) => string {
  const lang = useStore(app, (s) => s.lang);
  return (prefix, name) => wordOr(lang, `${prefix}.${name}`, name.replaceAll("_", " "));
}

interface ButtonProps {
  icon: IconName;
  label: string;
  hint?: string;
  pressed?: boolean;
  onClick: () => void;
  children?: ReactNode;
}

export function IconButton({ icon, label, hint, pressed, onClick, children }: ButtonProps) {
  return (
    <button
      type="button"
      className="icon-button"
      aria-label={label}
      aria-pressed={pressed}
      title={hint ? `${label} (${hint})` : label}
      onClick={onClick}
    >
      <Icon name={icon} />
      {children}
    </button>
  );
}

/** The priority's shape in its colour; the text beside it says the same. */
export function PriorityGlyph({ priority, hollow = false }: { priority: Priority; hollow?: boolean }) {
  return (
    <svg className={`glyph p${priority}${hollow ? " hollow" : ""}`} viewBox="0 0 24 24" aria-hidden="true">
      <path className="shape" d={ALERT_PATH[priority]} />
      <path className="mark" d={ALERT_MARK[priority]} />
    </svg>
  );
}

export function Panel({ title, onClose, children, icon }: {
  title: ReactNode;
  onClose: () => void;
  children: ReactNode;
  icon?: ReactNode;
}) {
  const t = useWords();
  return (
    <>
      <header className="panel-head">
        {icon}
        <h2>{title}</h2>
        <IconButton icon="close" label={t("panel.close")} hint="Esc" onClick={onClose} />
      </header>
      <div className="panel-body" tabIndex={-1}>{children}</div>
    </>
  );
}

export function Facts({ rows }: { rows: [label: string, value: ReactNode][] }) {
  return (
    <dl className="facts">
      {rows.map(([label, value]) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>{value ?? "–"}</dd>
        </div>
      ))}
    </dl>
  );
}

export function Empty({ children }: { children: ReactNode }) {
  return <p className="empty">{children}</p>;
}

/** A labelled control. Its error is no part of its name, but is read with it. */
export function Field({ label, error, children }: { label: string; error?: string; children: ReactElement<AriaAttributes> }) {
  const id = useId();
  const control = error ? cloneElement(children, { "aria-invalid": true, "aria-describedby": id }) : children;
  return (
    <div className={error ? "field invalid" : "field"}>
      <label>
        <span>{label}</span>
        {control}
      </label>
      {error && <em id={id} role="alert">{error}</em>}
    </div>
  );
}

export function Check({ label, checked, onChange, swatch }: {
  label: string;
  checked: boolean;
  onChange: (checked: boolean) => void;
  swatch?: string;
}) {
  return (
    <label className="check">
      <input type="checkbox" checked={checked} onChange={(e) => onChange(e.target.checked)} />
      {swatch && <i style={{ background: swatch }} aria-hidden="true" />}
      <span>{label}</span>
    </label>
  );
}
