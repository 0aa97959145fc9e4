/** Short names for what `npm run client` makes from contracts/openapi.json, and the few wire types of
 * the live stream that OpenAPI cannot tell. */
import type { components } from "./api.d.ts";

type Schemas = components["schemas"];

export type Priority = 1 | 2 | 3 | 4 | 5;
/** Kept for analysts, never annunciated. */
export const NOTED = 5;
/** OpenAPI knows the priority as a number with bounds. */
type Graded<T> = Omit<T, "priority"> & { priority: Priority };

export type Alert = Graded<Schemas["AlertModel"]>;
export type AlertVersion = Graded<Schemas["VersionModel"]>;
export type AlertAction = Schemas["ActionModel"];
export type AlertDetail = Alert & Pick<Schemas["AlertDetailModel"], "takes_two" | "waits"> & { versions: AlertVersion[]; actions: AlertAction[] };
export type AlertState = Alert["state"];
export type Handling = Alert["handling"];
export type ActionBody = Schemas["ActionInput"];
export type Action = ActionBody["action"];
export type Thing = Schemas["ThingModel"];
export type Evidence = Schemas["EvidenceModel"];

/** Of sensing, as the live stream tells it too; whether evidence is scanned stands in `/health` alone. */
export type Health = Omit<Schemas["HealthAnswer"], "uploads">;
export type Receiver = Schemas["ReceiverModel"];
export type Feed = Schemas["FeedModel"];
export type Settings = Schemas["SettingsModel"];

export type Track = Schemas["TrackModel"];
export type SearchHit = Schemas["HitModel"];
export type PastPosition = Schemas["PositionModel"];
/** Who a vessel is: a row of the live stream's `vessels`. */
export type Vessel = Pick<
  Track,
  | "track" | "id" | "mmsi" | "name" | "call_sign" | "imo" | "ship_type" | "kind"
  | "length_m" | "beam_m" | "draught_m" | "destination" | "eta" | "gear"
>;

/** Settings of a rule that it does not use are absent, not null. */
export type FenceRule = Graded<Partial<Schemas["RuleModel"]>> & Pick<Schemas["RuleModel"], "kind">;
export type FenceRuleKind = FenceRule["kind"];
export type FenceGeometry = GeoJSON.Polygon | GeoJSON.MultiPolygon;
export interface FenceInput {
  type: "Feature";
  id: string;
  geometry: FenceGeometry;
  properties: {
    name: { zh: string; en: string };
    valid_from: string | null;
    valid_to: string | null;
    rules: FenceRule[];
    version?: number;
  };
}
export interface Fence {
  type: "Feature";
  id: string;
  geometry: FenceGeometry;
  properties: Omit<Schemas["FenceProperties"], "rules" | "name"> & {
    name: { zh?: string; en?: string };
    rules: FenceRule[];
  };
}

export type Outage = Schemas["OutageModel"];
export type OutageInput = Pick<Outage, "receiver" | "start" | "end" | "reason" | "holds_alerts">;
export type TileSet = Schemas["TilesModel"];
export type Problem = Pick<Schemas["Problem"], "title" | "status"> & Partial<Schemas["Problem"]> & {
  /** What is wanted besides: `code` (of the authenticator), `sign_in` (anew). */
  needs?: string;
  /** Of a refused password: which rule. */
  rule?: string;
  /** Of a refusal by the policies. */
  reason?: { zh: string; en: string };
  /** Of a refusal by the vault's own rules. */
  code?: string;
  /** Legal holds that stand against it. */
  holds?: { id: string; document: string; legal_basis: string }[];
};
export type Me = Schemas["MeModel"];
export type MyPages = Schemas["MyPagesModel"];
export type Change = Schemas["ChangeModel"];

export interface Page<T> {
  items: T[];
  next_cursor: string | null;
}
