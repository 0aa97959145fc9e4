import type { Memory } from "./memory.ts";
import type { Picture, PictureOptions, Segments } from "./picture.ts";
import type { Who } from "./player.ts";

/** Messages between the page of the past and its worker. Times in ms since 1970. */
export type ToPast =
  | { do: "open"; atMs: number; untilMs: number; options: PictureOptions }
  | { do: "play"; speed: number }
  | { do: "pause" }
  | { do: "options"; options: PictureOptions }
  | { do: "reuse"; memory: Memory }
  | { do: "who"; ask: number; tracks: number[] };

export type FromPast =
  | { is: "picture"; picture: Picture; atMs: number }
  | { is: "tail"; segments: Segments; reset: boolean }
  | { is: "waits"; waits: boolean }
  | { is: "ended" }
  | { is: "wrong"; status: number; detail: string }
  | { is: "who"; ask: number; who: Who[] };
