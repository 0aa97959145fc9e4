import type { Memory } from "./memory.ts";
import type { Picture, PictureOptions, Segments } from "./picture.ts";
import type { Contact } from "./contacts.ts";
import type { Incident } from "./incidents.ts";
import type { Task } from "./tasks.ts";
import type { Alert, Health, Vessel } from "./types.ts";

/** Messages between the page and its worker. */
export type ToWorker =
  | { do: "open"; url: string; alertsAfter: number; options: PictureOptions }
  | { do: "options"; options: PictureOptions }
  | { do: "reuse"; memory: Memory }
  | { do: "describe"; ask: number; tracks: number[] }
  | { do: "find"; ask: number; ids: string[] };

export type Link = "connecting" | "open" | "waiting";

export type News =
  | { is: "picture"; picture: Picture }
  | { is: "tail"; segments: Segments; reset: boolean }
  | { is: "alerts"; rows: Alert[]; seq: number }
  | { is: "incidents"; rows: Incident[] }
  | { is: "tasks"; rows: Task[] }
  | { is: "contacts"; rows: Contact[] }
  | { is: "health"; health: Health; atMs: number }
  | { is: "geofences" }
  | { is: "link"; link: Link; retryMs: number; broken?: string }
  | { is: "reset" }
  | { is: "answer"; ask: number; vessels: Vessel[] };

/** All that the page is to take in at once, in the order in which it came. */
export type FromWorker = News[];
