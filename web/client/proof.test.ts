import { describe, expect, it } from "vitest";
import { isIncluded, ProofWrong, sha256, verify } from "./proof.ts";

const unhex = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(text.match(/../g) ?? [], (h) => parseInt(h, 16));
const leafOf = (data: string): Promise<Uint8Array> => sha256(Uint8Array.of(0, ...unhex(data)));

/** Leaves, roots and paths of the reference tree of Certificate Transparency (RFC 6962 implementations). */
const LEAVES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];
const ROOTS: Record<number, string> = {
  1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
  3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
  5: "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
  8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
};
const PATHS: [index: number, size: number, path: string[]][] = [
  [0, 1, []],
  [0, 8, [
    "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
    "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
    "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
  ]],
  [5, 8, [
    "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
  ]],
  [2, 3, ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"]],
  [1, 5, [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
    "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
  ]],
];

describe("inclusion", () => {
  it.each(PATHS)("entry %i of %i is in the tree, and nowhere else", async (index, size, path) => {
    const leaf = await leafOf(LEAVES[index]!);
    const hashes = path.map(unhex);
    const root = unhex(ROOTS[size]!);
    expect(await isIncluded(index, size, leaf, hashes, root)).toBe(true);
    expect(await isIncluded(index + 1, size, leaf, hashes, root)).toBe(false);
    expect(await isIncluded(index, size, await leafOf("ff"), hashes, root)).toBe(false);
    expect(await isIncluded(index, size, leaf, [...hashes, root], root)).toBe(false);
    if (hashes.length) expect(await isIncluded(index, size, leaf, hashes.slice(1), root)).toBe(false);
  });
});

/** A log of one entry with a key made for this test: its root is the entry's own hash. */
async function made(entry: string, origin = "log.example/test"): Promise<{ proof: string; key: string }> {
  const text = new TextEncoder();
  const pair = (await crypto.subtle.generateKey("Ed25519", true, ["sign", "verify"])) as CryptoKeyPair;
  const raw = Uint8Array.of(1, ...new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey)));
  const id = (await sha256(Uint8Array.of(...text.encode(`${origin}\n`), ...raw))).slice(0, 4);
  const root = await sha256(Uint8Array.of(0, ...text.encode(entry)));
  const note = `${origin}\n1\n${base64(root)}\n`;
  const signature = new Uint8Array(await crypto.subtle.sign("Ed25519", pair.privateKey, text.encode(note)));
  const signed = `${note}\n— ${origin} ${base64(Uint8Array.of(...id, ...signature))}\n— court.example AAAAAAAA\n`;
  const hexId = Array.from(id, (b) => b.toString(16).padStart(2, "0")).join("");
  return {
    proof: `c2sp.org/tlog-proof@v1\nextra ${base64(text.encode(entry))}\nindex 0\n\n${signed}`,
    key: `${origin}+${hexId}+${base64(raw)}`,
  };
}
const base64 = (data: Uint8Array): string => btoa(String.fromCharCode(...data));

describe("a proof", () => {
  const entry = '{"action":"person.read"}';

  it("is right for its own entry and key", async () => {
    const { proof, key } = await made(entry);
    expect(await verify(proof, key, entry)).toEqual({ index: 0, size: 1, origin: "log.example/test", others: ["court.example"] });
  });

  it.each([
    ["another entry", (p: string) => p, '{"action":"person.erase"}'],
    ["another index", (p: string) => p.replace("index 0", "index 1"), entry],
    ["another size", (p: string) => p.replace("test\n1\n", "test\n2\n"), entry],
    ["a hash too many", (p: string) => p.replace("index 0\n", `index 0\n${btoa("x".repeat(32))}\n`), entry],
    ["no signature of the log", (p: string) => p.replace(/— log\.example\/test .*\n/, ""), entry],
    ["another form", (p: string) => p.replace("@v1", "@v2"), entry],
  ])("with %s is wrong", async (_, change, said) => {
    const { proof, key } = await made(entry);
    await expect(verify(change(proof), key, said)).rejects.toThrow(ProofWrong);
  });

  it("is wrong under another log's key", async () => {
    const { proof } = await made(entry);
    const { key } = await made(entry);
    await expect(verify(proof, key, entry)).rejects.toThrow(ProofWrong);
  });
});
