/** The real server on a small real data folder, and the receivers' feed into it over TCP. */
import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { FenceInput, Health } from "../../client/types.ts";
import { uuid7 } from "../../client/uuid7.ts";
import { history, second, START_MS } from "./coast.ts";
import { tiles } from "./pmtiles.ts";

const LITTORAL = process.env.LITTORAL ?? fileURLToPath(new URL("../../../.venv/bin/littoral", import.meta.url));
export const PYTHON = process.env.PYTHON ?? fileURLToPath(new URL("../../../.venv/bin/python", import.meta.url));
const SOURCE = fileURLToPath(new URL("../../../src/littoral", import.meta.url));
const SHIPS = 32; // of the small sea
const START_LIMIT_MS = 300_000; // the first start compiles for minutes where the machine is busy
const SOON = ["--checkpoint-every", "5"]; // what is settled is in the lake before anybody asks

interface Running {
  child: ChildProcess;
  url: string;
  feed: { host: string; port: number };
  /** What it has written. */
  said: string;
}

/** Starts `littoral` and waits for the line that names the page's address, and for `until`. */
function start(args: string[], until = /^/, more: NodeJS.ProcessEnv = {}): Promise<Running> {
  const child = spawn(LITTORAL, args, { stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, ...more } });
  process.once("exit", () => child.kill("SIGKILL"));
  let said = "";
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`littoral ${args[0]} did not start: ${said}`)), START_LIMIT_MS);
    const hear = (chunk: Buffer): void => {
      said += String(chunk);
      const url = /^open (http:\S+)/m.exec(said)?.[1];
      if (!url || !until.test(said)) return;
      clearTimeout(timer);
      const [, host, port] = /^feed: tcp-listen (\S+):(\d+)/m.exec(said) ?? [];
      resolve({ child, url, feed: { host: host ?? "", port: Number(port) }, said });
    };
    child.stdout!.on("data", hear);
    child.stderr!.on("data", hear);
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`littoral ${args[0]} ended with ${code}: ${said}`)));
  });
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGKILL"); // the crash is the server's own matter: it must lose nothing by it
  await gone;
}

export class Sea {
  private socket: Socket | null = null;
  private timer: NodeJS.Timeout | null = null;
  private begun = 0;

  private constructor(private folder: string, private running: Running, private port: number) {}

  /** A server of its own; `sailing`: with the small sea, else nothing was ever heard. */
  static async open(sailing = true): Promise<Sea> {
    const folder = mkdtempSync(join(tmpdir(), "littoral-e2e-"));
    mkdirSync(join(folder, "tiles"));
    writeFileSync(join(folder, "tiles", "harbour.pmtiles"), tiles());
    const running = await start(["serve", "--no-sign-in", "--data", folder, "--port", "0", "--tcp-listen", "127.0.0.1:0", "--operator", "Duty officer", ...SOON]);
    const sea = new Sea(folder, running, Number(new URL(running.url).port));
    if (sailing) await sea.sail();
    return sea;
  }

  get url(): string {
    return this.running.url;
  }

  /** Event time now: it goes on as the clock does. */
  get nowMs(): number {
    return START_MS + Math.max(0, Date.now() - this.begun);
  }

  private async connect(): Promise<void> {
    this.socket = connect(this.running.feed);
    this.socket.on("error", () => undefined); // the server may be killed under it
    await new Promise((resolve) => this.socket!.once("connect", resolve));
  }

  private async sail(): Promise<void> {
    await this.connect();
    this.say(history());
    this.begun = Date.now();
    this.say(second(this.nowMs));
    this.timer = setInterval(() => this.say(second(this.nowMs)), 1000);
    await this.until(async () => {
      const { event_time: read } = await this.health();
      return read !== null && Date.parse(read) >= START_MS;
    }, "the history to be read");
    // Where nothing is compiled yet, the fleet appears long after its reports were read.
    await this.until(async () => (await this.fleet()) >= SHIPS, "the ships to be seen");
  }

  /** How many are at sea. */
  private async fleet(): Promise<number> {
    const page = (await (await fetch(`${this.url}/api/v1/tracks?limit=100`)).json()) as { items: unknown[] };
    return page.items.length;
  }

  /** More lines on the feed. */
  say(lines: string): void {
    this.socket?.write(lines);
  }

  async health(): Promise<Health> {
    return (await (await fetch(`${this.url}/api/v1/health`)).json()) as Health;
  }

