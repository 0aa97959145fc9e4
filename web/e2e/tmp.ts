import { Sea } from "./sea/server.ts";
const t = Date.now();
const sea = await Sea.open();
console.log("open", Date.now() - t, sea.url);
const j = async (p: string) => (await fetch(sea.url + "/api/v1" + p)).json();
for (let i = 0; i < 4; i++) { await new Promise((r) => setTimeout(r, 2000)); console.log(JSON.stringify(await j("/health")).slice(0, 1500)); }
console.log(JSON.stringify(await j("/search?q=QIONG")).slice(0, 800));
console.log(JSON.stringify(await j("/tracks?limit=3")).slice(0, 1200));
console.log(JSON.stringify((await j("/alerts?limit=20") as any).items.map((a: any) => [a.kind, a.priority, a.state, a.sentence.en])));
console.log(JSON.stringify(await j("/quarantine?limit=3")).slice(0, 800));
await sea.close();
