const SHOWN = 4;

/** The end of a number, by which who typed it knows it again: four characters, and never more than half of it. */
export function ending(number: string): string {
  const plain = number.trim();
  return `…${plain.slice(plain.length - Math.min(SHOWN, Math.floor(plain.length / 2)))}`;
}
