// `sheath run`: starts a caged worker for one task, shows what it does, ends with its exit code.
import { abortable } from "../base/abortable.ts";
import { systemClock } from "../base/clock.ts";
import { WorkerError } from "../core/errors.ts";
import { encodeSpec } from "../protocol/encode.ts";
import type { ProvisionSpec } from "../protocol/spec.ts";
import { demoFiles } from "../providers/demo_script.ts";
import { readConfig } from "./config_place.ts";
import type { Config } from "./config_text.ts";
import { type CliEnvironment, NO_KEY, readCliEnvironment } from "./environment.ts";
import type { Effort } from "./efforts.ts";
import { printLine } from "./print.ts";
import { type Plan, planRun, readText } from "./run_plan.ts";
import { withKey, withToken } from "./run_spec.ts";
import { type Settings, withConfig } from "./settings.ts";
import { startWorker } from "./start_worker.ts";
import type { Started } from "./started.ts";

export type RunFlags = Settings & {
  readonly effort?: Effort | undefined;
  readonly json: boolean;
  readonly quiet: boolean;
};

const DEMO_TASK = "Find the bug in hello.py and mend it.";

/**
 * `early` is a worker that waits for its spec already.
 * @throws WorkerError `bad_input` for flags, task or spec that cannot be run.
 */
export async function run(
  words: readonly string[],
  given: RunFlags,
  { worker: early, interrupts }: Omit<Started, keyof AsyncDisposable>,
): Promise<number> {
  const startedAt = systemClock.monotonic();
  const environment = readCliEnvironment();
  using temporary = new TemporaryFolders(environment);
  const config = await readConfig(given, environment);
  const flags = withConfig(given, config?.values);
  const plan = await planRun(flags, {
    environment,
    config,
    id: `run-${randomHex()}`,
    fallbackState: environment.stateHome ?? temporary.make("sheath-state-"),
    makeDemoFolder: () => makeDemo(environment),
  });
  const assignment = await abortable(readTask(words, plan), interrupts.cancelled);
  if (plan.engine.type === "demo") printLine(demoNotice(plan, words));
  if (plan.engine.type === "model" && plan.engine.why !== undefined && !flags.quiet) {
    printLine(`sheath: ${plan.engine.why}`);
  }
  const configured = await withConfiguredKey(plan, config, interrupts.cancelled);
  await using worker = early ?? startWorker(environment);
  const spec = worker.hasSocket ? configured : withToken(configured, newToken());
  // The worker boots while the rest of this program loads.
  const provided = worker.provide(encodeSpec(spec));
  const { driveRun } = await import("./drive_run.ts");
  await provided;
  return await driveRun(worker, { spec, assignment, flags, environment, interrupts, startedAt });
}

async function readTask(words: readonly string[], { engine }: Plan): Promise<string> {
  const task = (words.length === 1 && words[0] === "-" ? await readText("-") : words.join(" "))
    .trim();
  if (task !== "") return task;
  if (engine.type === "demo") return DEMO_TASK;
  throw new WorkerError("bad_input", 'TASK is missing: sheath run "what to do"');
}

/** The command that tells a key is the last thing that can go wrong: it may ask for a passphrase. */
async function withConfiguredKey(
  { spec, engine }: Plan,
  config: Config | undefined,
  signal: AbortSignal,
): Promise<ProvisionSpec> {
  if (engine.type !== "model" || !engine.needsKey || config === undefined) return spec;
  const { readConfiguredKey } = await import("./key_command.ts");
  return withKey(spec, await readConfiguredKey(config, engine.model.provider, signal));
}

function makeDemo({ tmp }: CliEnvironment): string {
  const folder = Deno.makeTempDirSync({ dir: tmp, prefix: "sheath-demo-" });
  for (const [name, text] of Object.entries(demoFiles)) {
    Deno.writeTextFileSync(`${folder}/${name}`, text);
  }
  return folder;
}

function demoNotice({ spec }: Plan, words: readonly string[]): string {
  const task = words.length > 0 ? " instead of your task" : "";
  return `sheath: ${NO_KEY}, so this is a demo${task}: a built-in script, not a model, ` +
    `in the new folder ${spec.workspace}. Set a key, or give --model and --base-url, to run a model.`;
}

/** Folders of this command alone, removed when it ends. */
class TemporaryFolders implements Disposable {
  readonly #tmp: string;
  readonly #made: string[] = [];

  constructor({ tmp }: CliEnvironment) {
    this.#tmp = tmp;
  }

  make(prefix: string): string {
    const folder = Deno.makeTempDirSync({ dir: this.#tmp, prefix });
    this.#made.push(folder);
    return folder;
  }

  [Symbol.dispose](): void {
    for (const folder of this.#made) Deno.removeSync(folder, { recursive: true });
  }
}

function newToken(): string {
  return crypto.getRandomValues(new Uint8Array(32)).toHex();
}

function randomHex(): string {
  return crypto.randomUUID().slice(0, 8);
}
