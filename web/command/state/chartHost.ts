import type { Chart } from "../../map/chart.ts";

/** The one chart of the page, once it is mounted. */
export const chart: { current: Chart | null } = { current: null };
