// A typed, bounded, two-way channel between two compartments: calls with id and abort, and
// notices with credit. What the messages of one port are stands in its table (…_port.ts).
import * as z from "zod";
import { Pending } from "../base/pending.ts";
import { messageOf, toFault, toWorkerError, WorkerError } from "../core/errors.ts";

/** What one side of a port answers to: the schema of every call and notice it takes. */
export type Side = {
  readonly calls: Readonly<
    Record<string, { readonly params: z.ZodMiniType; readonly result: z.ZodMiniType }>
  >;
  readonly notices: Readonly<Record<string, { readonly params: z.ZodMiniType }>>;
};

type Calls<S extends Side> = keyof S["calls"] & string;
type Notices<S extends Side> = keyof S["notices"] & string;
type Params<S extends Side, Name extends Calls<S>> = z.output<S["calls"][Name]["params"]>;
type Result<S extends Side, Name extends Calls<S>> = z.output<S["calls"][Name]["result"]>;

/** What a call's handler is given beside its params. */
export type CallContext = {
  /** Aborts when the caller no longer waits. */
  readonly signal: AbortSignal;
  /** What the answer hands over instead of copying. */
  readonly transfer: Transferable[];
};

export type Handlers<S extends Side> = {
  readonly calls: {
    readonly [Name in Calls<S>]: (
      params: Params<S, Name>,
      context: CallContext,
    ) => Promise<Result<S, Name>> | Result<S, Name>;
  };
  readonly notices: {
    readonly [
      /** The notice's credit goes back to the sender when the handler has settled. */
      Name in Notices<S>
    ]: (params: z.output<S["notices"][Name]["params"]>) => void | Promise<void>;
  };
};

/** How many notices one side may send before the other has taken any. */
const CREDIT = 256;

const frameSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("call"), id: z.int(), name: z.string(), params: z.unknown() }),
  z.object({ type: z.literal("abort"), id: z.int() }),
  z.object({ type: z.literal("answer"), id: z.int(), value: z.unknown() }),
  z.object({ type: z.literal("failure"), id: z.int(), fault: z.string(), message: z.string() }),
  z.object({ type: z.literal("notice"), name: z.string(), params: z.unknown() }),
  z.object({ type: z.literal("credit"), count: z.int() }),
]);
type Frame = z.output<typeof frameSchema>;

export type PortOptions<Local extends Side, Remote extends Side> = {
  readonly local: Local;
  readonly remote: Remote;
  readonly handlers: Handlers<Local>;
  /** Told of a message that is not in the table: the process must end. */
  readonly onViolation: (error: Error) => void;
};

export class Port<Local extends Side, Remote extends Side> implements Disposable {
  readonly #channel: MessagePort;
  readonly #options: PortOptions<Local, Remote>;
  readonly #answers = new Pending<number, unknown>();
  readonly #running = new Map<number, AbortController>();
  readonly #waiting: PromiseWithResolvers<void>[] = [];
  #lastId = 0;
  #credit = CREDIT;
  #owed = 0;
  #notices: Promise<void> = Promise.resolve();
  #closed: Error | undefined;

  constructor(channel: MessagePort, options: PortOptions<Local, Remote>) {
    this.#channel = channel;
    this.#options = options;
    channel.onmessage = ({ data }) => this.#receive(data);
  }

