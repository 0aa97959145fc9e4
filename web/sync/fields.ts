/** A change, field by field, against what stands there by now (contracts/sync). */
export type Value = string | number | boolean | null;
export type Values = Record<string, Value>;

export interface Clash {
  name: string;
  was: Value;
  yours: Value;
  theirs: Value;
}

export interface Merged {
  take: Values;
  same: string[];
  clashes: Clash[];
}

export function merged(was: Values, wanted: Values, now: Values, together: string[][] = [["lon", "lat"]]): Merged {
  const names = Object.keys(wanted);
  const of = (values: Values, name: string): Value => values[name] ?? null;
  const same = names.filter((n) => of(now, n) === wanted[n]);
  const clashing = new Set(names.filter((n) => !same.includes(n) && (!(n in was) || of(now, n) !== of(was, n))));
  for (const group of together) {
    if (group.some((n) => clashing.has(n))) group.filter((n) => n in wanted).forEach((n) => clashing.add(n));
  }
  return {
    take: Object.fromEntries(names.filter((n) => !same.includes(n) && !clashing.has(n)).map((n) => [n, wanted[n]!])),
    same: same.filter((n) => !clashing.has(n)),
    clashes: names.filter((n) => clashing.has(n)).map((n) => ({ name: n, was: of(was, n), yours: wanted[n]!, theirs: of(now, n) })),
  };
}
