/** The phone's database. What is written is asked to be on the disk before it counts as kept. */
const NAME = "littoral-phone";
const STORES = { meta: "key", queue: "id", files: "sha256", held: "key", drafts: "id", forms: "id", filling: "id" } as const;
const VERSION = 2;

export type StoreName = keyof typeof STORES;

let opening: Promise<IDBDatabase> | null = null;

function open(): Promise<IDBDatabase> {
  opening ??= new Promise((resolve, reject) => {
    const asked = indexedDB.open(NAME, VERSION);
    asked.onupgradeneeded = () => {
      for (const [name, keyPath] of Object.entries(STORES)) {
        if (!asked.result.objectStoreNames.contains(name)) asked.result.createObjectStore(name, { keyPath });
      }
    };
    asked.onsuccess = () => {
      const db = asked.result;
      db.onclose = () => (opening = null); // the browser took it away
      db.onversionchange = () => db.close();
      resolve(db);
    };
    asked.onerror = () => {
      opening = null;
      reject(asked.error ?? new Error("no database"));
    };
  });
  return opening;
}

const result = <T>(asked: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error ?? new Error("the database failed"));
  });

/** All in one: it is kept as a whole, or rejected and nothing of it is. */
export async function writing<T>(names: StoreName[], work: (of: (name: StoreName) => IDBObjectStore) => Promise<T> | T): Promise<T> {
  const db = await open();
  const tx = db.transaction(names, "readwrite", { durability: "strict" });
  const done = new Promise<void>((resolve, reject) => {
    tx.oncomplete = () => resolve();
    tx.onabort = () => reject(tx.error ?? new DOMException("aborted", "AbortError"));
  });
  let value: T;
  try {
    value = await work((name) => tx.objectStore(name));
  } catch (error) {
    try {
      tx.abort();
    } catch {
      // It is over already.
    }
    await done.catch(() => undefined);
    throw tx.error ?? error;
  }
  await done;
  return value;
}

/** All of a store, within a transaction of others. */
export const everyOne = <T>(store: IDBObjectStore): Promise<T[]> => result<T[]>(store.getAll() as IDBRequest<T[]>);

/** What all of a store are known by, without reading them: a file is large. */
export const everyKey = (store: IDBObjectStore): Promise<IDBValidKey[]> => result(store.getAllKeys());

export async function all<T>(name: StoreName): Promise<T[]> {
  const db = await open();
  return everyOne<T>(db.transaction(name).objectStore(name));
}

export async function one<T>(name: StoreName, key: string): Promise<T | undefined> {
  const db = await open();
  return result<T | undefined>(db.transaction(name).objectStore(name).get(key) as IDBRequest<T | undefined>);
}

export const put = (name: StoreName, value: unknown): Promise<void> =>
  writing([name], (of) => void of(name).put(value));

export const drop = (name: StoreName, key: string): Promise<void> => writing([name], (of) => void of(name).delete(key));

export async function meta<T>(key: string): Promise<T | undefined> {
  return (await one<{ key: string; value: T }>("meta", key))?.value;
}

export const setMeta = (key: string, value: unknown): Promise<void> => put("meta", { key, value });

/** A counter, one further, within a transaction of others. */
export async function counted(of: (name: StoreName) => IDBObjectStore, key: string): Promise<number> {
  const found = await result<{ key: string; value: number } | undefined>(of("meta").get(key));
  const value = (found?.value ?? 0) + 1;
  of("meta").put({ key, value });
  return value;
}
