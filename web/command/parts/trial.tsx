import { useState, type SyntheticEvent } from "react";
import { ApiError } from "../../client/http.ts";
import { app } from "../state/app.ts";
import { useStore } from "../state/store.ts";
import { saidOf } from "../state/wrong.ts";
import { useWords } from "./common.tsx";

export interface Trial {
  error: string | null;
  busy: boolean;
  problem: ApiError | null;
  run: (work: () => Promise<void>) => (e: SyntheticEvent) => void;
}

/** One attempt at a time, and what the server says of it in words. */
export function useTrial(): Trial {
  const t = useWords();
  const lang = useStore(app, (s) => s.lang);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<ApiError | null>(null);
  const run = (work: () => Promise<void>) => (e: SyntheticEvent): void => {
    e.preventDefault();
    if (busy) return;
    setBusy(true);
    work().then(() => setProblem(null), (error: unknown) => {
      setProblem(error instanceof ApiError ? error : new ApiError({ title: String(error), status: -1 }));
    }).finally(() => setBusy(false));
  };
  const status = problem?.problem.status;
  const needs = problem?.problem.needs;
  const error = !problem ? null
    : status === 0 ? t("error.unreachable")
    : needs === "code" ? t("door.codeWanted")
    : needs === "sign_in" ? t("door.again")
    : status === 401 ? t("door.wrong")
    : status === 410 ? t("door.linkBad")
    : status === 429 ? t("door.tooMany")
    : status === 503 ? t("door.busy")
    : status === -1 ? t("door.passkeyFailed")
    : saidOf(problem, lang).text;
  return { busy, problem, error, run };
}

export function Said({ text }: { text: string | null }) {
  return <p className="door-error" role="alert">{text}</p>;
}
