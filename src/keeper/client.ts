// The box of commands as hands holds it: one keeper process, started when the first program is.
import type { Clock } from "../base/clock.ts";
import { LineSplitter } from "../base/lines.ts";
import { settlesWithin } from "../base/within.ts";
import { messageOf, WorkerError } from "../core/errors.ts";
import type { Box, Program, RunningProgram } from "../tools/box.ts";
import { ClientProgram } from "./client_program.ts";
import { encodeLine } from "./encode_line.ts";
import {
  decodeLine,
  MAX_LINE_BYTES,
  type ToHands,
  toHandsSchema,
  type ToKeeper,
} from "./messages.ts";

const READY_MS = 20_000;
/** How long a keeper whose input has ended may take to leave. */
const LEAVE_MS = 5_000;

/** A keeper process as its starter holds it. */
export interface KeeperPipes {
  readonly pid: number;
  /** Its end ends the keeper and all it started. */
  readonly input: WritableStream<Uint8Array>;
  readonly output: ReadableStream<Uint8Array>;
  /** Settles when the process has ended. */
  readonly ended: Promise<unknown>;
  /** Ends it on the spot: what it started is then on its own. */
  kill(): void;
}

export type KeeperClientOptions = {
  /** Called once. */
  readonly launch: () => KeeperPipes;
  readonly clock: Clock;
  /** Is told the keeper's process. */
  readonly onStarted: (pid: number) => void;
};

type State =
  | { readonly type: "unstarted" }
  | { readonly type: "open"; readonly input: WritableStreamDefaultWriter<Uint8Array> }
  | { readonly type: "over"; readonly error: WorkerError };

/** A keeper that has died is not started again. Disposing it ends the keeper and all programs. */
export class KeeperClient implements Box, AsyncDisposable {
  readonly #options: KeeperClientOptions;
  readonly #programs = new Map<number, ClientProgram>();
  /** Those who wait for `all_killed`, in the order in which they asked. */
  readonly #killings: PromiseWithResolvers<void>[] = [];
  readonly #death = Promise.withResolvers<WorkerError>();
  readonly #ready = Promise.withResolvers<void>();
  /** Resolves when nothing more is asked of the keeper. */
  readonly #over = Promise.withResolvers<void>();
  #state: State = { type: "unstarted" };
  /** Settles when the process is gone. */
  #left: Promise<void> = Promise.resolve();
  #lastId = 0;

  constructor(options: KeeperClientOptions) {
    this.#options = options;
  }

  /** Resolves when the keeper has failed or ended unasked; it never rejects. */
  get died(): Promise<WorkerError> {
    return this.#death.promise;
  }

  /** How many run or are about to. */
  programs(): number {
    return this.#programs.size;
  }

