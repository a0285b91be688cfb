// A connection to a worker as a host of somebody else's would make it: the runtime's own WebSocket,
// and JSON read without our schemas.
import { until, type Wait, within } from "./deadline.ts";

export type Frame = { readonly kind: string; readonly [field: string]: unknown };
export type WireEvent = { readonly type: string; readonly [field: string]: unknown };

/** One run as the host saw it. */
export type ObservedRun = {
  /** Everything from the run frame on, the terminal frame at the end. */
  readonly frames: readonly Frame[];
  readonly events: readonly WireEvent[];
  readonly terminal: Frame;
};

export type RunFields = {
  readonly messages?: readonly unknown[];
  readonly reasoning_effort?: string;
};

export class WorkerConnection implements AsyncDisposable {
  readonly #socket: WebSocket;
  readonly #frames: Frame[] = [];
  readonly #texts: string[] = [];
  /** How many frames `next` has handed out or gone past. */
  #seen = 0;
  #isClosed = false;
  /** Settles when either side has closed. */
  readonly closed: Promise<void>;

  private constructor(socket: WebSocket, closed: Promise<void>) {
    this.#socket = socket;
    this.closed = closed.then(() => {
      this.#isClosed = true;
    });
    socket.onmessage = ({ data }) => {
      this.#texts.push(String(data));
      this.#frames.push(readFrame(String(data)));
    };
  }

  /** Rejects when the worker turns it away. */
  static async open(url: string, token?: string): Promise<WorkerConnection> {
    const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
    const socket = new WebSocket(url, { headers });
    const opened = Promise.withResolvers<void>();
    const closed = Promise.withResolvers<void>();
    socket.onopen = () => opened.resolve();
    socket.onerror = () => opened.reject(new Error(`Connection to ${url} refused`));
    socket.onclose = () => {
      opened.reject(new Error(`Connection to ${url} closed`));
      closed.resolve();
    };
    const connection = new WorkerConnection(socket, closed.promise);
    try {
      await within(opened.promise, { what: `connection to ${url}` });
    } catch (refused) {
      await connection.close();
      throw refused;
    }
    return connection;
  }

  /** All frames so far. */
  get frames(): readonly Frame[] {
    return this.#frames;
  }

  /** The same as they came. */
  get texts(): readonly string[] {
    return this.#texts;
  }

  send(frame: Readonly<Record<string, unknown>>): void {
    this.sendText(JSON.stringify(frame));
  }

  sendText(text: string): void {
    this.#socket.send(text);
  }

  /** The next frame that matches; those before it are gone past. */
  async next(matches: (frame: Frame) => boolean, wait: Wait): Promise<Frame> {
    return await until(() => {
      for (; this.#seen < this.#frames.length; this.#seen++) {
        const frame = this.#frames[this.#seen];
        if (frame === undefined || !matches(frame)) continue;
        this.#seen++;
        return frame;
      }
      if (this.#isClosed) throw new Error(`Closed before ${wait.what}`);
      return undefined;
    }, wait);
  }

  async nextKind(kind: string): Promise<Frame> {
    return await this.next((frame) => frame.kind === kind, { what: `${kind} frame` });
  }

  async nextEvent(type: string): Promise<WireEvent> {
    const frame = await this.next((frame) => eventOf(frame)?.type === type, {
      what: `${type} event`,
    });
    return eventOf(frame) ?? { type };
  }

  /** Runs an assignment to its terminal frame. */
  async run(assignment: string, fields: RunFields = {}): Promise<ObservedRun> {
    const from = this.#seen;
    this.send({ kind: "run", assignment, ...fields });
    return await this.finish(from);
  }

  /** Waits for the terminal frame; the run counts from frame number `from`. */
  async finish(from = 0): Promise<ObservedRun> {
    const terminal = await this.nextKind("terminal");
    const frames = this.#frames.slice(from, this.#seen);
    const events = frames.map(eventOf).filter((event) => event !== undefined);
    return { frames, events, terminal };
  }

  /** Closes and waits for the peer to have done so too. Harmless when closed already. */
  async close(): Promise<void> {
    this.#socket.close();
    await within(this.closed, { what: "close of the connection" });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

export function eventOf(frame: Frame): WireEvent | undefined {
  return frame.kind === "event" && isEvent(frame.event) ? frame.event : undefined;
}

/** Texts of a run's `token` events, joined. */
export function spoken({ events }: ObservedRun): string {
  return eventsOf(events, "token").map(({ content }) => content).join("");
}

export function eventsOf(events: readonly WireEvent[], type: string): readonly WireEvent[] {
  return events.filter((event) => event.type === type);
}

/** What the calls of a run came to, in the order of the calls: read-only ones end in any order. */
export function toolOutcomes({ events }: ObservedRun): readonly ToolOutcome[] {
  const slots: { readonly id: unknown; outcome?: ToolOutcome }[] = [];
  for (const event of events) {
    const { type, tool_call_id: id } = event;
    if (type === "tool_start") slots.push({ id });
    const outcome = outcomeOf(event);
    if (!outcome) continue;
    const open = slots.find((slot) => slot.id === id && !slot.outcome);
    if (open) open.outcome = outcome;
    else slots.push({ id, outcome });
  }
  return slots.flatMap(({ outcome }) => outcome ?? []);
}

function outcomeOf(event: WireEvent): ToolOutcome | undefined {
  if (event.type === "tool_error") return { success: false, text: String(event.error) };
  if (event.type !== "tool_complete" || !isObject(event.result)) return undefined;
  const { success, result } = event.result;
  return { success: success === true, text: String(result) };
}

export type ToolOutcome = { readonly success: boolean; readonly text: string };

function readFrame(text: string): Frame {
  const value: unknown = JSON.parse(text);
  if (!isFrame(value)) throw new TypeError(`Not a frame: ${text}`);
  return value;
}

function isFrame(value: unknown): value is Frame {
  return isObject(value) && typeof value.kind === "string";
}

function isEvent(value: unknown): value is WireEvent {
  return isObject(value) && typeof value.type === "string";
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
