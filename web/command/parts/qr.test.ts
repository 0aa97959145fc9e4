import jsQR from "jsqr";
import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import { QrCode } from "./QrCode.tsx";
import { QUIET, qrOf } from "./qr.ts";

const SCALE = 4; // pixels a module

/** The path as a camera's picture of it. */
function picture({ size, path }: { size: number; path: string }): Uint8ClampedArray {
  const side = size * SCALE;
  const pixels = new Uint8ClampedArray(side * side * 4).fill(255);
  for (const [, x, y, width] of path.matchAll(/M(\d+) (\d+)h(\d+)v1h-\d+z/g)) {
    for (let row = Number(y) * SCALE; row < (Number(y) + 1) * SCALE; row++) {
      const first = (row * side + Number(x) * SCALE) * 4;
      for (let at = first; at < first + Number(width) * SCALE * 4; at += 4) pixels.fill(0, at, at + 3);
    }
  }
  return pixels;
}

const LOGINS = ["li", "data.protection.officer@haikou.example", "%E7%8E%8B%E4%BC%9F"];
const uriOf = (login: string): string =>
  `otpauth://totp/Littoral%3A${login}?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Littoral&digits=6&period=30`;

test.each([...LOGINS, "x".repeat(300)])("another decoder reads the address of %s", (login) => {
  const code = qrOf(uriOf(login));
  const side = code.size * SCALE;
  expect(jsQR(picture(code), side, side, { inversionAttempts: "dontInvert" })?.data).toBe(uriOf(login));
});

test("the margin is as wide as cameras need it", () => {
  const { size, path } = qrOf(uriOf("li"));
  for (const [, x, y, width] of path.matchAll(/M(\d+) (\d+)h(\d+)/g)) {
    expect(Math.min(Number(x), Number(y))).toBeGreaterThanOrEqual(QUIET);
    expect(Math.max(Number(x) + Number(width), Number(y) + 1)).toBeLessThanOrEqual(size - QUIET);
  }
});

test("it is drawn in the page itself, dark on light, and says what it is", () => {
  const drawn = renderToStaticMarkup(createElement(QrCode, { text: uriOf("li"), label: "the key" }));
  expect(drawn).toContain('role="img" aria-label="the key"');
  expect(drawn).toContain(`<path d="${qrOf(uriOf("li")).path}" fill="#000"`);
  expect(drawn).not.toMatch(/data:|blob:|href|style=/);
});
