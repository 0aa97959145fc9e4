import { useState } from "react";
import { oversight, type LogEntry } from "../../../client/oversight.ts";
import { verify, type Proved } from "../../../client/proof.ts";
import { Dialog } from "../../parts/Dialog.tsx";
import { Facts, useNames, useWords } from "../../parts/common.tsx";
import { saveFile } from "../kit/save.ts";
import { Answer } from "../kit/States.tsx";
import { useAsk } from "../kit/useAsk.ts";
import { When } from "../kit/When.tsx";
import { ThingText } from "./ThingText.tsx";
import { WhoText } from "./WhoText.tsx";

/** An entry of the log with its proof: to be taken away, and checked here by the browser itself. */
export function ProofDialog({ index, onClose }: { index: number; onClose: () => void }) {
  const t = useWords();
  const entry = useAsk(() => oversight.entry(index), [index]);
  return (
    <Dialog title={t("proof.title", { n: index })} onClose={onClose}>
      <div className="dialog-body">
        <Answer of={entry}>{(e) => <Entry entry={e} />}</Answer>
      </div>
    </Dialog>
  );
}

type Outcome = { proved: Proved } | { wrong: string };

function Entry({ entry }: { entry: LogEntry }) {
  const t = useWords();
  const names = useNames();
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const check = (): void => {
    if (!crypto.subtle) return setOutcome({ wrong: t("proof.noCrypto") }); // pages over plain HTTP have none
    void verify(entry.proof, entry.log_key, entry.raw).then(
      (proved) => setOutcome({ proved }),
      (error: unknown) => setOutcome({ wrong: error instanceof Error ? error.message : String(error) }),
    );
  };
  return (
    <>
      <Facts
        rows={[
          [t("access.time"), <When at={entry.time} />],
          [t("access.who"), <WhoText who={entry.actor} />],
          [t("access.action"), <>{names("act", entry.action)} · <ThingText access={entry} /></>],
          [t("case.purpose"), entry.purpose && names("purpose", entry.purpose)],
          [t("case.basis"), entry.legal_basis && names("basis", entry.legal_basis)],
          [t("access.case"), entry.case && <span className="id">{entry.case}</span>],
          [t("access.verdict"), names("verdict", entry.verdict)],
          [t("over.hash"), entry.policy && <span className="id">{entry.policy}</span>],
        ]}
      />
      {entry.details && <pre aria-label={t("proof.details")} tabIndex={0}>{JSON.stringify(entry.details, null, 1)}</pre>}
      <div className="buttons">
        <button type="button" className="main-button" onClick={check}>{t("proof.check")}</button>
        <button type="button" onClick={() => saveFile(`${entry.index}.tlog-proof`, new Blob([entry.proof], { type: "text/plain" }))}>{t("proof.take")}</button>
      </div>
      {outcome && "proved" in outcome && (
        <p className="proved" role="status">
          <b>{t("proof.proved")}</b>{" "}
          {t("proof.proved.text", { n: outcome.proved.index, size: outcome.proved.size, origin: outcome.proved.origin })}
          {outcome.proved.others.length > 0 && <> {t("proof.others", { names: t.list(outcome.proved.others) })}</>}
        </p>
      )}
      {outcome && "wrong" in outcome && <p className="wrong" role="alert"><b>{t("proof.wrong")}</b> {outcome.wrong}</p>}
      <details>
        <summary>{t("proof.raw")}</summary>
        <pre tabIndex={0}>{entry.raw}</pre>
        <pre tabIndex={0}>{entry.log_key}</pre>
      </details>
      <p className="note">{t("proof.note")}</p>
    </>
  );
}
