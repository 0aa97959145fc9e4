/** The wire types of docs/live-stream.md. */

export type Priority = 1 | 2 | 3 | 4;
export type AlertState = "provisional" | "confirmed" | "withdrawn";
export type Handling = "new" | "acknowledged" | "dismissed" | "handed_on";
export type Action = "acknowledge" | "dismiss" | "hand_on" | "comment" | "undo";
export type Fact = number | string | boolean | null;

export interface Thing {
  ref: string;
  label: string;
  mmsi?: number | null;
}

export interface Alert {
  id: string;
  seq: number;
  revision: number;
  rule: string;
  version: string;
  profile: string;
  kind: string;
  state: AlertState;
  withdrawn_reason: string | null;
  priority: Priority;
  escalated: boolean;
  start: string;
  end: string | null;
  updated: string;
  raised: string;
  lon: number | null;
  lat: number | null;
  things: Thing[];
  sentence: { zh: string; en: string };
  facts: Record<string, Fact>;
  settings: Record<string, unknown>;
  evidence: number[];
  held_by: string | null;
  handling: Handling;
  handled_by: string | null;
  handled_at: string | null;
  reason: string | null;
}

export interface AlertVersion {
  revision: number;
  state: AlertState;
  priority: Priority;
  updated: string;
  sentence?: { zh: string; en: string };
  withdrawn_reason?: string | null;
}

export interface AlertAction {
  id: string;
  action: Action;
  reason: string | null;
  to: string | null;
  by: string;
  at: string;
}

export interface AlertDetail extends Alert {
  versions: AlertVersion[];
  actions: AlertAction[];
}

export interface EvidenceObservation {
  obs_id: number | string;
  t: string;
  mmsi: number;
  lon: number | null;
  lat: number | null;
  sog_kn: number | null;
  cog_deg: number | null;
  heading_deg?: number | null;
  station?: string | null;
}

export interface EvidenceLine {
  obs_id?: number | string;
  source: string;
  line: number;
  text: string;
}

export interface Evidence {
  observations: EvidenceObservation[];
  lines: EvidenceLine[];
}

export interface Receiver {
  station: number;
  name: string;
  state: "hearing" | "silent" | "planned_outage";
  last: string | null;
  age_s: number | null;
  messages: number;
}

export interface Feed {
  name: string;
  kind: string;
  connected: boolean;
  lines: number;
  rejected: number;
  last_received: string | null;
  lines_per_s: number;
}

export interface Health {
  event_time: string | null;
  watermark: string | null;
  speed: number;
  feeds: Feed[];
  receivers: Receiver[];
  mode: "history" | "live";
  progress: number;
  counts: Record<string, number>;
}

export interface Settings {
  region: string;
  bbox: [number, number, number, number];
  center: [number, number];
  profile: string;
  operator: string;
  time_zone: string;
  loopback_only: boolean;
  detectors: string[];
}

/** Static data of one vessel as the live stream and the searches give it. */
export interface Vessel {
  track: number;
  id: string;
  mmsi: number;
  name: string | null;
  call_sign: string | null;
  imo: number | null;
  ship_type: number | null;
  kind: string;
  length_m: number | null;
  beam_m: number | null;
  draught_m: number | null;
  destination: string | null;
  eta: string | null;
}

export interface SearchHit extends Partial<Vessel> {
  id: string;
  mmsi: number;
  name: string | null;
  lon?: number | null;
  lat?: number | null;
  matched?: string | null;
}

export interface PastPosition {
  t: string;
  lon: number;
  lat: number;
  sog_kn: number | null;
  cog_deg: number | null;
}

export interface GeofenceRules {
  enter: boolean;
  exit: boolean;
  max_speed_kn: number | null;
  night_only: boolean;
}

export interface GeofenceInput {
  name: string;
  geometry: GeoJSON.Polygon;
  rules: GeofenceRules;
  priority: Priority;
  valid_from: string | null;
  valid_to: string | null;
}

export interface Geofence extends GeofenceInput {
  id: string;
}

export interface OutageInput {
  receiver: string;
  start: string;
  end: string;
  reason: string;
}

export interface Outage extends OutageInput {
  id: string;
}

export interface Page<T> {
  items: T[];
  next_cursor: string | null;
}

export interface TileSet {
  name: string;
  url: string;
  title?: string;
}

export interface Problem {
  type?: string;
  title: string;
  status: number;
  detail?: string;
  errors?: { field: string; message: string }[];
}
