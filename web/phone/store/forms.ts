/** Forms on this phone: which there are, which are being filled in, and into the queue. */
import { ROOT, call, within } from "../../client/http.ts";
import { uuid7 } from "../../client/uuid7.ts";
import { PIECE_BYTES } from "../../sync/pieces.ts";
import { all, counted, drop, put, writing } from "./idb.ts";
import { entryOf, load, sha256 } from "./queue.ts";
import { ANSWER_MS } from "./upload.ts";
import { phone, type Filling, type Form, type KeptForm, type RecordBody } from "./state.ts";

export async function loadForms(): Promise<void> {
  const { me } = phone.get();
  const filling = (await all<Filling>("filling")).filter((f) => f.account === me?.id).sort((a, b) => b.saved_ms - a.saved_ms);
  phone.set({ forms: await all<KeptForm>("forms"), filling });
}

/** Those that the account may fill in now. One of which something is being filled in stays. Rejects where
 * there is no answer: then what lies here is used on. */
export async function pullForms(): Promise<void> {
  const { items } = await call<{ items: Form[] }>("GET", "/forms?in_force=true", undefined, ANSWER_MS);
  const kept = new Map((await all<KeptForm>("forms")).map((f) => [f.id, f]));
  const fresh: KeptForm[] = [];
  for (const form of items) {
    const there = kept.get(form.id);
    if (there?.form.sha256 === form.sha256) continue;
    const answer = await fetch(`${ROOT}/forms/${form.id}/form.xml`, { signal: within(ANSWER_MS) });
    if (answer.ok) fresh.push({ id: form.id, form, xform: await answer.text() });
  }
  const used = new Set((await all<Filling>("filling")).map((f) => f.form));
  const wanted = new Set(items.map((f) => f.id));
  await writing(["forms"], (of) => {
    for (const form of fresh) of("forms").put(form);
    for (const id of kept.keys()) if (!wanted.has(id) && !used.has(id)) of("forms").delete(id);
  });
  await loadForms();
  if (items.length > 0) askForRenderer();
}

/** What shows forms is large: it is fetched once somebody has forms, and lies beside the page from then on. */
function askForRenderer(): void {
  navigator.serviceWorker?.controller?.postMessage("forms");
}

export async function forgetForms(): Promise<void> {
  await writing(["forms"], (of) => void of("forms").clear());
  phone.set({ forms: [] });
}

export const keepFilling = async (filling: Filling): Promise<void> => {
  await put("filling", filling);
  await loadForms();
};

export const dropFilling = async (id: string): Promise<void> => {
  await drop("filling", id);
  await loadForms();
};

/** A form that was filled in, with its files, kept as a whole or not at all: it rejects where the disk is
 * full. What was being filled in is gone with the same stroke. */
export async function handIn(filling: Filling): Promise<void> {
  const { me } = phone.get();
  if (!me) throw new Error("nobody has signed in");
  const now = Date.now();
  const made_at = new Date(now).toISOString();
  const id = uuid7(now);
  const parts = [{ name: "", blob: new Blob([filling.xml], { type: "text/plain" }) }, ...filling.files];
  const hashes = await Promise.all(parts.map((p) => sha256(p.blob)));
  await writing(["queue", "files", "meta", "filling"], async (of) => {
    for (const [i, { name, blob }] of parts.entries()) {
      const hash = hashes[i]!;
      const own = i === 0 ? id : uuid7(now);
      const record: RecordBody = {
        id: own, kind: i === 0 ? "form.submit" : "form.file", thing: id, base: 0, was: {}, made_at,
        fields: i === 0
          ? { form: filling.form, sha256: hash, size: blob.size }
          : { sha256: hash, size: blob.size, media_type: blob.type, name },
      };
      of("queue").put(entryOf(record, await counted(of, "n"), me.id, now));
      of("files").put({ sha256: hash, blob, location: "", offset: 0, piece: PIECE_BYTES });
    }
    of("filling").delete(filling.id);
  });
  await load();
  await loadForms();
}
