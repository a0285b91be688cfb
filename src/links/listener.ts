// Accepts connections and readies them side by side, a bounded number at once; what readying means is the member's.
import type { Clock } from "../base/clock.ts";
import { settlesWithin } from "../base/within.ts";
import { type ByteConnection, hangUp } from "./byte_connection.ts";
import type { FrameLink } from "./frame_link.ts";
import type { FrameListener } from "./frame_listener.ts";
import { HANDSHAKE_MS } from "./limits.ts";

/** Connections in their handshake. One more hangs up the oldest: mute ones must not keep others out. */
const MAX_OPENING = 64;
/** Links that nobody has accepted yet; the newest over this is refused. */
const MAX_READY = 64;
/** Pause after a failed accept, for which out of descriptors is the likely cause. */
const RETRY_MS = 100;

export type ListenerOptions<Connection extends ByteConnection> = {
  readonly endpoint: string;
  readonly clock: Clock;
  /** The link, once it can carry frames; undefined, or a rejection, turns the peer away. */
  ready(connection: Connection): Promise<FrameLink | undefined>;
};

/** What both sockets of Deno have in common. */
export interface ConnectionSource<Connection> {
  accept(): Promise<Connection>;
  close(): void;
}

export class ConnectionListener<Connection extends ByteConnection> implements FrameListener {
  readonly #source: ConnectionSource<Connection>;
  readonly #options: ListenerOptions<Connection>;
  readonly #opening = new Map<Connection, Promise<void>>();
  readonly #closing = new AbortController();
  readonly #accepting: Promise<void>;
  readonly #ready: FrameLink[] = [];
  #arrival = Promise.withResolvers<void>();

  constructor(source: ConnectionSource<Connection>, options: ListenerOptions<Connection>) {
    this.#source = source;
    this.#options = options;
    this.#accepting = this.#acceptAll();
  }

  get endpoint(): string {
    return this.#options.endpoint;
  }

  async *accept(): AsyncGenerator<FrameLink> {
    while (!this.#closing.signal.aborted) {
      const link = this.#ready.shift();
      if (link !== undefined) yield link;
      else await this.#nextArrival();
    }
  }

  async close(): Promise<void> {
    if (!this.#closing.signal.aborted) {
      this.#closing.abort();
      this.#source.close();
      this.#arrival.resolve();
    }
    await this.#accepting;
    for (const connection of this.#opening.keys()) hangUp(connection);
    await Promise.all(this.#opening.values());
    await Promise.all(this.#ready.splice(0).map((link) => link.close()));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #nextArrival(): Promise<void> {
    await this.#arrival.promise;
    this.#arrival = Promise.withResolvers();
  }

  async #acceptAll(): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      try {
        this.#open(await this.#source.accept());
      } catch {
        await this.#options.clock.sleep(RETRY_MS, signal).catch(
          () => {/* closed: the loop ends */},
        );
      }
    }
  }

  #open(connection: Connection): void {
    if (this.#closing.signal.aborted || this.#ready.length >= MAX_READY) return hangUp(connection);
    const [oldest] = this.#opening.keys();
    if (oldest !== undefined && this.#opening.size >= MAX_OPENING) hangUp(oldest);
    const opening = this.#makeReady(connection).finally(() => this.#opening.delete(connection));
    this.#opening.set(connection, opening);
  }

  async #makeReady(connection: Connection): Promise<void> {
    const { clock } = this.#options;
    const readying = this.#options.ready(connection).catch(() => undefined);
    if (!await settlesWithin(readying, { ms: HANDSHAKE_MS, clock })) hangUp(connection);
    const link = await readying;
    if (link === undefined) return hangUp(connection);
    if (this.#closing.signal.aborted) return await link.close();
    this.#ready.push(link);
    this.#arrival.resolve();
  }
}
