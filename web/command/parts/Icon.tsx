import "@oicl/openbridge-webcomponents/dist/icons/icon-alerts.js";
import "@oicl/openbridge-webcomponents/dist/icons/icon-chart-layers.js";
import "@oicl/openbridge-webcomponents/dist/icons/icon-close-google.js";
import "@oicl/openbridge-webcomponents/dist/icons/icon-delete.js";
import "@oicl/openbridge-webcomponents/dist/icons/icon-edit-google.js";
import "@oicl/openbridge-webcomponents/dist/icons/icon-help.js";
import "@oicl/openbridge-webcomponents/dist/icons/icon-keeping-area.js";
import "@oicl/openbridge-webcomponents/dist/icons/icon-palette-day.js";
import "@oicl/openbridge-webcomponents/dist/icons/icon-palette-day-bright.js";
import "@oicl/openbridge-webcomponents/dist/icons/icon-palette-dusk.js";
import "@oicl/openbridge-webcomponents/dist/icons/icon-palette-night.js";
import "@oicl/openbridge-webcomponents/dist/icons/icon-pin-google.js";
import "@oicl/openbridge-webcomponents/dist/icons/icon-plotted-position-iec.js";
import "@oicl/openbridge-webcomponents/dist/icons/icon-radar-electronic-range-and-bearing-proposal.js";
import "@oicl/openbridge-webcomponents/dist/icons/icon-antenna-off.js";
import "@oicl/openbridge-webcomponents/dist/icons/icon-com-radio.js";
import "@oicl/openbridge-webcomponents/dist/icons/icon-search.js";
import "@oicl/openbridge-webcomponents/dist/icons/icon-ship.js";
import "@oicl/openbridge-webcomponents/dist/icons/icon-sound.js";
import "@oicl/openbridge-webcomponents/dist/icons/icon-sound-muted.js";
import "@oicl/openbridge-webcomponents/dist/icons/icon-undo-iec.js";
import "@oicl/openbridge-webcomponents/dist/icons/icon-ais-target-dangerous-iec.js";
import { createElement } from "react";

const TAGS = {
  alerts: "obi-alerts",
  layers: "obi-chart-layers",
  close: "obi-close-google",
  delete: "obi-delete",
  edit: "obi-edit-google",
  help: "obi-help",
  fence: "obi-keeping-area",
  day: "obi-palette-day",
  bright: "obi-palette-day-bright",
  dusk: "obi-palette-dusk",
  night: "obi-palette-night",
  pin: "obi-pin-google",
  position: "obi-plotted-position-iec",
  measure: "obi-radar-electronic-range-and-bearing-proposal",
  outage: "obi-antenna-off",
  radio: "obi-com-radio",
  search: "obi-search",
  ship: "obi-ship",
  sound: "obi-sound",
  muted: "obi-sound-muted",
  undo: "obi-undo-iec",
  cpa: "obi-ais-target-dangerous-iec",
} as const;
export type IconName = keyof typeof TAGS;

/** An icon of the OpenBridge set; it says nothing to a screen reader, its button does. */
export function Icon({ name }: { name: IconName }) {
  return createElement(TAGS[name], { "aria-hidden": true, class: "icon" });
}
