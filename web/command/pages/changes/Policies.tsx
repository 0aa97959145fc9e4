import type { ReactNode } from "react";
import { policies, type PolicyStanding } from "../../../client/policies.ts";
import { Facts, useWords } from "../../parts/common.tsx";
import { app } from "../../state/app.ts";
import { me } from "../../state/me.ts";
import { askPages } from "../../state/mine.ts";
import { useStore } from "../../state/store.ts";
import { Section } from "../kit/Section.tsx";
import { Answer, Wrong } from "../kit/States.tsx";
import { useAsk, useSend } from "../kit/useAsk.ts";
import { When } from "../kit/When.tsx";
import { Rules, TextDifference } from "./Rules.tsx";

/** How the installed policies stand, what they change rule by rule; propose and sign them. */
export function Policies() {
  const asked = useAsk(() => policies.standing(), []);
  return <Answer of={asked}>{(found) => <Standing found={found} reload={asked.reload} />}</Answer>;
}

function Standing({ found, reload }: { found: PolicyStanding; reload: () => Promise<void> }) {
  const t = useWords();
  const lang = useStore(app, (s) => s.lang);
  const sending = useSend();
  const isOpen = found.state !== "signed";
  const own = useStore(me, (s) => s.me?.id);
  const hasSigned = found.signatures.some((s) => s.account === own && s.counts);
  const hasProposed = found.proposal !== null && found.proposal.account === own;
  const act = async (work: (hash: string) => Promise<PolicyStanding>): Promise<void> => {
    const isDone = await sending.send(async () => {
      if ((await work(found.hash)).state !== found.state) void askPages(); // other pages open, and the notice above them goes
    });
    if (isDone) await reload();
  };
  // What the machine did has no account.
  const by = (who: { account: string; name: string | null }): string =>
    who.name ?? (who.account === "first-start" ? t("policy.kind.first_start") : who.account === "system" ? t("policy.machine") : who.account);
  // What a first start signed is of the past once two have.
  const signatures = isOpen ? found.signatures : found.signatures.filter((s) => s.counts);
  return (
    <>
      <p className="note">{found[lang]}</p>
      <Facts
        rows={[
          [t("policy.state"), t(`policy.state.${found.state}`)],
          [t("policy.hash"), <code key="hash">{found.hash}</code>],
          [t("policy.last"), !found.last ? t("change.none") : found.last.hash === found.hash ? t("policy.last.same") : <code key="last">{found.last.hash}</code>],
          ...(found.expires ? [[t("apikey.expires"), <When key="until" at={found.expires} />] as [string, ReactNode]] : []),
          [t("policy.proposal"), found.proposal ? <span key="by">{by(found.proposal)} · <When at={found.proposal.at} /></span> : t("change.none")],
        ]}
      />
      <Section title={t("policy.signatures", { n: found.needed })}>
        {signatures.length === 0 && <p className="note">{t("change.none")}</p>}
        <ul className="plain">
          {signatures.map((s) => (
            <li key={s.account + s.kind}>
              {by(s)} · {t(`policy.kind.${s.kind}`)} · <When at={s.signed} />
              {!s.counts && <> · <b>{t("policy.countsNot")}</b> {s[lang]}</>}
            </li>
          ))}
        </ul>
      </Section>
      {isOpen && found.last?.hash !== found.hash && (
        <Section title={t("policy.changed")}>
          <p>{found.files.join(", ")}</p>
          {found.changed.map((rule) => (
            <article key={rule.id} className="card" aria-label={rule.id}>
              <h4><code>{rule.id}</code></h4>
              <p>{t("change.before")}{t.colon}{rule.before ? `${t(`policy.effect.${rule.before.effect}`)} · ${rule.before[lang]}` : t("change.none")}</p>
              <p>{t("change.after")}{t.colon}{rule.after ? `${t(`policy.effect.${rule.after.effect}`)} · ${rule.after[lang]}` : t("change.none")}</p>
              <TextDifference id={rule.id} before={rule.before?.text ?? ""} after={rule.after?.text ?? ""} />
            </article>
          ))}
        </Section>
      )}
      <Rules hash={found.hash} />
      {isOpen && (
        <>
          <Wrong error={sending.error} />
          {hasSigned ? <p className="note" role="status">{t("policy.signed")}</p> : !found.sign.allowed && <p className="note">{found.sign[lang]}</p>}
          {found.propose.allowed && found.proposal && !hasProposed && <p className="note">{t("policy.propose.note")}</p>}
          <div className="buttons">
            {found.propose.allowed && !hasProposed && (
              <button type="button" disabled={sending.isBusy} onClick={() => void act(policies.propose)}>{t("policy.propose")}</button>
            )}
            {found.sign.allowed && found.proposal && !hasSigned && (
              <button type="button" className="main-button" disabled={sending.isBusy} onClick={() => void act(policies.sign)}>{t("policy.sign")}</button>
            )}
          </div>
        </>
      )}
    </>
  );
}
