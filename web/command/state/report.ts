import { app, toast } from "./app.ts";
import { saidOf } from "./wrong.ts";

/** What an error means to the officer. */
export function report(error: unknown): void {
  toast({ tone: "error", ...saidOf(error, app.get().lang) });
}
