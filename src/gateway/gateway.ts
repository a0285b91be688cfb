// Routes at work: turns a route's name and a path into a request to exactly that place, adds
// its key there and nowhere else, and lets no secret come back.
import { abortable } from "../base/abortable.ts";
import type { Clock } from "../base/clock.ts";
import { WorkerError } from "../core/errors.ts";
import type { LiveRoute } from "./live_route.ts";
import { Redactor } from "./redaction.ts";

export type RouteRequest = {
  readonly route: string;
  readonly method: string;
  /** Path and query under the route's prefix, starting with a slash. */
  readonly path: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: Uint8Array<ArrayBuffer> | null;
};

export type RouteResponse = {
  readonly status: number;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: ReadableStream<Uint8Array<ArrayBuffer>> | null;
};

export type ForwardOptions = {
  readonly fetch: typeof fetch;
  readonly clock: Pick<Clock, "sleep">;
  readonly signal: AbortSignal;
};

// Never passed on from the agent: they carry credentials or choose another server.
const DROPPED_FROM_REQUEST = [
  "authorization",
  "proxy-authorization",
  "cookie",
  "host",
  "x-api-key",
  "x-goog-api-key",
  "api-key",
];
// They describe the body as it was on the wire, or are meant for browsers.
const DROPPED_FROM_RESPONSE = [
  "content-encoding",
  "content-length",
  "transfer-encoding",
  "set-cookie",
  "location",
];

/**
 * Follows no redirect: it could carry the key to another server.
 * @throws WorkerError `refused` for what the route does not grant, `provider` when the place
 * cannot be reached.
 */
export async function forward(
  request: RouteRequest,
  routes: ReadonlyMap<string, LiveRoute>,
  options: ForwardOptions,
): Promise<RouteResponse> {
  const route = routes.get(request.route);
  if (!route) throw new WorkerError("refused", `No route "${request.route}" is granted`);
  const redactor = new Redactor(route.secrets);
  const response = await send(request, route, options).catch((thrown) => {
    options.signal.throwIfAborted();
    if (thrown instanceof WorkerError) throw thrown;
    throw new WorkerError("provider", redactor.redact(reasonOf(thrown)));
  });
  const headers = [...response.headers]
    .filter(([name]) => !DROPPED_FROM_RESPONSE.includes(name))
    .map(([name, value]): [string, string] => [name, redactor.redact(value)]);
  const body = redactor.isIdle
    ? response.body
    : response.body?.pipeThrough(redactor.stream()) ?? null;
  return { status: response.status, headers, body };
}

async function send(
  { method, path, headers, body }: RouteRequest,
  route: LiveRoute,
  { fetch, signal, clock }: ForwardOptions,
): Promise<Response> {
  if (!route.methods.includes(method)) {
    throw new WorkerError("refused", `Route "${route.id}" does not grant ${method}`);
  }
  const sent = new Headers();
  for (const [name, value] of headers) sent.append(name, value);
  for (const name of DROPPED_FROM_REQUEST) sent.delete(name);
  for (const [name, value] of Object.entries(route.headers)) sent.set(name, value);
  const url = addressOf(route, path);
  const stop = new AbortController();
  const init = { method, headers: sent, body, redirect: "manual", signal: stop.signal } as const;
  const asked = fetch(url, init);
  signal.addEventListener("abort", () => letGo(asked, { stop, clock }), { once: true });
  return await abortable(asked, signal);
}

/** How long an unwanted request may still be answered, and so be ended properly. */
const LET_GO_MS = 250;

/**
 * The runtime keeps the connection of an answer whose head comes in the very turn of an abort, and
 * nobody can end it any more. So the head is given a moment to come before the request is aborted.
 */
function letGo(
  asked: Promise<Response>,
  { stop, clock }: { readonly stop: AbortController; readonly clock: Pick<Clock, "sleep"> },
): void {
  asked.then((response) => response.body?.cancel()).catch(() => {/* there is none to end */});
  clock.sleep(LET_GO_MS, stop.signal).then(() => stop.abort());
}

/** @throws WorkerError `refused` for a path that could leave the route's prefix. */
export function addressOf(
  route: Pick<LiveRoute, "id" | "origin" | "pathPrefix">,
  path: string,
): URL {
  const refusal = new WorkerError("refused", `Path outside route "${route.id}"`);
  // Some servers decode these before they look for "..".
  if (!path.startsWith("/") || /%2e|%2f|%5c|\\/i.test(path.split("?", 1)[0] ?? "")) throw refusal;
  const prefix = `${route.origin}${route.pathPrefix}/`;
  const url = new URL(`${route.origin}${route.pathPrefix}${path}`);
  if (url.origin !== route.origin || !url.href.startsWith(prefix)) throw refusal;
  return url;
}

/** The runtime's message holds the whole address; the cause may hold headers. */
function reasonOf(thrown: unknown): string {
  const message = thrown instanceof Error ? thrown.message : "request failed";
  return message.replace(/\s*\n\s*/g, " ").slice(0, 500);
}
