// A worker under test, started as hosts start one: spec on stdin, record in the fabric folder.
import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { until } from "./deadline.ts";
import { filesUnder, type Playground } from "./playground.ts";
import type { Spec } from "./scripted_spec.ts";
import { type Exit, SheathProcess } from "./sheath_process.ts";
import { isObject, WorkerConnection } from "./worker_connection.ts";

export type WorkerStart = {
  readonly ground: Playground;
  readonly spec: Spec;
  /** Beside those of the playground. */
  readonly variables?: Readonly<Record<string, string>>;
  readonly program?: string;
  /** Where it runs; `/` if not given. */
  readonly cwd?: string;
  /** Instead of `worker`. */
  readonly command?: string;
  /** After the command. */
  readonly args?: readonly string[];
};

/** Disposing it ends the worker as a host would and checks that nothing of it is left. */
export class WorkerProcess implements AsyncDisposable {
  readonly #ground: Playground;

  private constructor(
    readonly process: SheathProcess,
    readonly record: Readonly<Record<string, unknown>>,
    ground: Playground,
  ) {
    this.#ground = ground;
  }

  /** Resolves when the record is there; rejects when the worker ends before. */
  static async start(options: WorkerStart): Promise<WorkerProcess> {
    const { ground, spec, variables = {}, command = "worker", args = [], ...start } = options;
    const process = new SheathProcess([command, ...args], {
      ...start,
      variables: { ...ground.variables, ...variables },
      input: JSON.stringify(spec),
    });
    let ended: Exit | undefined;
    process.exited.then((exit) => ended = exit);
    const path = recordPath(ground, spec);
    try {
      const record = await until(() => {
        if (ended) throw new Error(`Worker ended with ${ended.code}: ${ended.stderr}`);
        return readRecord(path);
      }, { what: "record" });
      return new WorkerProcess(process, record, ground);
    } catch (failed) {
      await process[Symbol.asyncDispose]();
      throw failed;
    }
  }

  get endpoint(): string {
    return String(this.record.endpoint);
  }

  get port(): number {
    return Number(new URL(this.endpoint).port);
  }

  async connect(token?: string): Promise<WorkerConnection> {
    return await WorkerConnection.open(this.endpoint, token);
  }

  /** Ends it as an operator would. */
  async stop(): Promise<Exit> {
    this.process.kill("SIGTERM");
    return await this.process.exit();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await using _killed = this.process;
    await this.stop();
    assertNothingLeft(this.#ground);
  }
}

/** No record, no half-written one, no temporary file, no socket; only the audit log stays. */
export function assertNothingLeft({ fabric, tmp, runtime }: Playground): void {
  assert.deepEqual(
    { fabric: unaudited(fabric), tmp: filesUnder(tmp), runtime: unaudited(runtime) },
    { fabric: [], tmp: [], runtime: [] },
  );
}

/** The files below a folder that are no audit log. */
export function unaudited(folder: string): string[] {
  return filesUnder(folder).filter((name) => !/(?:^|\/)audit\/[^/]+\.jsonl$/.test(name));
}

export function recordPath(ground: Playground, spec: Spec): string {
  return join(ground.fabric, `${spec.identity.child_id}.json`);
}

function readRecord(path: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const record: unknown = JSON.parse(readFileSync(path, "utf8"));
    return isObject(record) ? record : undefined;
  } catch {
    return undefined; // not there yet
  }
}