  private async until(is: () => Promise<boolean>, what: string): Promise<void> {
    const end = Date.now() + START_LIMIT_MS;
    while (!(await is())) {
      if (Date.now() > end) throw new Error(`waited in vain for ${what}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  async addFence(properties: FenceInput["properties"], corners: [number, number][]): Promise<void> {
    const fence = { type: "Feature", id: uuid7(), properties, geometry: { type: "Polygon", coordinates: [[...corners, corners[0]]] } };
    const answer = await fetch(`${this.url}/api/v1/geofences`, {
      method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(fence),
    });
    if (!answer.ok) throw new Error(await answer.text());
  }

  /** The server stands still with its connections open, as when its machine hangs. */
  hang(): void {
    this.running.child.kill("SIGSTOP");
  }

  goOn(): void {
    this.running.child.kill("SIGCONT");
  }

  kill(): Promise<void> {
    return stop(this.running.child);
  }

  /** Again on the same folder and ports. */
  async restart(): Promise<void> {
    const { host, port } = this.running.feed;
    this.running = await start([
      "serve", "--no-sign-in", "--data", this.folder, "--port", String(this.port), "--tcp-listen", `${host}:${port}`, "--operator", "Duty officer", ...SOON,
    ]);
    await this.connect();
  }

  async close(): Promise<void> {
    if (this.timer) clearInterval(this.timer);
    this.socket?.destroy();
    await this.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** The demo as `make demo` starts it, but small. */
export async function demo(hours: number, vessels: number): Promise<{ url: string; close: () => Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), "littoral-e2e-"));
  const { child, url } = await start([
    "demo", "--no-sign-in", "--data", join(folder, "demo"), "--port", "0", "--hours", String(hours), "--vessels", String(vessels),
  ]);
  return {
    url,
    close: async () => {
      const gone = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGTERM");
      await gone;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The demo with sign-in: an address for each of its people, by what they are. */
export class Staff {
  private halted: number[] = [];

  private constructor(private folder: string, private child: ChildProcess, readonly url: string, private doors: Map<string, string>) {}

  /** Serves the same data as a release with another policy set would: one in which a text of a policy file differs. Whoever
   * has signed in stays so. */
  async upgrade(file: string, from: string, to: string): Promise<void> {
    await this.stop();
    const release = join(this.folder, "release");
    cpSync(SOURCE, join(release, "littoral"), { recursive: true, preserveTimestamps: true }); // what is compiled stays so
    const policy = join(release, "littoral", "access", "policies", file);
    const text = readFileSync(policy, "utf8");
    if (!text.includes(from)) throw new Error(`${file} does not say ${from}`);
    writeFileSync(policy, text.replace(from, to));
    const running = await start(["serve", "--data", join(this.folder, "demo"), "--port", new URL(this.url).port], /^/, { PYTHONPATH: release });
    this.child = running.child;
  }

  static async open(more: string[] = []): Promise<Staff> {
    const folder = mkdtempSync(join(tmpdir(), "littoral-e2e-"));
    const { child, url, said } = await start(["demo", "--data", join(folder, "demo"), "--port", "0", "--hours", "0.2", "--vessels", "60", ...more], /^ready: its people/m);
    const doors = new Map([...said.matchAll(/^ {2}(http:\S+) {2}(.+?) \/ /gm)].map((m) => [m[2]!, m[1]!]));
    return new Staff(folder, child, url, doors);
  }

  /** The address that signs in as, say, "watch lead, police". */
  door(title: string): string {
    const found = this.doors.get(title);
    if (!found) throw new Error(`the demo has no ${title}; it has ${[...this.doors.keys()].join("; ")}`);
    return found;
  }

  /** The witnesses of its log, which are others' programs, hear and answer nothing from now on. */
  cutWitnesses(): number {
    const ids = execFileSync("pgrep", ["-P", String(this.child.pid), "-f", "witness"], { encoding: "utf8" }).split("\n").filter(Boolean);
    for (const id of ids) process.kill(Number(id), "SIGSTOP");
    this.halted = ids.map(Number);
    return ids.length;
  }

  private async stop(): Promise<void> {
    for (const id of this.halted) process.kill(id, "SIGCONT"); // who stands still does not hear that it is to end
    const gone = new Promise((resolve) => this.child.once("exit", resolve));
    this.child.kill("SIGTERM");
    await gone;
  }

  async close(): Promise<void> {
    await this.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** A server of its own at its first start, as an operator meets it: nobody has an account yet. With `host`: reached by that
 * name over TLS, under an authority of its own (`littoral tls make`). */
export class FirstStart {
  private constructor(private folder: string, private child: ChildProcess, readonly url: string, readonly link: string) {}

  static async open(host = "", more: string[] = []): Promise<FirstStart> {
    const folder = mkdtempSync(join(tmpdir(), "littoral-e2e-"));
    const data = join(folder, "data");
    if (host) execFileSync(LITTORAL, ["tls", "make", host, "--data", data]);
    const { child, url, said } = await start(["serve", "--data", data, "--port", "0", ...(host ? ["--tls", "127.0.0.1:0"] : []), ...more], /#first-start=\S+/);
    const link = /http\S+#first-start=\S+/.exec(said)![0];
    return new FirstStart(folder, child, host ? new URL(link).origin : url, link);
  }

  /** Certificate of the authority. */
  get authority(): string {
    return join(this.folder, "data-keys", "tls", "authority.crt");
  }

  /** The link by which somebody invited from the machine sets a password. */
  invite(login: string, role: string): string {
    const said = execFileSync(LITTORAL, ["users", "invite", login, "--name", login, "--role", role, "--data", join(this.folder, "data"), "--address", this.url], { encoding: "utf8" });
    return /http\S+/.exec(said)![0];
  }

  async close(): Promise<void> {
    await stop(this.child);
    rmSync(this.folder, { recursive: true, force: true });
  }
}
