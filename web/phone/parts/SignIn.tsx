import { useState, type FormEvent } from "react";
import { api, ApiError } from "../../client/http.ts";
import { useStore } from "../../command/state/store.ts";
import { phone } from "../store/state.ts";
import { entered } from "../store/sync.ts";
import { useWords } from "../words/index.ts";
import { Field, Notice } from "./common.tsx";
import { Language } from "./Phone.tsx";

export function SignIn() {
  const t = useWords();
  const again = useStore(phone, (s) => s.again);
  const online = useStore(phone, (s) => s.online);
  const [login, setLogin] = useState("");
  const [password, setPassword] = useState("");
  const [code, setCode] = useState("");
  const [wantsCode, setWantsCode] = useState(false);
  const [error, setError] = useState("");
  const [busy, setBusy] = useState(false);

  async function enter(event: FormEvent): Promise<void> {
    event.preventDefault();
    setBusy(true);
    setError("");
    try {
      const who = await api.signIn(login, password, code);
      if (who.needs) setError(t("door.needs"));
      else await entered({ id: who.id, name: who.name });
    } catch (problem) {
      if (problem instanceof ApiError && problem.problem.needs === "code") setWantsCode(true);
      else setError(problem instanceof ApiError && problem.problem.status === 0 ? t("door.offline") : String((problem as Error).message));
    } finally {
      setBusy(false);
    }
  }

  return (
    <main className="door">
      <h1>{t("app.name")}</h1>
      <Language />
      {again && <Notice bad>{t("door.again")}</Notice>}
      {!online && <Notice>{t("door.offline")}</Notice>}
      <form onSubmit={(e) => void enter(e)}>
        <Field label={t("door.login")}>
          <input value={login} autoComplete="username" required onChange={(e) => setLogin(e.target.value)} />
        </Field>
        <Field label={t("door.password")}>
          <input type="password" value={password} autoComplete="current-password" required onChange={(e) => setPassword(e.target.value)} />
        </Field>
        {wantsCode && (
          <Field label={t("door.code")}>
            <input value={code} inputMode="numeric" autoComplete="one-time-code" onChange={(e) => setCode(e.target.value)} />
          </Field>
        )}
        {error && <Notice bad>{error}</Notice>}
        <button className="main" disabled={busy}>{t("door.signIn")}</button>
      </form>
    </main>
  );
}
