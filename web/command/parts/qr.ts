import qrcode from "qrcode-generator";

/** Modules around the code that stay light (ISO/IEC 18004). */
export const QUIET = 4;

export interface Qr {
  /** Modules along a side, with the quiet zone. */
  size: number;
  /** The dark modules as an SVG path, one module a unit, a rectangle for each run in a row. */
  path: string;
}

/** An ASCII text, such as an address, as a QR code that still reads with 15 % of it damaged. */
export function qrOf(text: string): Qr {
  const code = qrcode(0, "M"); // 0: as large as the text needs
  code.addData(text, "Byte");
  code.make();
  const count = code.getModuleCount();
  let path = "";
  for (let row = 0; row < count; row++) {
    for (let col = 0; col < count; ) {
      const from = col;
      while (col < count && code.isDark(row, col)) col++;
      if (col > from) path += `M${from + QUIET} ${row + QUIET}h${col - from}v1h${from - col}z`;
      else col++;
    }
  }
  return { size: count + 2 * QUIET, path };
}
