// What stands for a worker where there is no cage: it believes everybody. What does not get out here
// shows nothing.
import { systemClock } from "../base/clock.ts";
import { settlesWithin } from "../base/within.ts";
import type { Grants } from "../grants/grants.ts";
import { upgradeResponse } from "../links/upgrade.ts";
import { frameHeader, TEXT } from "../links/web_socket_header.ts";
import type { SharedTargets } from "./attack_case.ts";
import type { Answer, Stage } from "./direct_case.ts";
import type { Ground } from "./ground.ts";
import { ModelServer } from "./model_server.ts";
import { enter } from "./visitor.ts";

const SHELL = "/bin/bash";
const PATIENCE_MS = 1_000;
const CHUNK_BYTES = 64 * 1024;
const SHOWN = 200;

export class OpenStage implements Stage, AsyncDisposable {
  readonly shared: SharedTargets;
  readonly key = `sk-${crypto.randomUUID()}`;
  readonly token = `token-${crypto.randomUUID()}`;
  readonly #ground: Ground;
  readonly #model = new ModelServer();
  readonly #listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  readonly #serving: Promise<void>;

  constructor(ground: Ground) {
    this.shared = ground.shared;
    this.#ground = ground;
    this.#serving = this.#serve();
  }

  get port(): number {
    return this.#listener.addr.port;
  }

  contacts(): readonly string[] {
    return this.#ground.strays();
  }

  /** With its key, wherever the answer leads. */
  async ask(answer: Answer, openly?: string): Promise<readonly string[]> {
    if (openly !== undefined) return [await this.#shell(openly)];
    this.#model.answerBy(answer);
    const headers = { authorization: `Bearer ${this.key}` };
    const response = await fetch(this.#model.url, { method: "POST", headers, body: "{}" });
    return [JSON.stringify([...response.headers]), await response.text()];
  }

  async harm(): Promise<string | undefined> {
    const coming = enter(this);
    if (await settlesWithin(coming, { ms: PATIENCE_MS, clock: systemClock })) {
      await using _guest = await coming;
      return undefined;
    }
    void coming.then((late) => late[Symbol.asyncDispose](), () => {/* it never came in */});
    return "its host is not served";
  }

  shown(resource: string): string {
    return resource;
  }

  given(_parent: Grants, wanted: Grants): Grants {
    return wanted;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#listener.close();
    await settlesWithin(this.#serving, { ms: PATIENCE_MS, clock: systemClock });
    await this.#model[Symbol.asyncDispose]();
  }

  async #shell(command: string): Promise<string> {
    const { stdout } = await new Deno.Command(SHELL, {
      args: ["-c", command],
      cwd: this.shared.workspace,
      clearEnv: true,
      env: { ...this.#ground.variables },
      stdin: "null",
      stderr: "null",
      signal: AbortSignal.timeout(PATIENCE_MS * 5),
    }).output();
    return new TextDecoder().decode(stdout);
  }

  /** One after another, each for as long as it likes. */
  async #serve(): Promise<void> {
    for await (const connection of this.#listener) await believe(connection);
  }
}

/** Lets it in at its first word; whatever it says after that is a run that is over. */
async function believe(connection: Deno.TcpConn): Promise<void> {
  using held = connection;
  const bytes = new Uint8Array(CHUNK_BYTES);
  try {
    const first = await held.read(bytes) ?? 0;
    if (first === 0) return;
    const head = new TextDecoder("latin1").decode(bytes.subarray(0, first));
    const key = /^sec-websocket-key: *(\S+)/im.exec(head)?.[1] ?? "";
    await held.write(new TextEncoder().encode(upgradeResponse({ type: "accepted", key })));
    for (let count = await held.read(bytes); count !== null; count = await held.read(bytes)) {
      await held.write(terminalFrame(bytes.subarray(0, Math.min(count, SHOWN))));
    }
  } catch {
    // It has gone.
  }
}

/** wire: ChildFrame. */
function terminalFrame(heard: Uint8Array): Uint8Array {
  const result = new TextDecoder("latin1").decode(heard);
  const frame = { kind: "terminal", status: "completed", result };
  const payload = new TextEncoder().encode(JSON.stringify(frame));
  const header = frameHeader(payload.length, { opcode: TEXT, isFinal: true });
  return new Uint8Array([...header, ...payload]);
}
