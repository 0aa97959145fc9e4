/** When something was done, where it was noted by a clock that may be wrong (contracts/sync). */
export const TOLERANCE_US = 5_000_000;
export const WRONG_US = 120_000_000;
export const LONGEST_US = 3_653 * 86_400_000_000;

export interface Corrected {
  at_us: number;
  /** How much the device's clock was ahead of the server's when it sent; negative: behind. */
  ahead_us: number;
  is_wrong: boolean;
}

export function corrected(madeUs: number, clockUs: number, receivedUs: number): Corrected {
  const ahead = clockUs - receivedUs;
  const off = Math.abs(ahead) > TOLERANCE_US ? ahead : 0;
  const at = Math.min(Math.max(madeUs - off, receivedUs - LONGEST_US), receivedUs);
  return { at_us: at, ahead_us: ahead, is_wrong: Math.abs(ahead) >= WRONG_US };
}
