import { Live } from "../../client/live.ts";

/** The one live stream of the page; `session` opens it. */
export const live = new Live();
