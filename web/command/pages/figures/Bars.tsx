import type { Series } from "../../../client/past.ts";
import { useWords } from "../../parts/common.tsx";
import { dateTime } from "../../state/time.ts";
import { useZone } from "../../state/zone.ts";
import { axisTop, stacked } from "./shape.ts";

const WIDTH = 720, HEIGHT = 180, LEFT = 46, BOTTOM = 22;

/** Bars of the hours, one kind on the other. The same numbers stand in the table below: a picture alone is
 * nothing to whoever does not see it. */
export function Bars({ title, hours, series, label }: {
  title: string;
  /** When each column begins. */
  hours: readonly string[];
  series: readonly Series[];
  label: (of: string) => string;
}) {
  const t = useWords();
  const zone = useZone();
  const { bars, top } = stacked(series, hours.length);
  const end = axisTop(top);
  const x = (hour: number): number => LEFT + ((WIDTH - LEFT) * hour) / Math.max(1, hours.length);
  const y = (count: number): number => (HEIGHT - BOTTOM) * (1 - count / end) + 4;
  const width = Math.max(0.5, ((WIDTH - LEFT) / Math.max(1, hours.length)) * 0.86);
  const order = new Map(series.map((s, i) => [s.of, i]));
  const every = Math.max(1, Math.round(hours.length / 8));
  return (
    <figure className="bars">
      <figcaption>{title}</figcaption>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={t("figures.chartOf", { title, n: hours.length })}>
        {[0, 0.5, 1].map((part) => (
          <g key={part} className="axis">
            <line x1={LEFT} x2={WIDTH} y1={y(end * part)} y2={y(end * part)} />
            <text x={LEFT - 6} y={y(end * part) + 4} textAnchor="end">{end * part >= 1 || part === 0 ? Math.round(end * part) : ""}</text>
          </g>
        ))}
        {bars.map((b) => (
          <rect key={`${b.of} ${b.hour}`} className={`s${order.get(b.of)! % 11}`} x={x(b.hour)} y={y(b.to)} width={width} height={Math.max(0, y(b.from) - y(b.to))}>
            <title>{`${label(b.of)} ${b.to - b.from}, ${dateTime(Date.parse(hours[b.hour]!), zone)}`}</title>
          </rect>
        ))}
        {hours.map((hour, i) => i % every === 0 && (
          <text key={hour} className="axis" x={x(i)} y={HEIGHT - 4}>{dateTime(Date.parse(hour), zone).slice(5, 16)}</text>
        ))}
      </svg>
      <ul className="legend" aria-hidden="true">
        {series.map((s, i) => <li key={s.of}><i className={`s${i % 11}`} />{label(s.of)}</li>)}
      </ul>
    </figure>
  );
}
