// Starts a worker as a process of its own and finds its socket, or its port; what is said there is client.ts's.
import { type Clock, deadline } from "../base/clock.ts";
import { settlesWithin } from "../base/within.ts";
import { WorkerError } from "../core/errors.ts";
import type { Fabric } from "../fabric/fabric.ts";
import type { FrameLink } from "../links/frame_link.ts";
import { connectUnix } from "../links/unix_link.ts";
import { connectWebSocket } from "../links/ws_client.ts";
import { eachLine } from "./log_lines.ts";

/** A worker that has not opened its socket by then never will. */
const CONNECT_MS = 30_000;
const POLL_MS = 2;
/** How long a worker may take to leave after its connection has ended. */
const LEAVE_MS = 2_000;
/** How long its last log lines may take after its end: a child of its may still hold the pipe. */
const LOG_MS = 200;
/** Bytes of a socket's path that every system takes. */
const MAX_SOCKET_PATH_BYTES = 100;

export type LaunchOptions = {
  /** The program and its arguments; `--socket PATH` is added where there is to be one. */
  readonly command: readonly [program: string, ...args: string[]];
  /** All the variables it gets. */
  readonly variables: Readonly<Record<string, string>>;
  /**
   * Folders for the socket's own folder, in order of preference; undefined where there are no
   * sockets in folders: the worker then serves on a port of this machine, which its record tells.
   */
  readonly socketRoots: readonly string[] | undefined;
  readonly clock: Clock;
  /** Gets what the worker writes to stderr, without newlines. */
  readonly onLog: (line: string) => void;
};

/** Where the record of a worker without a socket is found, and what it is to be shown. */
export type RecordedDoor = {
  readonly fabric: Fabric;
  /** The agent's. */
  readonly id: string;
  /** `secrets.worker_auth_token` of its spec. */
  readonly token: string | undefined;
};

export type Connection =
  | { readonly type: "connected"; readonly link: FrameLink }
  /** The worker ended first; what it had to say went to `onLog`. */
  | { readonly type: "exited"; readonly code: number };

/**
 * Starts at once; the worker waits for `provide`. Disposing it waits until it has left by itself,
 * at most 2 s, and leaves nothing behind; one that was given no spec is not waited for.
 */
export class WorkerProcess implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  /** The socket's own; undefined where there is none. */
  readonly #folder: string | undefined;
  readonly #clock: Clock;
  #isProvided = false;
  #leaving: Promise<void> | undefined;
  /** Resolves with the exit code once the process has ended and its log was passed on. */
  readonly exited: Promise<number>;

  /** @throws if there is no folder for the socket, or the program cannot be started. */
  constructor(options: LaunchOptions) {
    const [program, ...args] = options.command;
    this.#clock = options.clock;
    this.#folder = options.socketRoots && makeSocketFolder(options.socketRoots);
    this.#child = new Deno.Command(program, {
      args: this.#socket === undefined ? args : [...args, "--socket", this.#socket],
      clearEnv: true,
      env: { ...options.variables },
      stdin: "piped",
      stdout: "null",
      stderr: "piped",
      // Of its own group: Ctrl-C is ours to pass on, as a cancel.
      detached: true,
    }).spawn();
    const log = eachLine(this.#child.stderr, options.onLog);
    this.exited = this.#child.status.then(async ({ code }) => {
      await settlesWithin(log, { ms: LOG_MS, clock: options.clock });
      return code;
    });
  }

  get pid(): number {
    return this.#child.pid;
  }

  /** Whether the worker is met in a folder that only its user may enter; else `connect` wants a door. */
  get hasSocket(): boolean {
    return this.#folder !== undefined;
  }

  get #socket(): string | undefined {
    return this.#folder && `${this.#folder}/s`;
  }

  /** Hands over the spec (wire: ProvisionSpec on stdin). A worker that is gone tells by its end. */
  async provide(spec: string): Promise<void> {
    this.#isProvided = true;
    const writer = this.#child.stdin.getWriter();
    try {
      await writer.write(new TextEncoder().encode(spec));
      await writer.close();
    } catch {
      // It ended before it had read all; `exited` says so.
    }
  }

  /** Rejects with the abort reason, or a WorkerError `timeout` after 30 s. */
  async connect(signal: AbortSignal, door?: RecordedDoor): Promise<Connection> {
    const late = () => new WorkerError("timeout", "Worker did not open its socket within 30 s");
    using limit = deadline(CONNECT_MS, late);
    const until = AbortSignal.any([signal, limit.signal]);
    let ended: number | undefined;
    this.exited.then((code) => ended = code);
    for (;;) {
      const link = await this.#tryConnect(until, door);
      if (link) return { type: "connected", link };
      if (ended !== undefined) return { type: "exited", code: ended };
      await this.#clock.sleep(POLL_MS, until);
    }
  }

  /** Ends the process on the spot. Harmless when it has ended. */
  kill(): void {
    try {
      this.#child.kill("SIGKILL");
    } catch {
      // It has ended.
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#leaving ??= this.#leave();
    return this.#leaving;
  }

  async #leave(): Promise<void> {
    if (!this.#isProvided) {
      this.kill();
      await this.#child.stdin.close().catch(() => {/* it ended */});
    }
    const hasLeft = await settlesWithin(this.exited, { ms: LEAVE_MS, clock: this.#clock });
    if (!hasLeft) this.kill();
    await this.exited;
    if (this.#folder !== undefined) await Deno.remove(this.#folder, { recursive: true });
  }

  async #tryConnect(
    signal: AbortSignal,
    door: RecordedDoor | undefined,
  ): Promise<FrameLink | undefined> {
    const clock = this.#clock;
    try {
      if (this.#socket !== undefined) return await connectUnix(this.#socket, { clock }, signal);
      const record = await door?.fabric.resolve(door.id);
      if (record?.pid !== this.pid) return undefined; // another's, from before
      return await connectWebSocket(record.endpoint, { clock, token: door?.token }, signal);
    } catch (thrown) {
      if (thrown instanceof WorkerError && isNotThereYet(thrown.cause)) return undefined;
      throw thrown;
    }
  }
}

function isNotThereYet(cause: unknown): boolean {
  return cause instanceof Deno.errors.NotFound || cause instanceof Deno.errors.ConnectionRefused;
}

/** A new folder that only this user may enter, with a path short enough for a socket in it. */
function makeSocketFolder(roots: readonly string[]): string {
  const fitting = roots.find((root) =>
    new TextEncoder().encode(`${root}/sheath-0123456789abcdef/s`).length <= MAX_SOCKET_PATH_BYTES
  );
  return Deno.makeTempDirSync({ dir: fitting ?? "/tmp", prefix: "sheath-" });
}
