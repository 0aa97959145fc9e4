/** Voice notes: what a browser records, and the file that comes of it. */

export const LONGEST_S = 300;

const TYPES: [type: string, suffix: string][] = [
  ["audio/webm;codecs=opus", "webm"], ["audio/mp4", "m4a"], ["audio/ogg;codecs=opus", "ogg"],
];

/** The first that the recorder can and the server takes; null: it can none, or there is none. */
export function recordingType(recorder: Pick<typeof MediaRecorder, "isTypeSupported"> | undefined): string | null {
  return TYPES.find(([type]) => recorder?.isTypeSupported(type))?.[0] ?? null;
}

/** Named by when it was made; its type without the codec. */
export function voiceFile(pieces: Blob[], type: string, made: Date): File {
  const suffix = TYPES.find(([known]) => known === type)?.[1] ?? "";
  const name = `voice-${made.toISOString().slice(0, 19).replace(/[-:T]/g, "")}.${suffix}`;
  return new File(pieces, name, { type: type.split(";")[0]! });
}
