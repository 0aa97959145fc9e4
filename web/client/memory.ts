/** Memory for what the worker makes and the page reads. Where the page is isolated from other origins both
 * hold it together. Else it changes hands with each message, and the collector counts every change as
 * fresh memory: after a few dozen pictures it goes through all of the page. */

export type Memory = ArrayBuffer | SharedArrayBuffer;

export function makeMemory(bytes: number): Memory {
  return globalThis.crossOriginIsolated ? new SharedArrayBuffer(bytes) : new ArrayBuffer(bytes);
}

/** What must be handed over with a message, because it cannot be held together. */
export function handedOver(memory: Memory): ArrayBuffer[] {
  return memory instanceof ArrayBuffer ? [memory] : [];
}
