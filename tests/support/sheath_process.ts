// One process of the program under test: started with a clean environment, listened to, ended.
import { SHEATH } from "./binary.ts";
import { within } from "./deadline.ts";

export type StartOptions = {
  /** All the variables it gets. */
  readonly variables: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Written to its stdin, which is then closed. */
  readonly input?: string | Uint8Array;
  /** Another program than the compiled one. */
  readonly program?: string;
};

export type Exit = {
  readonly code: number;
  readonly signal: Deno.Signal | null;
  readonly stdout: string;
  readonly stderr: string;
};

export class SheathProcess implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  #stdout = "";
  #stderr = "";
  /** Resolves once the process has ended and both its streams with it. */
  readonly exited: Promise<Exit>;

  constructor(args: readonly string[], options: StartOptions) {
    const { variables, cwd = "/", input = "", program = SHEATH } = options;
    this.#child = new Deno.Command(program, {
      args: [...args],
      clearEnv: true,
      env: { ...variables },
      cwd,
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    const streams = [
      eachText(this.#child.stdout, (text) => this.#stdout += text),
      eachText(this.#child.stderr, (text) => this.#stderr += text),
      this.#feed(input),
    ];
    this.exited = Promise.all([this.#child.status, ...streams]).then(([{ code, signal }]) => ({
      code,
      signal,
      stdout: this.#stdout,
      stderr: this.#stderr,
    }));
  }

  get pid(): number {
    return this.#child.pid;
  }

  /** What it has written so far. */
  get stdout(): string {
    return this.#stdout;
  }

  get stderr(): string {
    return this.#stderr;
  }

  /** Harmless when it has ended. */
  kill(signal: Deno.Signal): void {
    try {
      this.#child.kill(signal);
    } catch {
      // It has ended.
    }
  }

  async exit(ms?: number): Promise<Exit> {
    const what = `end of process ${this.pid}`;
    return await within(this.exited, ms === undefined ? { what } : { what, ms });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.kill("SIGKILL");
    await this.exited;
  }

  async #feed(input: string | Uint8Array): Promise<void> {
    const writer = this.#child.stdin.getWriter();
    try {
      await writer.write(typeof input === "string" ? new TextEncoder().encode(input) : input);
      await writer.close();
    } catch {
      // It ended before it had read all.
    }
  }
}

/** Runs the program to its end. */
export async function runSheath(args: readonly string[], options: StartOptions): Promise<Exit> {
  await using process = new SheathProcess(args, options);
  return await process.exit();
}

async function eachText(
  stream: ReadableStream<Uint8Array>,
  take: (text: string) => void,
): Promise<void> {
  const decoder = new TextDecoder();
  for await (const bytes of stream) take(decoder.decode(bytes, { stream: true }));
  take(decoder.decode());
}
