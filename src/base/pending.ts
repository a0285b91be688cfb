// Promises waiting for an answer that arrives by id.

/** Every wait settles: answered, aborted, or rejected when the peer is gone (`close`). */
export class Pending<Id, Answer> implements Disposable {
  #waiting = new Map<Id, PromiseWithResolvers<Answer>>();
  #closed: Error | undefined;

  wait(id: Id, signal: AbortSignal): Promise<Answer> {
    if (this.#closed) return Promise.reject(this.#closed);
    if (signal.aborted) return Promise.reject(signal.reason);
    const entry = Promise.withResolvers<Answer>();
    this.#waiting.set(id, entry);
    const abort = () => this.#take(id)?.reject(signal.reason);
    signal.addEventListener("abort", abort, { once: true });
    return entry.promise.finally(() => signal.removeEventListener("abort", abort));
  }

  /** False if nobody waits for `id` (answered, aborted or unknown): the first answer wins. */
  resolve(id: Id, answer: Answer): boolean {
    const entry = this.#take(id);
    entry?.resolve(answer);
    return entry !== undefined;
  }

  /** Like `resolve`, with a failure. */
  reject(id: Id, reason: Error): boolean {
    const entry = this.#take(id);
    entry?.reject(reason);
    return entry !== undefined;
  }

  /** Rejects everyone who waits and everyone who comes later. */
  close(reason: Error): void {
    this.#closed ??= reason;
    for (const { reject } of this.#waiting.values()) reject(this.#closed);
    this.#waiting.clear();
  }

  [Symbol.dispose](): void {
    this.close(new Error("Closed while waiting for an answer"));
  }

  #take(id: Id): PromiseWithResolvers<Answer> | undefined {
    const entry = this.#waiting.get(id);
    this.#waiting.delete(id);
    return entry;
  }
}
