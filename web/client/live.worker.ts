/** The live stream off the main thread: socket, decoding, the fleet's columns, and the columns that
 * the map draws. The page gets one message an update, and no array of it is copied. */
import { categoryOfShipType } from "./category.ts";
import { Fleet } from "./fleet.ts";
import { decodeFrame } from "./frame.ts";
import type { News, ToWorker } from "./live.protocol.ts";
import { endTailStep, makePicture, type PictureOptions } from "./picture.ts";
import { handedOver, type Memory } from "./memory.ts";
import type { Contact } from "./contacts.ts";
import { Outbox } from "./outbox.ts";
import type { Incident } from "./incidents.ts";
import type { Task } from "./tasks.ts";
import type { Alert, Health, Vessel } from "./types.ts";

const scope = self as unknown as DedicatedWorkerGlobalScope;
const outbox = new Outbox((news, transfer) => scope.postMessage(news, transfer));
const send = (news: News, memory?: Memory): void => outbox.put(news, memory ? handedOver(memory) : []);

const RETRY_FIRST_MS = 500;
const RETRY_MOST_MS = 15_000;

const fleet = new Fleet();
const vessels = new Map<number, Vessel>();
const trackOf = new Map<string, number>();
let options: PictureOptions | null = null;
/** Of pictures that the page has done with. */
const spare: Memory[] = [];
let url = "";
let alertsAfter = 0;
/** From where incidents, tasks and contacts are sent: the first time from now on, since a page asks for what there is. */
const NEWEST = 999_999_999_999_999;
const after = { incidents: NEWEST, tasks: NEWEST, contacts: NEWEST };
let retryMs = RETRY_FIRST_MS;
let stepEndMs = 0;

type Text =
  | { type: "hello"; seq: number; reset: boolean; after?: Partial<typeof after> }
  | { type: "vessels"; rows: Vessel[] }
  | { type: "alerts"; rows: Alert[]; seq: number }
  | { type: "incidents"; rows: Incident[]; seq: number }
  | { type: "tasks"; rows: Task[]; seq: number }
  | { type: "contacts"; rows: Contact[]; seq: number }
  | ({ type: "health" } & Health)
  | { type: "geofences" };

function onText(message: Text): void {
  switch (message.type) {
    case "hello":
      retryMs = RETRY_FIRST_MS;
      Object.assign(after, message.after);
      if (message.reset) forget();
      break;
    case "vessels":
      for (const row of message.rows) {
        vessels.set(row.track, row);
        trackOf.set(row.id, row.track);
        fleet.setCategory(row.track, categoryOfShipType(row.ship_type));
      }
      break;
    case "alerts":
      alertsAfter = Math.max(alertsAfter, message.seq);
      send({ is: "alerts", rows: message.rows, seq: message.seq });
      break;
    case "incidents":
      after.incidents = message.seq;
      send({ is: "incidents", rows: message.rows });
      break;
    case "tasks":
      after.tasks = message.seq;
      send({ is: "tasks", rows: message.rows });
      break;
    case "contacts":
      after.contacts = message.seq;
      send({ is: "contacts", rows: message.rows });
      break;
    case "health":
      send({ is: "health", health: message, atMs: Date.now() });
      break;
    case "geofences":
      send({ is: "geofences" });
  }
}

function forget(): void {
  fleet.clear();
  vessels.clear();
  trackOf.clear();
  stepEndMs = 0;
  send({ is: "reset" });
}

function onFrame(bytes: ArrayBuffer): void {
  fleet.apply(decodeFrame(bytes));
  if (options && fleet.eventMs >= stepEndMs) {
    const reset = stepEndMs === 0;
    stepEndMs = fleet.eventMs + options.tailStepMs;
    const segments = endTailStep(fleet, options.anchor);
    send({ is: "tail", segments, reset }, segments.buffer);
  }
  draw();
}

function draw(): void {
  if (!options) return;
  const picture = makePicture(fleet, options, spare.pop());
  send({ is: "picture", picture }, picture.memory);
}

function connect(): void {
  send({ is: "link", link: "connecting", retryMs });
  const socket = new WebSocket(`${url}?alerts_after=${alertsAfter}&incidents_after=${after.incidents}&tasks_after=${after.tasks}&contacts_after=${after.contacts}&interval_ms=500`);
  socket.binaryType = "arraybuffer";
  let broken: string | undefined;
  socket.onopen = () => send({ is: "link", link: "open", retryMs: 0 });
  socket.onmessage = (event: MessageEvent<string | ArrayBuffer>) => {
    try {
      if (typeof event.data === "string") onText(JSON.parse(event.data) as Text);
      else onFrame(event.data);
    } catch (error) {
      broken = error instanceof Error ? error.message : String(error);
      socket.close();
    }
  };
  socket.onclose = () => {
    const wait = retryMs * (0.75 + 0.5 * Math.random()); // many pages must not come back at once
    retryMs = Math.min(2 * retryMs, RETRY_MOST_MS);
    send({ is: "link", link: "waiting", retryMs: wait, broken });
    setTimeout(connect, wait);
  };
}

scope.onmessage = (event: MessageEvent<ToWorker>) => {
  const message = event.data;
  switch (message.do) {
    case "open":
      ({ url, alertsAfter, options } = message);
      connect();
      break;
    case "options":
      if (message.options.tailStepMs !== options?.tailStepMs) stepEndMs = 0;
      options = message.options;
      if (fleet.count) draw();
      break;
    case "reuse":
      if (spare.length < 3) spare.push(message.memory);
      break;
    case "describe":
      send({
        is: "answer",
        ask: message.ask,
        vessels: message.tracks.flatMap((t) => vessels.get(t) ?? []),
      });
      break;
    case "find":
      send({
        is: "answer",
        ask: message.ask,
        vessels: message.ids.flatMap((id) => vessels.get(trackOf.get(id) ?? -1) ?? []),
      });
  }
};
