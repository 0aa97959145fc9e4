/** The past off the main thread: fetching, decoding, the fleet's columns, and the columns that the map draws. */
import { Fleet } from "./fleet.ts";
import type { FromPast, ToPast } from "./past.protocol.ts";
import { decodePiece } from "./piece.ts";
import { handedOver, type Memory } from "./memory.ts";
import { endTailStep, makePicture, type PictureOptions } from "./picture.ts";
import { Player } from "./player.ts";

const scope = self as unknown as DedicatedWorkerGlobalScope;
const send = (news: FromPast, transfer: Transferable[] = []): void => scope.postMessage(news, transfer);

/** The first picture comes from a short piece, those after it are long: fewer reads of the lake. */
const FIRST_S = 120;
const PIECE_S = 600;
/** So much of playing is fetched ahead, in seconds of the page's clock. */
const AHEAD_S = 20;
const BEAT_MS = 250;

const fleet = new Fleet();
const spare: Memory[] = [];
let player = new Player(fleet, 0);
let options: PictureOptions | null = null;
let clockMs = 0;
let untilMs = 0;
let speed = 0;
let waits = false;
let stepEndMs = 0;
let beatAt = 0;
let fetching: AbortController | null = null;

async function fetchPiece(first: boolean): Promise<void> {
  const mine = (fetching = new AbortController());
  const fromMs = player.loadedMs;
  const seconds = Math.min(first ? FIRST_S : PIECE_S, Math.max(1, Math.round((untilMs - fromMs) / 1000)));
  const from = encodeURIComponent(new Date(fromMs).toISOString());
  try {
    const answer = await fetch(`/api/v1/replay/piece?from=${from}&seconds=${seconds}&first=${first}`, { signal: mine.signal });
    if (!answer.ok) {
      const problem = (await answer.json().catch(() => ({}))) as { detail?: string };
      send({ is: "wrong", status: answer.status, detail: problem.detail ?? answer.statusText });
      return;
    }
    const piece = decodePiece(await answer.arrayBuffer());
    if (fetching !== mine) return;
    player.add(piece);
    if (first) draw(true);
  } catch (error) {
    if (fetching === mine) send({ is: "wrong", status: 0, detail: error instanceof Error ? error.message : String(error) });
  } finally {
    if (fetching === mine) fetching = null;
  }
  fetchMore();
}

function fetchMore(): void {
  if (fetching || player.loadedMs >= untilMs) return;
  if (player.loadedMs - clockMs < 1000 * Math.max(PIECE_S, AHEAD_S * speed)) void fetchPiece(false);
}

function draw(reset: boolean): void {
  if (!options) return;
  player.advance(clockMs);
  if (reset || fleet.eventMs >= stepEndMs) {
    stepEndMs = fleet.eventMs + options.tailStepMs;
    const segments = endTailStep(fleet, options.anchor);
    send({ is: "tail", segments, reset }, handedOver(segments.buffer as Memory));
  }
  const picture = makePicture(fleet, options, spare.pop());
  send({ is: "picture", picture, atMs: clockMs }, handedOver(picture.memory));
}

function beat(): void {
  const now = performance.now();
  const passed = now - beatAt;
  beatAt = now;
  if (!speed) return;
  const wanted = clockMs + passed * speed;
  const next = Math.min(wanted, player.loadedMs);
  const nowWaits = next < wanted && player.loadedMs < untilMs;
  if (nowWaits !== waits) send({ is: "waits", waits: (waits = nowWaits) });
  if (next > clockMs) {
    clockMs = next;
    draw(false);
  }
  if (clockMs >= untilMs) {
    speed = 0;
    send({ is: "ended" });
  }
  fetchMore();
}

setInterval(beat, BEAT_MS);

scope.onmessage = (event: MessageEvent<ToPast>) => {
  const message = event.data;
  switch (message.do) {
    case "open":
      fetching?.abort();
      ({ atMs: clockMs, untilMs, options } = message);
      player = new Player(fleet, clockMs);
      stepEndMs = 0;
      void fetchPiece(true);
      break;
    case "play":
      speed = message.speed;
      beatAt = performance.now();
      fetchMore();
      break;
    case "pause":
      speed = 0;
      break;
    case "options":
      options = message.options;
      if (fleet.count) draw(false);
      break;
    case "reuse":
      if (spare.length < 3) spare.push(message.memory);
      break;
    case "who":
      send({ is: "who", ask: message.ask, who: message.tracks.flatMap((track) => player.who.get(track) ?? []) });
  }
};
