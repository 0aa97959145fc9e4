import type { PolicyRule } from "../../../client/policies.ts";

/** Rules of one file of the set, in its order. */
export interface RuleFile {
  file: string;
  rules: PolicyRule[];
}

/** Those in which each word that was typed occurs: in the id, in a sentence of either language or in the text. */
export function ruleFiles(rules: readonly PolicyRule[], typed: string): RuleFile[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  const found = rules.filter((r) => {
    const all = `${r.id} ${r.zh} ${r.en} ${r.text}`.toLowerCase();
    return words.every((w) => all.includes(w));
  });
  return [...new Set(found.map((r) => r.file))].map((file) => ({ file, rules: found.filter((r) => r.file === file) }));
}

/** One line of a text before and after. */
export interface Line {
  mark: " " | "-" | "+";
  text: string;
}

/** What differs between two texts, line by line: what both have in the same order stays. Rules are short. */
export function lineDifference(before: string, after: string): Line[] {
  const a = before === "" ? [] : before.split("\n");
  const b = after === "" ? [] : after.split("\n");
  // Longest common subsequence from each place on.
  const common = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0));
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) common[i]![j] = a[i] === b[j] ? common[i + 1]![j + 1]! + 1 : Math.max(common[i + 1]![j]!, common[i]![j + 1]!);
  }
  const lines: Line[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) lines.push({ mark: " ", text: a[i++]! }), j++;
    else if (i < a.length && (j === b.length || common[i + 1]![j]! >= common[i]![j + 1]!)) lines.push({ mark: "-", text: a[i++]! });
    else lines.push({ mark: "+", text: b[j++]! });
  }
  return lines;
}

