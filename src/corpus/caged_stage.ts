// A worker that serves a WebSocket and asks a model's server of ours, to be attacked from outside.
import { lstatSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { systemClock } from "../base/clock.ts";
import { settlesWithin } from "../base/within.ts";
import { messageOf, WorkerError } from "../core/errors.ts";
import { FileFabric } from "../fabric/file_fabric.ts";
import { attenuate } from "../grants/attenuate.ts";
import type { Grants } from "../grants/grants.ts";
import { type Level, LEVELS } from "../grants/level.ts";
import { approvalText } from "../host/approval_text.ts";
import { RunClient } from "../host/client.ts";
import { eachLine } from "../host/log_lines.ts";
import { awaitRecord, levelOf } from "../host/record.ts";
import { connectWebSocket } from "../links/ws_client.ts";
import type { SharedTargets } from "./attack_case.ts";
import type { Answer, Stage } from "./direct_case.ts";
import type { Ground } from "./ground.ts";
import { ModelServer, PLAIN, plainAnswer } from "./model_server.ts";
import { filesUnder } from "./snapshot.ts";
import { cannotStart } from "./worker_attack.ts";

const CHILD_ID = "besieged";
const START_MS = 20_000;
/** Well past what a run takes: a machine may be slow. */
const RUN_MS = 12_000;
const LEAVE_MS = 2_000;
const MAX_FILE_BYTES = 1024 * 1024;
/** A frame may be 64 MiB, and takes its place several times while it is read. */
const MAX_GROWTH_BYTES = 320 * 1024 * 1024;

export type CagedStageOptions = {
  /** Path of the program that runs the worker. */
  readonly program: string;
  readonly ground: Ground;
  readonly require?: Level | undefined;
  /** Who we are. */
  readonly uid: number;
};

export class CagedStage implements Stage, AsyncDisposable {
  readonly shared: SharedTargets;
  readonly key = `sk-${crypto.randomUUID()}`;
  readonly token = `token-${crypto.randomUUID()}`;
  readonly #ground: Ground;
  readonly #model: ModelServer;
  readonly #child: Deno.ChildProcess;
  readonly #log: string[] = [];
  readonly #logged: Promise<void>;
  #port = 0;
  #level: Level = "deno";
  #startBytes = 0;

  private constructor({ program, ground, require }: CagedStageOptions, model: ModelServer) {
    this.shared = ground.shared;
    this.#ground = ground;
    this.#model = model;
    this.#child = new Deno.Command(program, {
      args: ["worker"],
      cwd: ground.shared.workspace,
      clearEnv: true,
      env: { ...ground.variables },
      stdin: "piped",
      stdout: "null",
      stderr: "piped",
    }).spawn();
    this.#logged = eachLine(this.#child.stderr, (line) => this.#log.push(line));
    void this.#provide(JSON.stringify(this.#spec(require)));
  }

  /** Rejects with a WorkerError if it does not serve: `refused` when the level is not to be had. */
  static async start(options: CagedStageOptions): Promise<CagedStage> {
    await using stack = new AsyncDisposableStack();
    const stage = new CagedStage(options, stack.use(new ModelServer()));
    stack.use(stage);
    await stage.#awaitStart(options.uid);
    stack.move();
    return stage;
  }

  /** In force, as its record says. */
  get level(): Level {
    return this.#level;
  }

  get port(): number {
    return this.#port;
  }

  contacts(): readonly string[] {
    return this.#ground.strays();
  }

  async ask(answer: Answer): Promise<readonly string[]> {
    this.#model.answerBy(answer);
    const frames = await this.#run("attack");
    const wasAsked = this.#model.wasShown(this.key);
    this.#model.answerBy(plainAnswer);
    if (!wasAsked) throw new Error(`the model was not asked: ${frames.at(-1)}`);
    return [
      ...frames,
      ...this.#log,
      ...this.#files(),
      this.#proc("cmdline"),
      this.#proc("environ"),
    ];
  }

  async harm(): Promise<string | undefined> {
    try {
      const frames = await this.#run(PLAIN);
      if (!frames.at(-1)?.includes(PLAIN)) return `its host was answered ${frames.at(-1)}`;
    } catch (thrown) {
      return `its host is not served: ${messageOf(thrown)}`;
    }
    const growth = this.#bytes() - this.#startBytes;
    return growth > MAX_GROWTH_BYTES ? `it grew by ${growth >> 20} MiB` : undefined;
  }

  shown(resource: string): string {
    const body = { tool_name: "Bash", permission: "Run a command", resource };
    const { workspace } = this.shared;
    return approvalText(body, {
      agentId: CHILD_ID,
      level: this.#level,
      workspace,
      why: "it asks",
      columns: 80,
    });
  }

  given(parent: Grants, wanted: Grants): Grants | undefined {
    try {
      return attenuate(parent, wanted);
    } catch (thrown) {
      if (thrown instanceof WorkerError && thrown.fault === "refused") return undefined;
      throw thrown;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#signal("SIGTERM");
    if (!await settlesWithin(this.#child.status, { ms: LEAVE_MS, clock: systemClock })) {
      this.#signal("SIGKILL");
    }
    await this.#child.status;
    await this.#logged;
    await this.#model[Symbol.asyncDispose]();
  }

  /** wire: ProvisionSpec. */
  #spec(require: Level | undefined): unknown {
    const { fabric, storage, workspace } = this.shared;
    const credential = { provider: "openai", api_key: this.key, base_url: this.#model.url };
    return {
      version: 1,
      identity: { child_id: CHILD_ID, role: "worker", depth: 0 },
      executor: { kind: "bamboo_runtime" },
      fabric_dir: fabric,
      storage_dir: storage,
      workspace,
      model: { provider: "openai", model: "m-1" },
      limits: { max_rounds: 3 },
      secrets: { provider_credentials: [credential], worker_auth_token: this.token },
      capabilities: { sandbox: require === undefined ? {} : { require } },
      reusable: true,
    };
  }

  async #provide(spec: string): Promise<void> {
    const writer = this.#child.stdin.getWriter();
    try {
      await writer.write(new TextEncoder().encode(spec));
      await writer.close();
    } catch {
      // It ended before it had read all; its record does not come.
    }
  }

  async #awaitStart(uid: number): Promise<void> {
    const { fabric: folder } = this.shared;
    const fabric = new FileFabric({ folder, clock: systemClock, uid });
    const over = new AbortController();
    void this.#child.status.then(() => over.abort());
    const late = AbortSignal.any([over.signal, AbortSignal.timeout(START_MS)]);
    const record = await awaitRecord(fabric, { id: CHILD_ID, clock: systemClock }, late);
    if (!record) {
      this.#signal("SIGKILL");
      const { code } = await this.#child.status;
      await this.#logged;
      throw cannotStart(code, this.#log.at(-1));
    }
    this.#port = Number(new URL(record.endpoint).port);
    this.#level = LEVELS.find((one) => levelOf(record) === one) ?? "deno";
    this.#startBytes = this.#bytes();
  }

  /** The frames of one run, as they came. */
  async #run(assignment: string): Promise<readonly string[]> {
    const late = AbortSignal.timeout(RUN_MS);
    const options = { clock: systemClock, token: this.token };
    await using link = await connectWebSocket(`ws://127.0.0.1:${this.#port}`, options, late);
    late.addEventListener("abort", () => void link.close(), { once: true });
    const client = new RunClient(link);
    const texts: string[] = [];
    for await (const { frame, text } of client.run({ assignment, messages: [] })) {
      if (frame.kind === "approval_request") client.reply(frame.id, true);
      texts.push(text);
    }
    if (late.aborted) throw new Error(`no answer within ${RUN_MS / 1000} s`);
    return texts;
  }

  /** What it left in its folders and the workspace. */
  #files(): string[] {
    const { fabric, storage, workspace } = this.shared;
    return [fabric, storage, workspace].flatMap((folder) =>
      filesUnder(folder).flatMap((name) => textOf(join(folder, name)) ?? [])
    );
  }

  /** Empty where it may not be read, as of a hardened process. */
  #proc(name: string): string {
    try {
      return readFileSync(`/proc/${this.#child.pid}/${name}`, "latin1");
    } catch {
      return "";
    }
  }

  /** What it takes of the machine's memory. */
  #bytes(): number {
    return Number(/^VmRSS:\s+(\d+) kB$/m.exec(this.#proc("status"))?.[1] ?? 0) * 1024;
  }

  #signal(signal: "SIGTERM" | "SIGKILL"): void {
    try {
      this.#child.kill(signal);
    } catch {
      // It has ended.
    }
  }
}

function textOf(path: string): string | undefined {
  const stats = lstatSync(path);
  const isShort = stats.isFile() && stats.size < MAX_FILE_BYTES;
  return isShort ? readFileSync(path, "latin1") : undefined;
}
