import { Store } from "../../state/store.ts";

/** What the case that breaking the glass opened shows first: in memory alone, until it is taken. */
export const handOver = new Store<{ grant: string; search: { field: string; value: string } | null }>({ grant: "", search: null });
