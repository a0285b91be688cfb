// Ids of requests to the host.

/**
 * `sa-<n>`, n from 0 (wire: Connection semantics). One for the whole process, so that a late answer
 * can never meet a later request.
 */
export class RequestIds {
  #next = 0;

  next(): string {
    return `sa-${this.#next++}`;
  }
}
