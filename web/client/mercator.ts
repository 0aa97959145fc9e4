/** Web Mercator's world of size 1, x to the east and y to the south: what the screen is a scaled cut of. */
const RAD = Math.PI / 180;
/** Beyond it y grows without end. */
const MOST_LAT = 89.9;

export const mercatorX = (lon: number): number => (lon + 180) / 360;
export const mercatorY = (lat: number): number =>
  0.5 - Math.log(Math.tan(Math.PI / 4 + (Math.max(-MOST_LAT, Math.min(MOST_LAT, lat)) * RAD) / 2)) / (2 * Math.PI);
