import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import en from "../../../words/en.json" with { type: "json" };
import zh from "../../../words/zh.json" with { type: "json" };
import { KEY_ACTIONS } from "./keyActions.ts";

const RULE = new URL("../../../../src/littoral/store/people/words.py", import.meta.url);

test("a key is offered only what the server takes from an administrator", () => {
  const rule = readFileSync(RULE, "utf8").match(/KEY_ACTIONS_ALONE = frozenset\(\{([^}]*)\}/)![1]!;
  const taken = [...rule.matchAll(/"([\w.]+)"/g)].map((m) => m[1]!);
  expect([...KEY_ACTIONS].sort()).toEqual(taken.sort());
});

test("each action has a word, and where the other keys are made is said", () => {
  for (const words of [en, zh] as Record<string, string>[]) {
    for (const action of KEY_ACTIONS) expect(words[`keymay.${action}`], action).toBeTruthy();
    expect(words["apikey.elsewhere"]).toContain("littoral keys create");
  }
});
