// A process of this user with a secret in its arguments and its environment; it ends with its maker.

const PROGRAM = "/bin/sh";

export class Decoy implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  #isGone = false;
  readonly #ended: Promise<void>;

  constructor(secret: string) {
    this.#child = new Deno.Command(PROGRAM, {
      // Waits for the end of its stdin.
      args: ["-c", "read line", "decoy", secret],
      clearEnv: true,
      env: { DECOY_SECRET: secret },
      stdin: "piped",
      stdout: "null",
      stderr: "null",
    }).spawn();
    this.#ended = this.#child.status.then(() => {
      this.#isGone = true;
    });
  }

  get pid(): number {
    return this.#child.pid;
  }

  /** Whether it has ended, of itself or not. */
  get isGone(): boolean {
    return this.#isGone;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#child.stdin.close().catch(() => {/* it has ended */});
    try {
      this.#child.kill("SIGKILL");
    } catch {
      // It has ended.
    }
    await this.#ended;
  }
}
