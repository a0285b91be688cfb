// A worker as a host starts it: spec on stdin, then its record in the fabric.
import { existsSync } from "node:fs";
import { deadline, systemClock } from "../src/base/clock.ts";
import { decodeRecord } from "../src/protocol/record.ts";
import { Folder } from "./folder.ts";

export type WorkerOptions = {
  readonly binary: string;
  /** Base URL of the model, what a scripted one says, or the executor that needs none. */
  readonly runsOn:
    | { readonly type: "echo" }
    | ModelServer
    | { readonly type: "script"; readonly turns: readonly unknown[] };
  readonly reusable: boolean;
  /** Further fields of its spec. */
  readonly fields?: Readonly<Record<string, unknown>>;
};

export type ModelServer = {
  readonly type: "model";
  readonly baseUrl: string;
  /** The protocol; `openai` if not given. */
  readonly provider?: string;
  /** `mock` if not given. */
  readonly model?: string;
};

const START_MS = 30_000;
const POLL_MS = 1;
const ID = "bench";

/** Starts at once. Disposing it kills the process if it still runs. */
export class BenchWorker implements AsyncDisposable {
  readonly #folder = new Folder();
  readonly #child: Deno.ChildProcess;
  #hasExited = false;

  constructor(options: WorkerOptions) {
    this.#child = new Deno.Command(options.binary, {
      args: ["worker"],
      cwd: this.#folder.workspace,
      clearEnv: true,
      env: this.#folder.variables,
      stdin: "piped",
      stdout: "null",
      stderr: "inherit",
    }).spawn();
    this.#child.status.then(() => this.#hasExited = true);
    this.#provide(specOf(options, this.#folder));
  }

  get pid(): number {
    return this.#child.pid;
  }

  /** Address of its WebSocket, as soon as its record is there. */
  async endpoint(): Promise<string> {
    using limit = deadline(START_MS, () => new Error(`no record within ${START_MS} ms`));
    for (;;) {
      const record = readIfThere(`${this.#folder.path}/fabric/${ID}.json`);
      if (record !== undefined) return decodeRecord(record).endpoint;
      if (this.#hasExited) throw new Error("worker exited before its record was there");
      await systemClock.sleep(POLL_MS, limit.signal);
    }
  }

  /** Settles when the process has ended by itself; throws unless it ended well. */
  async exited(): Promise<void> {
    const { code } = await this.#child.status;
    if (code !== 0) throw new Error(`worker ended with ${code}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#hasExited) this.#child.kill("SIGKILL");
    await this.#child.status;
    this.#folder[Symbol.dispose]();
  }

  async #provide(spec: unknown): Promise<void> {
    const writer = this.#child.stdin.getWriter();
    try {
      await writer.write(new TextEncoder().encode(JSON.stringify(spec)));
      await writer.close();
    } catch {
      // It ended before it had read all, and its exit tells.
    }
  }
}

/** wire: ProvisionSpec. */
function specOf({ runsOn, reusable, fields }: WorkerOptions, folder: Folder): unknown {
  const common = {
    version: 1,
    identity: { child_id: ID, role: "worker" },
    fabric_dir: `${folder.path}/fabric`,
    storage_dir: `${folder.path}/storage`,
    workspace: folder.workspace,
    reusable,
    ...fields,
  };
  if (runsOn.type === "echo") return { ...common, executor: { kind: "echo" } };
  if (runsOn.type === "script") {
    return {
      ...common,
      executor: { kind: "bamboo_runtime" },
      model: { provider: "scripted", model: "script" },
      capabilities: { script: { turns: runsOn.turns } },
    };
  }
  const { baseUrl, provider = "openai", model = "mock" } = runsOn;
  const credential = { provider, api_key: "sk-bench-0123456789", base_url: baseUrl };
  return {
    ...common,
    executor: { kind: "bamboo_runtime" },
    model: { provider, model },
    secrets: { provider_credentials: [credential] },
  };
}

/** Looks before it reads: a failed read each millisecond would take time from what is measured. */
function readIfThere(path: string): string | undefined {
  return existsSync(path) ? Deno.readTextFileSync(path) : undefined;
}
