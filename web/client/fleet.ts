import { STATE_GONE, type Frame } from "./frame.ts";

/** Everything that moves now, one row a track, in columns that grow by doubling. A row keeps its
 * place until its track is gone; then the last row takes that place. */
export class Fleet {
  count = 0;
  eventMs = 0;
  lon = new Float64Array(0);
  lat = new Float64Array(0);
  lastMs = new Float64Array(0);
  track = new Uint32Array(0);
  sogMps = new Float32Array(0);
  cogDeg = new Float32Array(0);
  headingDeg = new Float32Array(0);
  navStatus = new Int8Array(0);
  kind = new Uint8Array(0);
  ring = new Int8Array(0);
  state = new Uint8Array(0);
  /** Colour class of the ship type, see picture.ts; set from static data. */
  category = new Uint8Array(0);
  /** Where the tail's last finished step ended, NaN before the first. */
  tailLon = new Float64Array(0);
  tailLat = new Float64Array(0);
  private rowOf = new Map<number, number>();
  private categoryOf = new Map<number, number>();

  row(track: number): number {
    return this.rowOf.get(track) ?? -1;
  }

  setCategory(track: number, category: number): void {
    this.categoryOf.set(track, category);
    const row = this.row(track);
    if (row >= 0) this.category[row] = category;
  }

  clear(): void {
    this.count = 0;
    this.rowOf.clear();
    this.categoryOf.clear();
  }

  apply(frame: Frame): void {
    this.eventMs = frame.eventMs;
    for (let i = 0; i < frame.n; i++) {
      const track = frame.track[i]!;
      let row = this.rowOf.get(track);
      if (frame.state[i] === STATE_GONE) {
        this.remove(track);
        continue;
      }
      if (row === undefined) {
        row = this.add(track);
      }
      this.lon[row] = frame.lon[i]!;
      this.lat[row] = frame.lat[i]!;
      this.lastMs[row] = frame.lastMs[i]!;
      this.sogMps[row] = frame.sogMps[i]!;
      this.cogDeg[row] = frame.cogDeg[i]!;
      this.headingDeg[row] = frame.headingDeg[i]!;
      this.navStatus[row] = frame.navStatus[i]!;
      this.kind[row] = frame.kind[i]!;
      this.ring[row] = frame.ring[i]!;
      this.state[row] = frame.state[i]!;
    }
  }

  private add(track: number): number {
    if (this.count === this.lon.length) this.grow();
    const row = this.count++;
    this.rowOf.set(track, row);
    this.track[row] = track;
    this.category[row] = this.categoryOf.get(track) ?? 0;
    this.tailLon[row] = NaN;
    this.tailLat[row] = NaN;
    return row;
  }

  remove(track: number): void {
    const row = this.rowOf.get(track);
    if (row === undefined) return;
    const last = --this.count;
    this.rowOf.delete(track);
    this.categoryOf.delete(track);
    if (row === last) return;
    for (const column of this.columns()) column[row] = column[last]!;
    this.rowOf.set(this.track[row]!, row);
  }

  private columns() {
    return [
      this.lon, this.lat, this.lastMs, this.track, this.sogMps, this.cogDeg, this.headingDeg,
      this.navStatus, this.kind, this.ring, this.state, this.category, this.tailLon, this.tailLat,
    ];
  }

  private grow(): void {
    const size = Math.max(1024, 2 * this.lon.length);
    const wider = <T extends { set(from: T): void }>(to: T, from: T): T => {
      to.set(from);
      return to;
    };
    this.lon = wider(new Float64Array(size), this.lon);
    this.lat = wider(new Float64Array(size), this.lat);
    this.lastMs = wider(new Float64Array(size), this.lastMs);
    this.track = wider(new Uint32Array(size), this.track);
    this.sogMps = wider(new Float32Array(size), this.sogMps);
    this.cogDeg = wider(new Float32Array(size), this.cogDeg);
    this.headingDeg = wider(new Float32Array(size), this.headingDeg);
    this.navStatus = wider(new Int8Array(size), this.navStatus);
    this.kind = wider(new Uint8Array(size), this.kind);
    this.ring = wider(new Int8Array(size), this.ring);
    this.state = wider(new Uint8Array(size), this.state);
    this.category = wider(new Uint8Array(size), this.category);
    this.tailLon = wider(new Float64Array(size), this.tailLon);
    this.tailLat = wider(new Float64Array(size), this.tailLat);
  }
}
