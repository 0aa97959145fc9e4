import { useEffect, useRef, useState } from "react";
import { cases, type Case, type Subject } from "../../../client/cases.ts";
import type { Page } from "../../../client/types.ts";
import { useAsk, useSend, type Asked, type Sending } from "../kit/useAsk.ts";

type Get = (cursor?: string) => Promise<Page<Subject>>;
const NONE: Page<Subject> = { items: [], next_cursor: null };

/** The first `pages` pages as one. */
export async function firstOf(pages: number, get: Get): Promise<Page<Subject>> {
  let page = await get();
  const items = [...page.items];
  for (let n = 1; n < pages && page.next_cursor; n++) {
    page = await get(page.next_cursor);
    items.push(...page.items);
  }
  return { items, next_cursor: page.next_cursor };
}

export interface CasePersons extends Asked<Page<Subject>> {
  further: Sending;
  /** Brings the next ones; those that are there are not asked for again, which the log would have. */
  more: () => Promise<unknown>;
}

/** The persons of the case as far as they were asked for; asking again brings as many. */
export function usePersons(of: Case): CasePersons {
  const pages = useRef(1);
  const get: Get = (cursor) => (of.opens.includes("subjects") ? cases.subjects(of.id, cursor) : Promise.resolve(NONE));
  const first = useAsk(() => firstOf(pages.current, get), [of.id, of.opens.join()]);
  const [behind, setBehind] = useState<Page<Subject> | null>(null);
  useEffect(() => setBehind(null), [first.data]);
  const further = useSend();
  const data = first.data && behind ? { items: [...first.data.items, ...behind.items], next_cursor: behind.next_cursor } : first.data;
  const more = (): Promise<unknown> =>
    further.send(async () => {
      const page = await get(data?.next_cursor ?? undefined);
      pages.current += 1;
      setBehind({ items: [...(behind?.items ?? []), ...page.items], next_cursor: page.next_cursor });
    });
  return { ...first, data, further, more };
}
