// fetch() for a thread without network: `http://<route>.invalid/path` goes to the gateway.
import { WorkerError } from "../core/errors.ts";
import type { Fetch } from "../providers/provider.ts";
import type { Port } from "./port.ts";
import type { silent } from "./common_port.ts";
import type { gatewayForAgent } from "./gateway_port.ts";

const SUFFIX = ".invalid";

/** The address by which an SDK names a route. */
export function routeAddress(id: string): string {
  return `http://${id}${SUFFIX}`;
}

/**
 * Rejects with a TypeError, as fetch does, when the gateway refuses or cannot reach the place; with
 * its WorkerError when a budget is used up, which no other try will change.
 */
export function routeFetch(port: Port<typeof silent, typeof gatewayForAgent>): Fetch {
  return async (input, init) => {
    const request = new Request(input, init);
    const { signal, method } = request;
    const { hostname, pathname, search } = new URL(request.url);
    const answer = await port.call("fetch", {
      route: hostname.slice(0, -SUFFIX.length),
      method,
      path: pathname + search,
      headers: [...request.headers],
      body: request.body ? new Uint8Array(await request.arrayBuffer()) : null,
    }, { signal }).catch((thrown) => {
      signal.throwIfAborted();
      if (thrown instanceof WorkerError && thrown.fault === "budget") throw thrown;
      throw new TypeError(thrown instanceof Error ? thrown.message : "fetch failed");
    });
    return new Response(answer.body && untilAbort(answer.body, signal), {
      status: answer.status,
      headers: answer.headers.map(([name, value]): [string, string] => [name, value]),
    });
  };
}

/** An abort while the body streams must close the connection on the gateway's side. */
export function untilAbort(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  signal: AbortSignal,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  return body.pipeThrough(new TransformStream(), { signal });
}
