import { expect, it } from "vitest";
import { uuid7 } from "./uuid7.ts";

it("gives the example of RFC 9562, appendix A.6", () => {
  // 2022-02-22T19:22:22Z; rand_a CC3, rand_b 18C4DC0C0C07398F: the bits under version and variant are free.
  const random = new Uint8Array([0x0c, 0xc3, 0x18, 0xc4, 0xdc, 0x0c, 0x0c, 0x07, 0x39, 0x8f]);
  expect(uuid7(0x017f22e279b0, random)).toBe("017f22e2-79b0-7cc3-98c4-dc0c0c07398f");
});

it("sorts by time and does not repeat", () => {
  const ids = Array.from({ length: 200 }, (_, i) => uuid7(1_000_000 + i));
  expect(new Set(ids).size).toBe(200);
  expect([...ids].sort()).toEqual(ids);
});
