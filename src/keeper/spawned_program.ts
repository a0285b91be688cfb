// One program that runs: what it started, its output and its end.
import type { Clock } from "../base/clock.ts";
import type { SpawnerKernel } from "../sandbox/keeper_kernel.ts";
import { Credit } from "./credit.ts";
import type { FromSpawner, Setup, Start } from "./messages.ts";
import { OutputPump } from "./output_pump.ts";

const SHELL = "/bin/sh";
/** What the shell counts file sizes and memory in. */
const FILE_BLOCK_BYTES = 512;
const MEMORY_BLOCK_BYTES = 1024;

export type SpawnedProgramOptions = {
  readonly setup: Pick<Setup, "limits" | "env">;
  /** Holds this program alone; undefined where it is not boxed. */
  readonly kernel: SpawnerKernel | undefined;
  readonly clock: Clock;
  readonly tell: (message: FromSpawner) => void;
};

export class SpawnedProgram {
  readonly #id: number;
  readonly #child: Deno.ChildProcess;
  readonly #kernel: SpawnerKernel | undefined;
  readonly #tell: (message: FromSpawner) => void;
  readonly #credit = new Credit();
  readonly #stdout: OutputPump;
  readonly #stderr: OutputPump;
  /** Resolves when the end has been told. */
  readonly ended: Promise<void>;

  /** Tells that it has started. @throws if the system refuses another process. */
  constructor(start: Start, { setup, kernel, clock, tell }: SpawnedProgramOptions) {
    this.#id = start.id;
    this.#kernel = kernel;
    this.#tell = tell;
    this.#child = spawn(start, setup);
    tell({ type: "started", id: this.#id, pid: this.#child.pid });
    const pump = (stream: "stdout" | "stderr") =>
      new OutputPump(this.#child[stream], {
        maxBytes: start.outputBytes,
        pass: (text) => this.#pass(stream, text),
        clock,
      });
    this.#stdout = pump("stdout");
    this.#stderr = pump("stderr");
    const stopFeeding = start.input === undefined ? () => {} : feed(this.#child, start.input);
    this.ended = this.#follow(stopFeeding);
  }

  /** Ends all it has started; unboxed, what stayed in its process group. Harmless after its end. */
  kill(): void {
    if (this.#kernel) return this.#kernel.killAll();
    try {
      Deno.kill(-this.#child.pid, "SIGKILL");
    } catch {
      // Nobody is left in it.
    }
  }

  /** So many output messages have been dealt with. */
  noteTaken(count: number): void {
    this.#credit.give(count);
  }

  async #follow(stopFeeding: () => void): Promise<void> {
    const { code } = await this.#child.status;
    this.kill();
    this.#tell({ type: "exited", id: this.#id });
    stopFeeding();
    const [stdout, stderr] = await Promise.all([this.#stdout.finish(), this.#stderr.finish()]);
    this.#tell({ type: "end", id: this.#id, exitCode: code, cut: { stdout, stderr } });
  }

  async #pass(stream: "stdout" | "stderr", text: string): Promise<void> {
    await this.#credit.take();
    this.#tell({ type: "output", id: this.#id, stream, text });
  }
}

function spawn({ argv, cwd, input }: Start, { env, limits }: SpawnedProgramOptions["setup"]) {
  return new Deno.Command(SHELL, {
    args: ["-c", `${limitLines(limits)}; exec "$@"`, "sh", ...argv],
    cwd,
    clearEnv: true,
    env,
    stdin: input === undefined ? "null" : "piped",
    stdout: "piped",
    stderr: "piped",
    detached: true, // leads a process group
  }).spawn();
}

/** A limit is only refused where one is in force that is lower still. */
function limitLines({ memoryBytes, fileBytes, cpuSecs }: Setup["limits"]): string {
  const limits = [
    "-c 0",
    `-f ${Math.ceil(fileBytes / FILE_BLOCK_BYTES)}`,
    `-d ${Math.ceil(memoryBytes / MEMORY_BLOCK_BYTES)}`,
    // The soft limit first: it ends the program by a signal that tells why.
    ...cpuSecs === undefined ? [] : [`-S -t ${cpuSecs}`, `-H -t ${cpuSecs + 1}`],
  ];
  return limits.map((limit) => `ulimit ${limit} 2>&-`).join("; ");
}

/** Returns what stops it. A program need not read its input: that fails nothing. */
function feed(child: Deno.ChildProcess, input: string): () => void {
  const writer = child.stdin.getWriter();
  const ignore = () => {/* it ended first */};
  writer.write(new TextEncoder().encode(input)).then(() => writer.close()).catch(ignore);
  return () => void writer.abort().catch(ignore);
}
