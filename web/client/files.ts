/** Files to and from the server. */
import { ApiError, problemOf, ROOT } from "./http.ts";

export const FILE_CHANGED = "file_changed";

/** Sends bytes and tells how far it is, from 0 to 1: `fetch` cannot. */
export function upload<T>(
  path: string,
  file: Blob,
  headers: Record<string, string> = {},
  onProgress: (share: number) => void = () => undefined,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", ROOT + path);
    for (const [name, value] of Object.entries({ "x-littoral-request": "1", "content-type": "application/octet-stream", ...headers })) {
      request.setRequestHeader(name, value);
    }
    request.upload.onprogress = (e) => e.lengthComputable && onProgress(e.loaded / e.total);
    // A file that was altered on disk since it was chosen cannot be read, which looks as a broken line does.
    request.onerror = () =>
      void file.slice(0, 1).arrayBuffer().then(
        () => reject(new ApiError({ title: "unreachable", status: 0 })),
        () => reject(new ApiError({ title: FILE_CHANGED, status: 0 })),
      );
    request.onload = () => {
      const json = jsonOf(request.responseText);
      if (request.status < 300) resolve(json as T);
      else reject(new ApiError(problemOf(json, request.status, request.statusText)));
    };
    request.send(file);
  });
}

/** Bytes with the name that the server gives them. */
export async function download(method: "GET" | "POST", path: string, body?: unknown): Promise<{ name: string; content: Blob }> {
  let response: Response;
  try {
    response = await fetch(ROOT + path, {
      method,
      headers: {
        ...(method === "GET" ? {} : { "x-littoral-request": "1" }),
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch {
    throw new ApiError({ title: "unreachable", status: 0 });
  }
  if (!response.ok) throw new ApiError(problemOf(jsonOf(await response.text()), response.status, response.statusText));
  return { name: nameOf(response.headers.get("content-disposition") ?? ""), content: await response.blob() };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** RFC 6266: `attachment; filename*=UTF-8''...`. */
function nameOf(disposition: string): string {
  const [, encoded] = /filename\*=UTF-8''([^;]+)/i.exec(disposition) ?? [];
  if (encoded) return decodeURIComponent(encoded);
  const [, plain] = /filename="?([^";]+)"?/i.exec(disposition) ?? [];
  return plain ?? "file";
}
