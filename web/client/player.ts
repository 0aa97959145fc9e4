/** Plays pieces of the past into a fleet. Knows neither the network nor a clock: who uses it says what time it is
 * and hands over pieces. */
import { categoryOfShipType } from "./category.ts";
import type { Fleet } from "./fleet.ts";
import { STATE_LIVE, STATE_LOST } from "./frame.ts";
import { rowsOf, type Piece } from "./piece.ts";

export interface Who {
  track: number;
  mmsi: number;
  id: string | null;
  name: string | null;
}

/** Silence is looked for so often, in ms of the past. */
const SWEEP_MS = 10_000;

export class Player {
  /** Up to where pieces are here, without a hole from the time that is shown. */
  loadedMs: number;
  private pieces: Piece[] = [];
  /** Rows of the first piece that are in the fleet already. */
  private done = 0;
  private sweptMs = 0;
  readonly who = new Map<number, Who>();

  constructor(readonly fleet: Fleet, startMs: number) {
    this.loadedMs = startMs;
    fleet.clear();
    fleet.eventMs = startMs;
  }

  /** The piece that goes on where the last one ended. */
  add(piece: Piece): void {
    if (piece.told.from !== this.loadedMs) return;
    const { track, mmsi, id, name, ship_type } = piece.told.vessels;
    for (let i = 0; i < track.length; i++) {
      this.who.set(track[i]!, { track: track[i]!, mmsi: mmsi[i]!, id: id[i]!, name: name[i]! });
      this.fleet.setCategory(track[i]!, categoryOfShipType(ship_type[i]));
    }
    if (piece.first.n) this.fleet.apply(piece.first);
    this.pieces.push(piece);
    this.loadedMs = piece.told.to;
  }

  /** Brings the fleet to a time that is not before the one it shows and not beyond what is loaded. */
  advance(toMs: number): void {
    const until = Math.min(toMs, this.loadedMs);
    for (let piece = this.pieces[0]; piece; piece = this.pieces[0]) {
      const { lastMs, n } = piece.then;
      let end = this.done;
      while (end < n && lastMs[end]! <= until) end++;
      if (end > this.done) this.fleet.apply(rowsOf(piece.then, this.done, end, until));
      this.done = end;
      if (until < piece.told.to || this.pieces.length === 1) break;
      this.pieces.shift();
      this.done = 0;
    }
    this.fleet.eventMs = until;
    if (until - this.sweptMs >= SWEEP_MS || until < this.sweptMs) this.sweep(until);
  }

  /** Who is silent is lost, who is silent for long is gone, as in the live picture. */
  private sweep(nowMs: number): void {
    this.sweptMs = nowMs;
    const told = this.pieces[0]?.told;
    if (!told) return;
    const { fleet } = this;
    const gone: number[] = [];
    for (let i = 0; i < fleet.count; i++) {
      const age = (nowMs - fleet.lastMs[i]!) / 1000;
      if (age > told.gone_after_s) gone.push(fleet.track[i]!);
      else fleet.state[i] = age > (told.lost_after_s[fleet.kind[i]!] ?? Infinity) ? STATE_LOST : STATE_LIVE;
    }
    for (const track of gone) fleet.remove(track);
  }
}