  async start(program: Program): Promise<RunningProgram> {
    const { argv, cwd, input, outputBytes, onOutput } = program;
    const id = ++this.#lastId;
    const line = encodeLine({ type: "start", id, argv: [...argv], cwd, input, outputBytes });
    if (line.length > MAX_LINE_BYTES) {
      const why = `command and input are ${line.length} bytes, expected at most ${MAX_LINE_BYTES}`;
      throw new WorkerError("refused", `Cannot start ${JSON.stringify(argv[0])}: ${why}`);
    }
    if (this.#state.type === "unstarted") this.#open();
    if (this.#state.type === "over") throw this.#state.error;
    const kill = () => {
      if (this.#programs.has(id)) this.#send({ type: "kill", id });
    };
    const onTaken = () => {
      if (this.#programs.has(id)) this.#send({ type: "taken", id, count: 1 });
    };
    const started = new ClientProgram({ onOutput, onTaken, kill });
    this.#programs.set(id, started);
    this.#write(line);
    return await started.started;
  }

  /**
   * Ends everything that runs, and what it left behind; resolves when nothing runs any more.
   * Rejects with a WorkerError `internal` when the keeper is gone.
   */
  async killAll(): Promise<void> {
    if (this.#state.type === "unstarted") return;
    if (this.#state.type === "over") throw this.#state.error;
    const killing = Promise.withResolvers<void>();
    this.#killings.push(killing);
    this.#send({ type: "kill_all" });
    await killing.promise;
  }

  /** Every program that runs now is ended by a limit: `why` will stand in its end. */
  limit(why: string): void {
    for (const program of this.#programs.values()) program.noteLimit(why);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#close(new WorkerError("internal", "The keeper of commands was closed"));
    await this.#left;
  }

  #open(): void {
    try {
      const pipes = this.#options.launch();
      this.#state = { type: "open", input: pipes.input.getWriter() };
      this.#left = this.#watch(pipes);
      this.#options.onStarted(pipes.pid);
    } catch (cause) {
      this.#die(messageOf(cause), cause);
    }
  }

  /** Resolves when the keeper has left. */
  async #watch(pipes: KeeperPipes): Promise<void> {
    const { clock } = this.#options;
    void this.#awaitReady();
    const listening = this.#listen(pipes.output);
    await this.#over.promise;
    // Its input has ended: a keeper in order now ends what it started, and leaves.
    if (!await settlesWithin(pipes.ended, { ms: LEAVE_MS, clock })) pipes.kill();
    await listening;
  }

  async #awaitReady(): Promise<void> {
    const { clock } = this.#options;
    const isReady = await settlesWithin(this.#ready.promise, { ms: READY_MS, clock });
    if (!isReady) this.#die(`not ready within ${READY_MS / 1000} s`);
  }

  /** Resolves when the keeper is dead to us. */
  async #listen(output: ReadableStream<Uint8Array>): Promise<void> {
    const lines = new LineSplitter({ maxBytes: MAX_LINE_BYTES });
    try {
      for await (const chunk of output) {
        for (const line of lines.push(chunk)) this.#take(decodeLine(toHandsSchema, line));
      }
      this.#die("it has ended");
    } catch (cause) {
      this.#die(messageOf(cause), cause);
    }
  }

  #take(message: ToHands): void {
    switch (message.type) {
      case "ready":
        return this.#ready.resolve();
      case "started":
        return this.#find(message.id).noteStarted();
      case "refused":
        this.#find(message.id).fail(new WorkerError("refused", message.error));
        return void this.#programs.delete(message.id);
      case "output":
        return this.#find(message.id).noteOutput({ stream: message.stream, text: message.text });
      case "end":
        this.#find(message.id).noteEnd(message);
        return void this.#programs.delete(message.id);
      case "all_killed": {
        const killing = this.#killings.shift();
        if (!killing) throw new WorkerError("internal", "Keeper answered what nobody asked");
        return killing.resolve();
      }
      case "failed":
        throw new WorkerError("internal", message.error);
    }
  }

  #find(id: number): ClientProgram {
    const program = this.#programs.get(id);
    if (!program) throw new WorkerError("internal", `Keeper told of program ${id}, there is none`);
    return program;
  }

  #send(message: ToKeeper): void {
    this.#write(encodeLine(message));
  }

  #write(line: Uint8Array): void {
    if (this.#state.type === "open") this.#state.input.write(line).catch(() => {/* it ends */});
  }

  #die(why: string, cause?: unknown): void {
    const error = new WorkerError("internal", `The keeper of commands failed: ${why}`, { cause });
    if (this.#state.type !== "over") this.#death.resolve(error);
    this.#close(error);
  }

  #close(error: WorkerError): void {
    if (this.#state.type === "over") return;
    const last = this.#state;
    this.#state = { type: "over", error };
    this.#ready.resolve();
    this.#over.resolve();
    if (last.type === "open") last.input.close().catch(() => {/* it has ended */});
    for (const program of this.#programs.values()) program.fail(error);
    this.#programs.clear();
    for (const { reject } of this.#killings.splice(0)) reject(error);
  }
}
