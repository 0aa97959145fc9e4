import { useEffect, useState } from "react";
import { serverNow } from "../../../client/http.ts";
import { clock, dateTime } from "../../state/time.ts";
import { useZone } from "../../state/zone.ts";

/** A time in the zone of the coast that is watched, as on the map, the same in UTC beside it, with its day where that is another. */
export function When({ at }: { at: string | null | undefined }) {
  const zone = useZone();
  if (!at) return <>–</>;
  const ms = Date.parse(at);
  const own = dateTime(ms, zone);
  const utc = dateTime(ms, "UTC");
  const isSameDay = own.slice(0, 10) === utc.slice(0, 10);
  return (
    <time className="when" dateTime={at} title={zone}>
      {zone !== "UTC" && <>{own} </>}
      <small>{zone !== "UTC" && isSameDay ? clock(ms, "UTC") : utc} UTC</small>
    </time>
  );
}

/** Whole seconds until then, by the server's clock; 0 once it is past. Goes on by itself. */
export function useSecondsUntil(until: string): number {
  const left = (): number => Math.max(0, Math.ceil((Date.parse(until) - serverNow()) / 1000));
  const [seconds, setSeconds] = useState(left);
  useEffect(() => {
    setSeconds(left());
    const timer = setInterval(() => setSeconds(left()), 250);
    return () => clearInterval(timer);
  }, [until]);
  return seconds;
}

/** 0:59:12 */
export function countdown(seconds: number): string {
  const two = (n: number): string => String(n).padStart(2, "0");
  return `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}
