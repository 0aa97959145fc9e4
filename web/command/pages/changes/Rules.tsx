import { useState } from "react";
import { policies, type PolicyRule } from "../../../client/policies.ts";
import { Field, useWords } from "../../parts/common.tsx";
import { app } from "../../state/app.ts";
import { useStore } from "../../state/store.ts";
import { Section } from "../kit/Section.tsx";
import { Answer } from "../kit/States.tsx";
import { useAsk } from "../kit/useAsk.ts";
import { lineDifference, ruleFiles } from "./rules.ts";

/** Every rule of the installed set with its sentence, its id and its text; fetched when somebody asks for it. */
export function Rules({ hash }: { hash: string }) {
  const t = useWords();
  const [isOpen, setIsOpen] = useState(false);
  return (
    <Section
      title={t("policy.rules")}
      actions={<button type="button" aria-expanded={isOpen} onClick={() => setIsOpen(!isOpen)}>{t(isOpen ? "policy.rules.hide" : "policy.rules.show")}</button>}
    >
      {isOpen && <All hash={hash} />}
    </Section>
  );
}

function All({ hash }: { hash: string }) {
  const t = useWords();
  const [typed, setTyped] = useState("");
  const asked = useAsk(async () => (await policies.withRules()).rules ?? [], [hash]);
  return (
    <Answer of={asked}>
      {(rules) => {
        const files = ruleFiles(rules, typed);
        return (
          <>
            <Field label={t("policy.rules.find")}>
              <input type="search" value={typed} autoComplete="off" onChange={(e) => setTyped(e.target.value)} />
            </Field>
            <p role="status">{t("policy.rules.count", { n: files.reduce((n, f) => n + f.rules.length, 0), of: rules.length })}</p>
            {files.map((f) => (
              <details key={f.file} open={typed.trim() !== ""}>
                <summary><code>{f.file}</code> · {f.rules.length}</summary>
                {f.rules.map((r) => <One key={r.id} rule={r} />)}
              </details>
            ))}
          </>
        );
      }}
    </Answer>
  );
}

function One({ rule }: { rule: PolicyRule }) {
  const t = useWords();
  const lang = useStore(app, (s) => s.lang);
  const [isOpen, setIsOpen] = useState(false);
  return (
    <article className="card rule" aria-label={rule.id}>
      <p><b>{t(`policy.effect.${rule.effect}`)}</b> · {rule[lang]}</p>
      <p>
        <code>{rule.id}</code>{" "}
        <button type="button" className="link-button" aria-expanded={isOpen} onClick={() => setIsOpen(!isOpen)}>{t("policy.text")}</button>
      </p>
      {isOpen && <pre tabIndex={0} aria-label={`${t("policy.text")}: ${rule.id}`}>{rule.text}</pre>}
    </article>
  );
}

/** The text of a rule before and after, line by line. */
export function TextDifference({ id, before, after }: { id: string; before: string; after: string }) {
  const t = useWords();
  return (
    <details>
      <summary>{t("policy.text.difference")}</summary>
      <pre tabIndex={0} aria-label={`${t("policy.text.difference")}: ${id}`}>
        {lineDifference(before, after).map((line, i) => <span key={i} className={line.mark === "-" ? "gone" : line.mark === "+" ? "come" : undefined}>{`${line.mark} ${line.text}\n`}</span>)}
      </pre>
    </details>
  );
}
