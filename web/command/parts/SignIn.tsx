import { useEffect, useId, useState } from "react";
import { hasPasskeys, passkeyIn } from "../../client/factors.ts";
import { api, type ApiError } from "../../client/http.ts";
import { app } from "../state/app.ts";
import { entered, me } from "../state/me.ts";
import { useStore } from "../state/store.ts";
import { Check, Field, useWords } from "./common.tsx";
import { SecondFactor } from "./SecondFactor.tsx";
import { Said, useTrial } from "./trial.tsx";

/** The door: sign in, make the first administrator, set the password of an invitation, enrol a second factor. */
export function SignIn() {
  const t = useWords();
  const lang = useStore(app, (s) => s.lang);
  const link = useStore(me, (s) => s.link);
  const needs = useStore(me, (s) => s.me?.needs);
  return (
    <main className="door">
      <section aria-labelledby="door-title">
        <header>
          <h1 id="door-title">Littoral<small>{t("app.subtitle")}</small></h1>
          <button type="button" className="text-button" lang={lang === "zh" ? "en" : "zh-CN"}
            onClick={() => app.set({ lang: lang === "zh" ? "en" : "zh" })}>
            {lang === "zh" ? "English" : "中文"}
          </button>
        </header>
        {link?.kind === "first-start" ? <FirstStart token={link.token} />
          : link ? <Accept token={link.token} />
          : needs ? <SecondFactor /> : <Password />}
      </section>
    </main>
  );
}

function Password() {
  const t = useWords();
  const trial = useTrial();
  const [login, setLogin] = useState("");
  const [password, setPassword] = useState("");
  const [code, setCode] = useState("");
  const [providers, setProviders] = useState<string[]>([]);
  const wantsCode = trial.problem?.problem.needs === "code" || code !== "";
  useEffect(() => void api.ways().then((w) => setProviders(w.providers), () => setProviders([])), []);
  return (
    <form onSubmit={trial.run(async () => entered(await api.signIn(login, password, code)))}>
      <h2>{t("door.signIn")}</h2>
      <Field label={t("door.login")}>
        <input value={login} autoComplete="username" autoFocus required onChange={(e) => setLogin(e.target.value)} />
      </Field>
      <Field label={t("door.password")}>
        <input type="password" value={password} autoComplete="current-password" required
          onChange={(e) => setPassword(e.target.value)} />
      </Field>
      {wantsCode && (
        <Field label={t("door.code")}>
          <input value={code} inputMode="numeric" autoComplete="one-time-code" autoFocus
            onChange={(e) => setCode(e.target.value)} />
        </Field>
      )}
      <Said text={trial.error} />
      <button type="submit" className="main-button" disabled={trial.busy}>{t("door.enter")}</button>
      {hasPasskeys && (
        <button type="button" disabled={trial.busy} onClick={trial.run(async () => entered(await passkeyIn()))}>
          {t("door.passkey")}
        </button>
      )}
      {providers.map((name) => (
        <a key={name} className="door-provider" href={`/api/v1/oidc/start?provider=${encodeURIComponent(name)}`}>
          {t("door.with", { name })}
        </a>
      ))}
    </form>
  );
}

function FirstStart({ token }: { token: string }) {
  const t = useWords();
  const lang = useStore(app, (s) => s.lang);
  const trial = useTrial();
  const [login, setLogin] = useState("");
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  return (
    <form onSubmit={trial.run(async () => entered(await api.firstStart(token, login, name, password, lang)))}>
      <h2>{t("door.first")}</h2>
      <p className="note">{t("door.first.note")}</p>
      <Field label={t("door.login")} error={trial.problem?.field("login")}>
        <input value={login} autoComplete="username" autoFocus required minLength={2}
          onChange={(e) => setLogin(e.target.value)} />
      </Field>
      <Field label={t("door.name")} error={trial.problem?.field("name")}>
        <input value={name} autoComplete="name" required onChange={(e) => setName(e.target.value)} />
      </Field>
      <NewPassword value={password} problem={trial.problem} onChange={setPassword} />
      <Said text={trial.error} />
      <button type="submit" className="main-button" disabled={trial.busy}>{t("door.begin")}</button>
    </form>
  );
}

function Accept({ token }: { token: string }) {
  const t = useWords();
  const trial = useTrial();
  const [password, setPassword] = useState("");
  return (
    <form onSubmit={trial.run(async () => entered(await api.accept(token, password)))}>
      <h2>{t("door.accept")}</h2>
      <NewPassword value={password} problem={trial.problem} onChange={setPassword} />
      <Said text={trial.error} />
      <button type="submit" className="main-button" disabled={trial.busy}>{t("door.begin")}</button>
    </form>
  );
}

/** Rules by which the server refuses a password, as it names them. */
const WEAK = ["short", "long", "simple", "common", "habit", "number", "context"] as const;

function NewPassword({ value, problem, onChange }: {
  value: string;
  problem: ApiError | null;
  onChange: (value: string) => void;
}) {
  const t = useWords();
  const note = useId();
  // Typed once: who types it can look whether it is what was meant.
  const [isShown, setIsShown] = useState(false);
  const rule = WEAK.find((r) => r === problem?.problem.rule);
  const error = rule ? t(`door.weak.${rule}`) : problem?.field("password");
  return (
    <>
      <Field label={t("door.newPassword")} error={error}>
        <input type={isShown ? "text" : "password"} value={value} autoComplete="new-password" autoCapitalize="off" spellCheck={false}
          required aria-describedby={note} onChange={(e) => onChange(e.target.value)} />
      </Field>
      <Check label={t("door.showPassword")} checked={isShown} onChange={setIsShown} />
      <p className="note" id={note}>{t("door.newPassword.note")}</p>
    </>
  );
}
