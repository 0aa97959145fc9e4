/** A file in pieces, by tus 1.0.0 (https://tus.io/protocols/resumable-upload). */
import { ROOT, within } from "../../client/http.ts";
import { halved, nextPiece } from "../../sync/pieces.ts";
import { keepFile } from "./queue.ts";
import type { Said, StoredFile } from "./state.ts";

/** For an answer, and for a piece: 256 KiB at 30 kbit/s. A mobile line can be dead without ending: what waits on it
 * for ever would hold up all that comes after. */
export const ANSWER_MS = 30_000;
export const PIECE_MS = 75_000;

const TUS = { "tus-resumable": "1.0.0", "x-littoral-request": "1" };

/** It did not get through; `refused`: and will not; `unreached`: no answer came at all. */
export class Lost extends Error {
  constructor(readonly refused: Said | null = null, readonly signedOut = false, readonly unreached = false) {
    super("the file did not get through");
  }
}

async function ask(method: string, url: string, headers: Record<string, string>, body?: Blob): Promise<Response> {
  let answer: Response;
  try {
    answer = await fetch(url, {
      method, headers: { ...TUS, ...headers }, body: body ?? null, signal: within(body ? PIECE_MS : ANSWER_MS),
    });
  } catch {
    throw new Lost(null, false, true);
  }
  if (answer.status === 401) throw new Lost(null, true);
  if (answer.status === 403 || answer.status === 413) {
    const problem = (await answer.json().catch(() => ({}))) as { reason?: Said; detail?: string };
    throw new Lost(problem.reason ?? { zh: problem.detail ?? "", en: problem.detail ?? "" });
  }
  return answer;
}

const offsetOf = (answer: Response): number => Number(answer.headers.get("upload-offset"));

/** Until it is whole at the server. What was reached is kept each time, so that it goes on from there after
 * the page was closed. Throws Lost. */
export async function upload(given: StoredFile, told: () => void): Promise<void> {
  let file = given;
  const know = async (more: Partial<StoredFile>): Promise<void> => {
    file = { ...file, ...more };
    await keepFile(file);
    told();
  };
  if (file.location) {
    const answer = await ask("HEAD", file.location, {});
    await know(answer.ok ? { offset: offsetOf(answer) } : { location: "", offset: 0 });
  }
  if (!file.location) {
    const answer = await ask("POST", `${ROOT}/sync/uploads`, {
      "upload-length": String(file.blob.size), "upload-metadata": `sha256 ${btoa(file.sha256)}`,
    });
    if (!answer.ok) throw new Lost();
    await know({ location: answer.headers.get("location")!, offset: offsetOf(answer) });
  }
  for (let part = nextPiece(file.blob.size, file.offset, file.piece); part; part = nextPiece(file.blob.size, file.offset, file.piece)) {
    let answer: Response;
    try {
      answer = await ask(
        "PATCH", file.location, { "upload-offset": String(part[0]), "content-type": "application/offset+octet-stream" },
        file.blob.slice(part[0], part[1]),
      );
    } catch (error) {
      await know({ piece: halved(file.piece) });
      throw error;
    }
    if (!answer.ok) throw new Lost();
    await know({ offset: offsetOf(answer) });
  }
}
