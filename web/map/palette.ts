import type { Category } from "../client/category.ts";

/** Chart and target colours of the four OpenBridge palettes. Chart colours follow the order of the
 * S-52 tables (land darker than shallow water by day, near black by night); target colours are taken
 * from Okabe and Ito's set, which colour-blind people tell apart, lightened or dimmed per palette. */
export const PALETTES = ["day", "dusk", "night", "bright"] as const;
export type PaletteName = (typeof PALETTES)[number];

export interface ChartColors {
  water: string;
  land: string;
  coast: string;
  grid: string;
  gridText: string;
  ring: string;
  band: string;
  port: string;
  landing: string;
  crossing: string;
  fence: string;
  text: string;
  halo: string;
  /** Of raster tiles, 1 is as they are. */
  brightness: number;
  tool: number[];
  /** Of contacts that people entered. */
  contact: number[];
  track: number[];
  select: number[];
  label: number[];
  target: Record<Category, number[]>;
  alert: Record<1 | 2 | 3 | 4 | 5, number[]>;
}

/** `#d3e4ec` as red, green, blue. */
export const hex = (s: string): number[] => [1, 3, 5].map((i) => parseInt(s.slice(i, i + 2), 16));

function target(colors: string[]): Record<Category, number[]> {
  const names: Category[] = [
    "other", "cargo", "tanker", "passenger", "fishing", "service", "pleasure", "aton", "sar", "distress", "base",
    "net_beacon",
  ];
  return Object.fromEntries(names.map((n, i) => [n, hex(colors[i]!)])) as Record<Category, number[]>;
}

const alerts = (colors: string[]): ChartColors["alert"] => ({
  1: hex(colors[0]!), 2: hex(colors[1]!), 3: hex(colors[2]!), 4: hex(colors[3]!), 5: hex(colors[4]!),
});

const DAY: ChartColors = {
  water: "#d3e4ec", land: "#e9e1c6", coast: "#8a7f5c", grid: "#b4c9d3", gridText: "#55707e",
  ring: "#4b6d8f", band: "#7c92a6", port: "#37424b", landing: "#7a4f8f", crossing: "#7a4f8f",
  fence: "#a0288a", text: "#2b3740", halo: "#eef4f6", brightness: 1,
  tool: hex("#b0006d"), contact: hex("#6a3400"), track: hex("#1d3c67"), select: hex("#1d3c67"), label: hex("#1f2b33"),
  target: target([
    "#4d5a61", "#00704f", "#a8327d", "#005a94", "#a85a00", "#16718f", "#6d6200", "#7a4f8f", "#c22c00", "#d60018", "#5d6468", "#7d7466",
  ]),
  alert: alerts(["#d60018", "#e30019", "#b85b00", "#8a6a00", "#6f7a80"]),
};

export const CHART: Record<PaletteName, ChartColors> = {
  day: DAY,
  bright: {
    ...DAY, water: "#e8f3f8", land: "#fbf3d5", coast: "#6b6142", grid: "#a9c0cb", halo: "#ffffff", text: "#11181c",
  },
  dusk: {
    water: "#0e1d29", land: "#262720", coast: "#6a6a52", grid: "#20384a", gridText: "#6f8da0",
    ring: "#5f8db3", band: "#48677f", port: "#b9c4cb", landing: "#b493c9", crossing: "#a184b8",
    fence: "#de7fc4", text: "#c3ced5", halo: "#0b151d", brightness: 0.6,
    tool: hex("#ff9ad5"), contact: hex("#ffc27a"), track: hex("#b1d6ff"), select: hex("#ffffff"), label: hex("#cfd9df"),
    target: target([
      "#9aa7ae", "#2cc79b", "#e08fbf", "#5fb0f0", "#f0a535", "#7fd0ea", "#d9cf55", "#c0a0d6", "#ff8a50", "#ff4b4b", "#8d979c", "#8f8878",
    ]),
    alert: alerts(["#ff4040", "#ff4040", "#ff9a2e", "#ffd24a", "#6f7a80"]),
  },
  night: {
    water: "#02070b", land: "#110f08", coast: "#41381f", grid: "#0d1a22", gridText: "#3f5560",
    ring: "#2b4a62", band: "#213746", port: "#7a6234", landing: "#5c476b", crossing: "#54415f",
    fence: "#8a4a79", text: "#8f7238", halo: "#020405", brightness: 0.25,
    tool: hex("#a85a8c"), contact: hex("#b57a3c"), track: hex("#58c8a2"), select: hex("#eaa75e"), label: hex("#9c7a45"),
    target: target([
      "#717b80", "#1d8063", "#91597a", "#3d739c", "#9c6a1f", "#4d8598", "#87802f", "#75608a", "#b05a30", "#d02a2a", "#69737a", "#6c6351",
    ]),
    alert: alerts(["#e02828", "#e02828", "#ba5a00", "#897300", "#6f7a80"]),
  },
};
