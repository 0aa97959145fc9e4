/** A gateway for text messages outside, on a line that can be cut. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

export class TextGateway {
  /** How often it was asked since the line was cut. */
  inVain = 0;
  private isCut = false;

  private constructor(private server: Server, private folder: string) {}

  static async open(): Promise<TextGateway> {
    const folder = mkdtempSync(join(tmpdir(), "littoral-gateway-"));
    let made: TextGateway;
    const server = createServer((request, response) => {
      request.resume();
      if (made.isCut) made.inVain += 1; // and no answer: a line that is cut refuses nothing
      else response.end(JSON.stringify({ data: { id: "1" } }));
    });
    made = new TextGateway(server, folder);
    await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
    const { port } = server.address() as AddressInfo;
    writeFileSync(made.file, `
url = "http://127.0.0.1:${port}/send"
body = { to = "@NUMBER", content = "@TEXT", ref = "@ID" }
taken = "/data/id"

[report]
id = "/id"
state = "/status"
delivered = ["DELIVRD"]
trying = ["ACCEPTD"]
`);
    return made;
  }

  /** What `--sms-gateway` is given. */
  get file(): string {
    return join(this.folder, "gateway.toml");
  }

  cut(): void {
    this.isCut = true;
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
