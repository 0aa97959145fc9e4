import { ApiError } from "../../client/http.ts";
import { Store } from "./store.ts";

interface Question {
  answer: (why: string | null) => void;
}

export const asked = new Store<{ question: Question | null }>({ question: null });

/** Does `work`; when the server wants to know why, asks and does it once more with the answer. The
 * result is null when the officer thinks better of it. */
export async function withWhy<T>(work: (why?: string) => Promise<T>): Promise<T | null> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof ApiError) || error.field("why") === undefined) throw error;
  }
  const why = await new Promise<string | null>((answer) => asked.set({ question: { answer } }));
  asked.set({ question: null });
  return why === null ? null : work(why);
}
