/** Checks with the browser's own cryptography that an entry is in a log: C2SP tlog-proof (the entry in its
 * `extra` line), tlog-checkpoint and signed-note with an Ed25519 key (type 0x01), inclusion after RFC 9162,
 * section 2.1.3.2. It shares no line with the server. */

const HEAD = "c2sp.org/tlog-proof@v1";
const ED25519 = 1;

export class ProofWrong extends Error {}

export interface Proved {
  index: number;
  /** Entries in the checkpoint that was signed. */
  size: number;
  origin: string;
  /** Names that stand under the checkpoint besides the log's own; theirs is checked with their keys. */
  others: string[];
}

/** The checkpoint that `entry` is in. Raises ProofWrong. */
export async function verify(proof: string, key: string, entry: string): Promise<Proved> {
  const cut = proof.indexOf("\n\n");
  const lines = proof.slice(0, cut).split("\n");
  const note = proof.slice(cut + 2);
  if (cut < 0 || lines.shift() !== HEAD) throw new ProofWrong("no proof");
  const extra = lines[0]?.startsWith("extra ") ? bytes(lines.shift()!.slice(6)) : null;
  const written = new TextEncoder().encode(entry);
  if (!extra || !same(extra, written)) throw new ProofWrong("another entry");
  const [, digits] = /^index (0|[1-9]\d{0,15})$/.exec(lines.shift() ?? "") ?? [];
  if (!digits) throw new ProofWrong("no index");
  const index = Number(digits);
  const { origin, size, root, names } = await openNote(note, key);
  const leaf = await sha256(concat(Uint8Array.of(0), written));
  if (!(await isIncluded(index, size, leaf, lines.map(bytes), root))) throw new ProofWrong("not in the log");
  return { index, size, origin, others: names.filter((n) => n !== origin) };
}

interface Checkpoint {
  origin: string;
  size: number;
  root: Uint8Array;
  names: string[];
}

/** The checkpoint, once the log's own signature under it is right. */
async function openNote(note: string, key: string): Promise<Checkpoint> {
  const end = note.lastIndexOf("\n\n");
  if (end < 0) throw new ProofWrong("no signatures");
  const text = note.slice(0, end + 1);
  const signatures = note.slice(end + 2).split("\n").filter(Boolean).map((line) => {
    const [dash, name = "", data = ""] = line.split(" ");
    if (dash !== "—") throw new ProofWrong("no signature line");
    return { name, data: bytes(data) };
  });
  const [keyName = "", keyId = "", keyData = ""] = splitKey(key);
  const raw = bytes(keyData);
  const id = (await sha256(concat(new TextEncoder().encode(`${keyName}\n`), raw))).slice(0, 4);
  if (raw[0] !== ED25519 || hex(id) !== keyId) throw new ProofWrong("no key");
  const own = signatures.find((s) => s.name === keyName && same(s.data.slice(0, 4), id));
  if (!own) throw new ProofWrong("not signed by the log");
  const known = await crypto.subtle.importKey("raw", raw.slice(1), "Ed25519", false, ["verify"]);
  if (!(await crypto.subtle.verify("Ed25519", known, own.data.slice(4), new TextEncoder().encode(text)))) {
    throw new ProofWrong("the signature is wrong");
  }
  const [origin = "", size = "", root = ""] = text.split("\n");
  if (origin !== keyName || !/^(0|[1-9]\d{0,15})$/.test(size)) throw new ProofWrong("no checkpoint of this log");
  return { origin, size: Number(size), root: bytes(root), names: signatures.map((s) => s.name) };
}

/** A verifier key `name+id+base64`; base64 has `+` too. */
function splitKey(key: string): string[] {
  const first = key.indexOf("+");
  const second = key.indexOf("+", first + 1);
  return first < 0 || second < 0 ? [] : [key.slice(0, first), key.slice(first + 1, second), key.slice(second + 1)];
}

/** RFC 9162, section 2.1.3.2. Halves by division: bit operations would cut at 32 bits. */
export async function isIncluded(index: number, size: number, leaf: Uint8Array, path: Uint8Array[], root: Uint8Array): Promise<boolean> {
  if (index >= size) return false;
  const half = (n: number): number => Math.floor(n / 2);
  let f = index;
  let s = size - 1;
  let r = leaf;
  for (const node of path) {
    if (s === 0) return false;
    if (f % 2 === 1 || f === s) {
      r = await sha256(concat(Uint8Array.of(1), node, r));
      while (f % 2 === 0 && f !== 0) {
        f = half(f);
        s = half(s);
      }
    } else {
      r = await sha256(concat(Uint8Array.of(1), r, node));
    }
    f = half(f);
    s = half(s);
  }
  return s === 0 && same(r, root);
}

export async function sha256(data: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", data));
}

function bytes(base64: string): Uint8Array<ArrayBuffer> {
  try {
    return Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
  } catch {
    throw new ProofWrong("no base64");
  }
}

function concat(...parts: Uint8Array[]): Uint8Array<ArrayBuffer> {
  const made = new Uint8Array(parts.reduce((n, p) => n + p.length, 0));
  let at = 0;
  for (const part of parts) {
    made.set(part, at);
    at += part.length;
  }
  return made;
}

const same = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && a.every((v, i) => v === b[i]);
const hex = (data: Uint8Array): string => Array.from(data, (b) => b.toString(16).padStart(2, "0")).join("");
