/** AIVDM sentences as receivers send them: bits after ITU-R M.1371-5, Annex 8, armour and checksum
 * after NMEA 0183, the receiver and its time in a tag block (IEC 61162-450). */

export interface Report {
  mmsi: number;
  lon: number;
  lat: number;
  sogKn?: number;
  cogDeg?: number;
  headingDeg?: number;
  navStatus?: number;
}

export interface Particulars {
  mmsi: number;
  name: string;
  callSign?: string;
  imo?: number;
  shipType: number;
  lengthM?: number;
  destination?: string;
}

class Bits {
  private text = "";

  int(width: number, value: number): this {
    const unsigned = value < 0 ? value + 2 ** width : value;
    this.text += Math.round(unsigned).toString(2).padStart(width, "0").slice(-width);
    return this;
  }

  /** Six bits a character (table 47); @ fills up. */
  string(characters: number, value: string): this {
    for (const c of value.toUpperCase().padEnd(characters, "@").slice(0, characters)) this.int(6, c.charCodeAt(0) % 64);
    return this;
  }

  payload(): [text: string, fill: number] {
    const fill = (6 - (this.text.length % 6)) % 6;
    const padded = this.text + "0".repeat(fill);
    const codes = padded.match(/.{6}/g)!.map((six) => parseInt(six, 2));
    return [codes.map((c) => String.fromCharCode(c < 40 ? c + 48 : c + 56)).join(""), fill];
  }
}

const checksum = (text: string): string =>
  [...text].reduce((sum, c) => sum ^ c.charCodeAt(0), 0).toString(16).toUpperCase().padStart(2, "0");

let group = 0;

function sentences(bits: Bits, station: string, ms: number): string {
  const [payload, fill] = bits.payload();
  const parts = payload.match(/.{1,60}/g)!;
  const id = parts.length > 1 ? String(group++ % 10) : "";
  return parts
    .map((part, i) => {
      const body = `AIVDM,${parts.length},${i + 1},${id},A,${part},${i + 1 === parts.length ? fill : 0}`;
      const of = parts.length > 1 ? `g:${i + 1}-${parts.length}-${id},` : "";
      const tag = `${of}s:${station},c:${Math.floor(ms / 1000)}`;
      return `\\${tag}*${checksum(tag)}\\!${body}*${checksum(body)}\r\n`;
    })
    .join("");
}

/** Type 1, class A. */
export function position(r: Report, station: string, ms: number): string {
  const bits = new Bits()
    .int(6, 1).int(2, 0).int(30, r.mmsi).int(4, r.navStatus ?? 0).int(8, 0)
    .int(10, Math.min(1022, Math.round(10 * (r.sogKn ?? 0)))).int(1, 1)
    .int(28, Math.round(r.lon * 600_000)).int(27, Math.round(r.lat * 600_000))
    .int(12, r.cogDeg === undefined ? 3600 : Math.round(10 * r.cogDeg) % 3600)
    .int(9, r.headingDeg === undefined ? 511 : Math.round(r.headingDeg) % 360)
    .int(6, Math.floor(ms / 1000) % 60).int(2, 0).int(3, 0).int(1, 0).int(19, 0);
  return sentences(bits, station, ms);
}

/** Type 5. */
export function particulars(p: Particulars, station: string, ms: number): string {
  const length = p.lengthM ?? 20;
  const bits = new Bits()
    .int(6, 5).int(2, 0).int(30, p.mmsi).int(2, 0).int(30, p.imo ?? 0).string(7, p.callSign ?? "").string(20, p.name)
    .int(8, p.shipType).int(9, Math.round(length / 2)).int(9, Math.round(length / 2)).int(6, 4).int(6, 4)
    .int(4, 1).int(4, 0).int(5, 0).int(5, 24).int(6, 60).int(8, 40).string(20, p.destination ?? "").int(1, 0).int(1, 0);
  return sentences(bits, station, ms);
}

/** Type 14: safety-related text to all. */
export function safetyText(mmsi: number, text: string, station: string, ms: number): string {
  return sentences(new Bits().int(6, 14).int(2, 0).int(30, mmsi).int(2, 0).string(text.length, text), station, ms);
}
