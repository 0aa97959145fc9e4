/** Colour classes. ITU-R M.1371-5, table 53: the first digit of the ship type is its class, the
 * types 30 to 37 and 50 to 59 are single trades. */
export const CATEGORIES = [
  "other", "cargo", "tanker", "passenger", "fishing", "service", "pleasure",
  "aton", "sar", "distress", "base", "net_beacon",
] as const;
export type Category = (typeof CATEGORIES)[number];

const OTHER = 0, CARGO = 1, TANKER = 2, PASSENGER = 3, FISHING = 4, SERVICE = 5, PLEASURE = 6;

export function categoryOfShipType(type: number | null | undefined): number {
  if (type == null) return OTHER;
  if (type === 30) return FISHING;
  if (type === 36 || type === 37) return PLEASURE;
  if ((type >= 31 && type <= 35) || (type >= 50 && type <= 59)) return SERVICE;
  if (type >= 40 && type <= 49) return PASSENGER; // high-speed craft carry passengers here
  if (type >= 60 && type <= 69) return PASSENGER;
  if (type >= 70 && type <= 79) return CARGO;
  if (type >= 80 && type <= 89) return TANKER;
  return OTHER;
}

/** `kind` of the frame: class A, class B, base, AtoN, SAR aircraft, distress device, net beacon. */
export const KINDS = ["class_a", "class_b", "base", "aton", "sar_aircraft", "distress_device", "net_beacon"] as const;
export const NET_BEACON = 6;

/** A station that is no ship has a colour of its own, whatever it says of its ship type. */
export function categoryOf(kind: number, shipCategory: number): number {
  if (kind === 2) return 10;
  if (kind === 3) return 7;
  if (kind === 4) return 8;
  if (kind === 5) return 9;
  if (kind === NET_BEACON) return 11;
  return shipCategory;
}
