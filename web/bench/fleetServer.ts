import { startFixture } from "./stand/server.ts";

/** Event time runs six times as fast, so that the tails fill while the bench warms up. */
const { url } = await startFixture({ vessels: Number(process.argv[2]), alertEveryS: 10, eventPerS: 6 });
process.send!(url);
process.on("disconnect", () => process.exit());
