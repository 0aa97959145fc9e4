/** A PMTiles archive (version 3 of its specification) of one raster tile: the whole world in orange. */
import { deflateSync } from "node:zlib";

export const TILE_COLOR = [255, 120, 0] as const;
const SIZE = 256;

function crc32(bytes: Buffer): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let k = 0; k < 8; k++) crc = (crc >>> 1) ^ (0xedb88320 & -(crc & 1));
  }
  return (crc ^ 0xffffffff) >>> 0;
}

function png(): Buffer {
  const chunk = (type: string, data: Buffer): Buffer => {
    const out = Buffer.alloc(12 + data.length);
    out.writeUInt32BE(data.length, 0);
    out.write(type, 4, "latin1");
    data.copy(out, 8);
    out.writeUInt32BE(crc32(out.subarray(4, 8 + data.length)), 8 + data.length);
    return out;
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(SIZE, 0);
  header.writeUInt32BE(SIZE, 4);
  header.set([8, 2, 0, 0, 0], 8); // 8 bits, RGB
  const row = Buffer.from([0, ...Array.from({ length: SIZE }, () => TILE_COLOR).flat()]);
  const data = deflateSync(Buffer.concat(Array.from({ length: SIZE }, () => row)));
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([signature, chunk("IHDR", header), chunk("IDAT", data), chunk("IEND", Buffer.alloc(0))]);
}

function varint(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...varint(value >>> 7)];
}

export function tiles(): Buffer {
  const tile = png();
  // one entry: tile 0, a run of 1, its length, its offset + 1
  const directory = Buffer.from([...varint(1), ...varint(0), ...varint(1), ...varint(tile.length), ...varint(1)]);
  const metadata = Buffer.from("{}");
  const header = Buffer.alloc(127);
  header.write("PMTiles", 0, "latin1");
  header[7] = 3;
  const places = [127, directory.length, 127 + directory.length, metadata.length, 0, 0, 127 + directory.length + metadata.length, tile.length, 1, 1, 1];
  places.forEach((n, i) => header.writeBigUInt64LE(BigInt(n), 8 + 8 * i));
  header.set([1, 1, 1, 2, 0, 0], 96); // clustered, no compression of directory nor tiles, PNG, zooms 0 to 0
  [-180e7, -85e7, 180e7, 85e7].forEach((v, i) => header.writeInt32LE(v, 102 + 4 * i));
  return Buffer.concat([header, directory, metadata, tile]);
}
