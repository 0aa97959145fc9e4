import { useCallback, useEffect, useRef, useState, type DependencyList } from "react";

export interface Asked<T> {
  data: T | null;
  error: unknown;
  isBusy: boolean;
  /** Ask again; what is there stays until the answer comes. */
  reload: () => Promise<void>;
}

/** The answer to a question that depends on `deps`; an older question's answer that comes late is dropped. */
export function useAsk<T>(ask: () => Promise<T>, deps: DependencyList): Asked<T> {
  const [state, setState] = useState<{ data: T | null; error: unknown; isBusy: boolean }>({ data: null, error: null, isBusy: true });
  const turn = useRef(0);
  const reload = useCallback(async () => {
    const mine = ++turn.current;
    setState((s) => ({ ...s, isBusy: true }));
    try {
      const data = await ask();
      if (mine === turn.current) setState({ data, error: null, isBusy: false });
    } catch (error) {
      if (mine === turn.current) setState((s) => ({ ...s, error, isBusy: false }));
    }
  }, deps);
  useEffect(() => {
    setState({ data: null, error: null, isBusy: true });
    void reload();
    return () => void turn.current++;
  }, [reload]);
  return { ...state, reload };
}

export interface Sending {
  isBusy: boolean;
  error: unknown;
  clear: () => void;
  /** Does one piece of work at a time; true: it was done. */
  send: (work: () => Promise<unknown>) => Promise<boolean>;
}

/** One thing that is sent, and what the server says to it. */
export function useSend(): Sending {
  const [state, setState] = useState<{ isBusy: boolean; error: unknown }>({ isBusy: false, error: null });
  const isSending = useRef(false);
  const send = async (work: () => Promise<unknown>): Promise<boolean> => {
    if (isSending.current) return false;
    isSending.current = true;
    setState({ isBusy: true, error: null });
    try {
      await work();
      setState({ isBusy: false, error: null });
      return true;
    } catch (error) {
      setState({ isBusy: false, error });
      return false;
    } finally {
      isSending.current = false;
    }
  };
  return { ...state, send, clear: () => setState({ isBusy: false, error: null }) };
}