  /** Asks the other side. Rejects with its WorkerError, the abort reason, or the reason of `close`. */
  async call<Name extends Calls<Remote>>(
    name: Name,
    params: Params<Remote, Name>,
    options: { readonly signal: AbortSignal; readonly transfer?: Transferable[] },
  ): Promise<Result<Remote, Name>> {
    const { signal, transfer = [] } = options;
    signal.throwIfAborted();
    const id = ++this.#lastId;
    const answer = this.#answers.wait(id, signal);
    const abort = () => this.#post({ type: "abort", id });
    signal.addEventListener("abort", abort, { once: true });
    try {
      this.#post({ type: "call", id, name, params }, transfer);
      const schema: Remote["calls"][Name]["result"] =
        entry(this.#options.remote.calls[name], name).result;
      return read(schema, await answer, `answer to ${name}`);
    } finally {
      signal.removeEventListener("abort", abort);
    }
  }

  /** Tells the other side; resolves when there is room for more. Rejects when closed. */
  notify<Name extends Notices<Remote>>(
    name: Name,
    params: z.output<Remote["notices"][Name]["params"]>,
  ): Promise<void> {
    if (this.#closed) return Promise.reject(this.#closed);
    this.#credit--;
    this.#post({ type: "notice", name, params });
    if (this.#credit > 0) return Promise.resolve();
    const room = Promise.withResolvers<void>();
    this.#waiting.push(room);
    return room.promise;
  }

  /** Every wait on this side ends with `reason`; nothing is sent or taken any more. */
  close(reason: Error): void {
    if (this.#closed) return;
    this.#closed = reason;
    this.#answers.close(reason);
    for (const { reject, promise } of this.#waiting.splice(0)) {
      promise.catch(() => {}); // the writer may have stopped waiting
      reject(reason);
    }
    for (const controller of this.#running.values()) controller.abort(reason);
    this.#channel.close();
  }

  [Symbol.dispose](): void {
    this.close(new WorkerError("connection_lost", "Port closed"));
  }

  #post(frame: Frame, transfer: Transferable[] = []): void {
    if (!this.#closed) this.#channel.postMessage(frame, transfer);
  }

  #receive(data: unknown): void {
    if (this.#closed) return;
    try {
      const frame = read(frameSchema, data, "message");
      switch (frame.type) {
        case "call": {
          const controller = new AbortController();
          this.#running.set(frame.id, controller); // an abort may come before its turn
          return this.#afterNotices(() => this.#serve(frame, controller.signal));
        }
        case "abort":
          return this.#running.get(frame.id)?.abort(cancelled());
        case "answer":
          return this.#afterNotices(() => {
            if (!this.#answers.resolve(frame.id, frame.value)) discard(frame.value);
          });
        case "failure": {
          const failure = failureOf(frame.fault, frame.message);
          return this.#afterNotices(() => this.#answers.reject(frame.id, failure));
        }
        case "notice":
          return this.#take(frame.name, frame.params);
        case "credit":
          return this.#refill(frame.count);
      }
    } catch (thrown) {
      this.#violate(thrown);
    }
  }

  #serve({ name, id, params }: Frame & { type: "call" }, signal: AbortSignal): void {
    if (!hasName(this.#options.local.calls, name)) throw new TypeError(`Unknown call "${name}"`);
    const context = { signal, transfer: [] };
    const result = this.#handle(name, params, context);
    result
      .then((value) => this.#post({ type: "answer", id, value }, context.transfer))
      .catch((thrown) => {
        const { fault, message } = toWorkerError(thrown);
        this.#post({ type: "failure", id, fault, message });
      })
      .finally(() => this.#running.delete(id));
  }

  #handle<Name extends Calls<Local>>(
    name: Name,
    params: unknown,
    context: CallContext,
  ): Promise<Result<Local, Name>> {
    const { local, handlers } = this.#options;
    const schema: Local["calls"][Name]["params"] = entry(local.calls[name], name).params;
    const input = read(schema, params, name);
    return Promise.try(() => handlers.calls[name](input, context));
  }

  /** Notices are handled one after another, in the order they came. */
  #take(name: string, params: unknown): void {
    if (!hasName(this.#options.local.notices, name)) {
      throw new TypeError(`Unknown notice "${name}"`);
    }
    const handle = this.#reader(name, params);
    this.#notices = this.#notices
      .then(handle)
      .catch((thrown) => this.#violate(thrown))
      .then(() => this.#giveBack());
  }

  #reader<Name extends Notices<Local>>(name: Name, params: unknown): () => void | Promise<void> {
    const { local, handlers } = this.#options;
    const schema: Local["notices"][Name]["params"] = entry(local.notices[name], name).params;
    const input = read(schema, params, name);
    return () => handlers.notices[name](input);
  }

  /** Notices sent before come first: a run's end, and its questions, after its events. */
  #afterNotices(step: () => void): void {
    this.#notices = this.#notices.then(step).catch((thrown) => this.#violate(thrown));
  }

  #giveBack(): void {
    this.#owed++;
    if (this.#owed < CREDIT / 4) return;
    this.#post({ type: "credit", count: this.#owed });
    this.#owed = 0;
  }

  #refill(count: number): void {
    this.#credit += count;
    if (this.#credit > 0) { for (const { resolve } of this.#waiting.splice(0)) resolve(); }
  }

  #violate(thrown: unknown): void {
    const error = new WorkerError("internal", `Port violated: ${messageOf(thrown)}`, {
      cause: thrown,
    });
    this.close(error);
    this.#options.onViolation(error);
  }
}

function read<Schema extends z.ZodMiniType>(
  schema: Schema,
  value: unknown,
  what: string,
): z.output<Schema> {
  const result = z.safeParse(schema, value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new TypeError(`Ill-typed ${what}: ${issue?.path.join(".")}: ${issue?.code}`);
}

/** An answer that nobody waits for any more: what streams in it must end at its source. */
function discard(value: unknown): void {
  if (typeof value !== "object" || value === null) return;
  for (const part of Object.values(value)) {
    if (part instanceof ReadableStream) part.cancel().catch(() => {/* it has ended by itself */});
  }
}

function entry<Entry>(found: Entry | undefined, name: string): Entry {
  if (found === undefined) throw new TypeError(`Unknown message "${name}"`);
  return found;
}

function hasName<Table extends object>(table: Table, name: string): name is keyof Table & string {
  return Object.hasOwn(table, name);
}

function cancelled(): WorkerError {
  return new WorkerError("cancelled", "Cancelled by the caller");
}

function failureOf(fault: string, message: string): WorkerError {
  return new WorkerError(toFault(fault), message);
}
