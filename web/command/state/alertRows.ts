import type { Alert } from "../../client/types.ts";

/** One line of the list: an alert, and how many others of its group stand behind it. */
export interface Row {
  alert: Alert;
  /** Of its group, in the same list; 0: it stands alone, or is itself behind the first. */
  behind: number;
  isOpen: boolean;
  isInside: boolean;
}

/** Groups as one row each, where its first alert in the list stands; the server says what is one group.
 * `opened`: groups whose alerts are all shown. */
export function rowsOf(alerts: readonly Alert[], opened: ReadonlySet<string>): Row[] {
  const members = new Map<string, Alert[]>();
  for (const a of alerts) {
    const found = members.get(a.group);
    if (found) found.push(a);
    else members.set(a.group, [a]);
  }
  const rows: Row[] = [];
  for (const [group, [first, ...others]] of members) {
    const isOpen = others.length > 0 && opened.has(group);
    rows.push({ alert: first!, behind: others.length, isOpen, isInside: false });
    if (isOpen) for (const alert of others) rows.push({ alert, behind: 0, isOpen: false, isInside: true });
  }
  return rows;
}
