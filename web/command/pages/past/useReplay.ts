import { useCallback, useEffect, useRef, useState } from "react";
import { ApiError } from "../../../client/http.ts";
import { past, Replay, type ContactStanding, type Kept, type Standing } from "../../../client/past.ts";
import type { FromPast } from "../../../client/past.protocol.ts";
import { handedOver } from "../../../client/memory.ts";
import type { Chart } from "../../../map/chart.ts";
import { pictureOptions } from "../../state/pictureOptions.ts";
import { HOUR_MS } from "./playing.ts";

export interface Playing {
  atMs: number;
  speed: number;
  isPlaying: boolean;
  /** The lake is slower than the speed asked for. */
  waits: boolean;
  /** A picture of `atMs` is on the map. */
  isShown: boolean;
  vessels: number;
  error: unknown;
}

const STANDING_MS = 24 * HOUR_MS;

export interface ReplayOf {
  state: Playing;
  standings: Standing[];
  contacts: ContactStanding[];
  seek: (atMs: number) => void;
  play: (speed: number) => void;
  pause: () => void;
  attach: (chart: Chart | null) => void;
  who: Replay["who"];
}

/** Plays the past that is kept onto the chart that is attached. */
export function useReplay(kept: Kept, startMs: number): ReplayOf {
  const untilMs = Date.parse(kept.last!);
  const chart = useRef<Chart | null>(null);
  const replay = useRef<Replay | null>(null);
  const [state, setState] = useState<Playing>({
    atMs: startMs, speed: 10, isPlaying: false, waits: false, isShown: false, vessels: 0, error: null,
  });
  const [standings, setStandings] = useState<Standing[]>([]);
  const [contacts, setContacts] = useState<ContactStanding[]>([]);
  const told = useRef({ fromMs: 0, toMs: 0 });
  const patch = (more: Partial<Playing>): void => setState((s) => ({ ...s, ...more }));

  const onNews = useCallback((news: FromPast): void => {
    if (news.is === "picture") {
      performance.mark("littoral-past");
      const free = chart.current?.setPicture(news.picture);
      if (free) replay.current?.send({ do: "reuse", memory: free.memory }, handedOver(free.memory));
      patch({ atMs: news.atMs, isShown: true, vessels: news.picture.total, error: null });
    } else if (news.is === "tail") chart.current?.pushTail(news.segments, news.reset);
    else if (news.is === "waits") patch({ waits: news.waits });
    else if (news.is === "ended") patch({ isPlaying: false });
    else if (news.is === "wrong") {
      patch({ error: new ApiError({ title: news.detail, detail: news.detail, status: news.status } as never), isPlaying: false });
    }
  }, []);

  const seek = useCallback((atMs: number): void => {
    const at = Math.min(Math.max(atMs, Date.parse(kept.first!)), untilMs - 60_000);
    patch({ atMs: at, isShown: false, waits: false });
    replay.current?.send({ do: "open", atMs: at, untilMs, options: pictureOptions() });
  }, [kept]);

  useEffect(() => {
    replay.current = new Replay(onNews);
    seek(startMs);
    return () => replay.current?.close();
  }, []);

  // Alerts of the day around the time that is shown, asked for again once it leaves that.
  useEffect(() => {
    const { fromMs, toMs } = told.current;
    if (state.atMs >= fromMs + HOUR_MS && state.atMs < toMs) return;
    told.current = { fromMs: state.atMs - STANDING_MS, toMs: state.atMs + STANDING_MS };
    const [from, to] = [told.current.fromMs, told.current.toMs].map((t) => new Date(t).toISOString()) as [string, string];
    past.standings(from, to).then((found) => setStandings(found.items), (error: unknown) => patch({ error }));
    past.contactsThen(from, to).then((found) => setContacts(found.items), (error: unknown) => {
      if (!(error instanceof ApiError && error.problem.status === 403)) patch({ error }); // not every role sees them
    });
  }, [Math.floor(state.atMs / HOUR_MS)]);

  const play = useCallback((speed: number): void => {
    replay.current?.send({ do: "play", speed });
    patch({ speed, isPlaying: true });
  }, []);
  const pause = useCallback((): void => {
    replay.current?.send({ do: "pause" });
    patch({ isPlaying: false, waits: false });
  }, []);
  const attach = useCallback((made: Chart | null): void => void (chart.current = made), []);
  const who = useCallback((tracks: number[]) => replay.current!.who(tracks), []);
  return { state, standings, contacts, seek, play, pause, attach, who };
}
