/** What the phone holds of others' things, and what an answer to its question makes of it (contracts/sync). */
export interface Held {
  token: string;
  /** Version by "kind/id". */
  things: Record<string, number>;
  /** Reasons of what has gone since, by the same. */
  told: Record<string, string>;
}

export interface Changes {
  token: string;
  reset: boolean;
  items: { kind: string; id: string; version: number }[];
  gone: { kind: string; id: string; reason: { code: string } }[];
}

export const NOTHING: Held = { token: "", things: {}, told: {} };

export function afterAnswer(held: Held, status: number, answer: Partial<Changes>): Held {
  if (status === 401 || status === 403) return NOTHING;
  if (status !== 200) return { ...held, told: held.told ?? {} };
  const things = answer.reset ? {} : { ...held.things };
  const told: Record<string, string> = {};
  for (const item of answer.items ?? []) things[`${item.kind}/${item.id}`] = item.version;
  for (const gone of answer.gone ?? []) {
    const key = `${gone.kind}/${gone.id}`;
    if (!(key in things)) continue;
    delete things[key];
    told[key] = gone.reason.code;
  }
  return { token: answer.token ?? "", things, told };
}
