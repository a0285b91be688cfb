// A host's connection to a worker by the runtime's own WebSocket, not by ours: it reads as foreign hosts do.

/** Disposing it closes the socket and waits until the worker has closed too. */
export class Connection implements AsyncDisposable {
  readonly #socket: WebSocket;
  readonly #opened = Promise.withResolvers<void>();
  readonly #closed = Promise.withResolvers<void>();

  constructor(endpoint: string) {
    this.#socket = new WebSocket(endpoint);
    this.#socket.onopen = () => this.#opened.resolve();
    this.#socket.onclose = () => {
      this.#opened.reject(new Error(`cannot connect to ${endpoint}`));
      this.#closed.resolve();
    };
  }

  /** Starts one run and hands out its events as they come, unread; resolves with its terminal. */
  async run(assignment: string, onEvent: (frame: string) => void): Promise<string> {
    const ended = Promise.withResolvers<string>();
    await this.#opened.promise;
    this.#socket.onmessage = ({ data }: MessageEvent<string>) => {
      if (data.startsWith(EVENT)) onEvent(data);
      else ended.resolve(data);
    };
    this.#closed.promise.then(() => ended.reject(new Error("worker closed before the run ended")));
    this.#socket.send(JSON.stringify({ kind: "run", assignment }));
    const terminal = await ended.promise;
    if (terminal.startsWith(COMPLETED)) return terminal;
    throw new Error(`run did not complete: ${terminal.slice(0, 500)}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#socket.close();
    await this.#closed.promise;
  }
}

/** How frames begin: parsing each would cost the client more than what it measures. */
const EVENT = '{"kind":"event"';
const COMPLETED = '{"kind":"terminal","status":"completed"';
