import { useState, type SyntheticEvent } from "react";
import { addPasskey, confirmTotp, hasPasskeys, startTotp, type Totp } from "../../client/factors.ts";
import { api } from "../../client/http.ts";
import { entered, signOut } from "../state/me.ts";
import { Field, useWords } from "./common.tsx";
import { QrCode } from "./QrCode.tsx";
import { Said, useTrial } from "./trial.tsx";

/** Whoever opens persons, keys or policies enrols an authenticator or a passkey before anything else. */
export function SecondFactor() {
  const t = useWords();
  const trial = useTrial();
  const [totp, setTotp] = useState<Totp | null>(null);
  const [code, setCode] = useState("");
  const [codes, setCodes] = useState<string[] | null>(null);
  const done = async (): Promise<void> => entered(await api.me());
  if (codes) return <Recovery codes={codes} done={trial.run(done)} busy={trial.busy} />;
  return (
    <form onSubmit={trial.run(async () => setCodes(await confirmTotp(code.trim())))}>
      <h2>{t("door.factor")}</h2>
      <p className="note">{t("door.factor.note")}</p>
      {totp === null ? (
        <button type="button" className="main-button" autoFocus disabled={trial.busy}
          onClick={trial.run(async () => setTotp(await startTotp()))}>
          {t("door.factor.app")}
        </button>
      ) : (
        <>
          <p className="note">{t("door.factor.key")}</p>
          <QrCode text={totp.uri} label={t("door.factor.qr")} />
          <output className="door-key">{totp.secret.replace(/(.{4})(?=.)/g, "$1 ")}</output>
          <a href={totp.uri}>{t("door.factor.open")}</a>
          <Field label={t("door.code")}>
            <input value={code} inputMode="numeric" autoComplete="one-time-code" autoFocus required minLength={6}
              onChange={(e) => setCode(e.target.value)} />
          </Field>
          <button type="submit" className="main-button" disabled={trial.busy}>{t("door.factor.confirm")}</button>
        </>
      )}
      {hasPasskeys && totp === null && (
        <button type="button" disabled={trial.busy}
          onClick={trial.run(async () => { await addPasskey(navigator.platform || "passkey"); await done(); })}>
          {t("door.factor.passkey")}
        </button>
      )}
      <Said text={trial.error} />
      <button type="button" className="text-button" onClick={() => void signOut()}>{t("door.factor.out")}</button>
    </form>
  );
}

function Recovery({ codes, done, busy }: { codes: string[]; done: (e: SyntheticEvent) => void; busy: boolean }) {
  const t = useWords();
  return (
    <form onSubmit={done}>
      <h2>{t("door.recovery")}</h2>
      <p className="note">{t("door.recovery.note")}</p>
      <ul className="door-codes">{codes.map((c) => <li key={c}><code>{c}</code></li>)}</ul>
      <button type="submit" className="main-button" autoFocus disabled={busy}>{t("door.recovery.kept")}</button>
    </form>
  );
}
