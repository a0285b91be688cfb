// The same attacks where there is no cage: an attack that fails here as well shows nothing.
import { systemClock } from "../base/clock.ts";
import { settlesWithin } from "../base/within.ts";
import type { AttackCase, Observation, Output, Step } from "./attack_case.ts";
import { beatIn, isBeating } from "./beats.ts";
import type { Ground, Scene } from "./ground.ts";

const SHELL = "/bin/bash";
const STEP_MS = 15_000;
const BEAT_POLL_MS = 20;
/** What it left behind may hold the pipes. */
const PIPE_MS = 200;
/** Of each stream. */
const KEPT_CHARACTERS = 4_000_000;

export async function attackOpenly(one: AttackCase, ground: Ground): Promise<Observation> {
  const scene = ground.scene(one);
  const outputs: Output[] = [];
  for (const step of one.attack(scene.targets)) {
    outputs.push(await runOpenly(step, { one, scene, ground }));
  }
  const beats = await isBeating(scene.targets.folder);
  const end = one.alone === "runs" ? "no cage" : undefined;
  return { outputs, ...scene.look(), isBeating: beats, end };
}

async function runOpenly(
  { tool, control }: Step,
  { one, scene, ground }: { one: AttackCase; scene: Scene; ground: Ground },
): Promise<Output> {
  const startedAt = systemClock.monotonic();
  const { folder } = scene.targets;
  const child = new Deno.Command(SHELL, {
    args: ["-c", control],
    cwd: folder,
    clearEnv: true,
    env: { ...ground.variables, ...one.variables?.(ground.shared) },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
    detached: true, // leads a group: what it leaves there ends with it
  }).spawn();
  const stdout = new Reading(child.stdout);
  const stderr = new Reading(child.stderr);
  if (one.alone === "kill") await killAtBeat(child, folder);
  else if (!await settlesWithin(child.status, { ms: STEP_MS, clock: systemClock })) {
    killGroup(child);
  }
  const { code } = await child.status;
  const ms = systemClock.monotonic() - startedAt;
  if (one.alone !== "kill") killGroup(child);
  return {
    tool,
    stdout: await stdout.end(),
    stderr: await stderr.end(),
    ms,
    isDone: code === 0,
  };
}

async function killAtBeat(child: Deno.ChildProcess, folder: string): Promise<void> {
  const end = systemClock.monotonic() + STEP_MS;
  const never = new AbortController().signal;
  while (beatIn(folder) === undefined && systemClock.monotonic() < end) {
    await systemClock.sleep(BEAT_POLL_MS, never);
  }
  child.kill("SIGKILL");
}

function killGroup(child: Deno.ChildProcess): void {
  try {
    Deno.kill(-child.pid, "SIGKILL");
  } catch {
    // Nobody is left in it.
  }
}

/** What comes on a stream until it ends or nobody waits for it any more. */
class Reading {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #done: Promise<void>;
  #text = "";

  constructor(stream: ReadableStream<Uint8Array>) {
    this.#reader = stream.getReader();
    this.#done = this.#run();
  }

  async end(): Promise<string> {
    await settlesWithin(this.#done, { ms: PIPE_MS, clock: systemClock });
    await this.#reader.cancel();
    await this.#done;
    return this.#text;
  }

  async #run(): Promise<void> {
    const decoder = new TextDecoder();
    for (;;) {
      const { value } = await this.#reader.read();
      if (value === undefined) return;
      if (this.#text.length < KEPT_CHARACTERS) this.#text += decoder.decode(value);
    }
  }
}
