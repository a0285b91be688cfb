// Routes at work: turns a route's name and a path into a request to exactly that place, adds
// its key there and nowhere else, and lets no secret come back. Which places there are is
// model_endpoint.ts's.
import { abortable } from "../base/abortable.ts";
import type { Clock } from "../base/clock.ts";
import { WorkerError } from "../core/errors.ts";
import { netPermission } from "../grants/route.ts";
import type { EgressLog } from "./egress_log.ts";
import type { LiveRoute } from "./live_route.ts";
import type { Meter, MeteredCall } from "./meter.ts";
import { type ModelEndpoint, modelEndpoint } from "./model_endpoint.ts";
import { Redactor } from "./redaction.ts";
import type { Traffic } from "./traffic.ts";
import { isKnownUnsent } from "./unsent.ts";

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
  /** Undefined: what models cost is not counted. */
  readonly meter?: Meter | undefined;
  readonly egress: Pick<EgressLog, "begin">;
};

// What our providers send. Any other could carry a credential, choose another server or account, or
// make another request of it.
const LET_INTO_REQUEST = ["accept", "anthropic-beta", "anthropic-version", "content-type"];
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
 * cannot be reached, `budget` when a model's answer could cost more than is left.
 */
export async function forward(
  request: RouteRequest,
  routes: ReadonlyMap<string, LiveRoute>,
  options: ForwardOptions,
): Promise<RouteResponse> {
  options.signal.throwIfAborted();
  const route = routes.get(request.route);
  if (!route) throw new WorkerError("refused", `No route "${request.route}" is granted`);
  const redactor = new Redactor(route.secrets);
  const { method } = request;
  const { url, model } = placeOf(request, route);
  const headers = headersFor(request, route);
  const call = options.meter?.admit({ model, body: request.body });
  const body = call?.body ?? request.body;
  const place = { route: route.id, host: netPermission(route), method };
  const traffic = options.egress.begin(place);
  const response = await send(url, { method, headers, body }, options).catch((thrown) => {
    const isUnsent = !options.signal.aborted && isKnownUnsent(thrown);
    if (!isUnsent) traffic.sent(body?.length ?? 0);
    traffic[Symbol.dispose]();
    // Without a head the answer may have been made, and be charged, all the same.
    if (isUnsent) call?.release();
    else call?.chargeInFull();
    options.signal.throwIfAborted();
    throw new WorkerError("provider", redactor.redact(reasonOf(thrown)));
  });
  traffic.sent(body?.length ?? 0);
  return answerOf(response, { traffic, call, redactor });
}

type Answering = {
  readonly traffic: Traffic;
  readonly call: MeteredCall | undefined;
  readonly redactor: Redactor;
};

function answerOf(response: Response, { traffic, call, redactor }: Answering): RouteResponse {
  const { status } = response;
  traffic.answered(status);
  const headers = [...response.headers]
    .filter(([name]) => !DROPPED_FROM_RESPONSE.includes(name))
    .map(([name, value]): [string, string] => [name, redactor.redact(value)]);
  const passing = response.body && traffic.through(response.body);
  if (!passing) traffic[Symbol.dispose]();
  const counted = chargedBody(response, { body: passing, call });
  const body = redactor.isIdle ? counted : counted?.pipeThrough(redactor.stream()) ?? null;
  return { status, headers, body };
}

/** A failure costs nothing; an answer is charged when it ends. */
function chargedBody(
  { ok, headers }: Response,
  { body, call }: Pick<RouteResponse, "body"> & Pick<Answering, "call">,
): RouteResponse["body"] {
  if (!call) return body;
  if (ok && body) return call.tap(body, headers.get("content-type") ?? "");
  if (ok) call.chargeInFull();
  else call.release();
  return body;
}

/** @throws WorkerError `refused` for what is none of the route's endpoints. */
function placeOf({ method, path }: RouteRequest, route: LiveRoute): ModelPlace {
  if (!route.methods.includes(method)) {
    throw new WorkerError("refused", `Route "${route.id}" does not grant ${method}`);
  }
  const url = addressOf(route, path);
  const place = url.pathname.slice(route.pathPrefix.length) + url.search;
  const endpoint = modelEndpoint(route.protocol, place);
  if (endpoint) return { ...endpoint, url };
  throw new WorkerError("refused", `Route "${route.id}" grants no such endpoint`);
}

type ModelPlace = ModelEndpoint & { readonly url: URL };

function headersFor({ headers }: RouteRequest, route: LiveRoute): Headers {
  const sent = new Headers();
  for (const [name, value] of headers) {
    if (LET_INTO_REQUEST.includes(name.toLowerCase())) sent.append(name, value);
  }
  for (const [name, value] of Object.entries(route.headers)) sent.set(name, value);
  return sent;
}

type Sending = Pick<RouteRequest, "method" | "body"> & { readonly headers: Headers };

async function send(
  url: URL,
  { method, headers, body }: Sending,
  { fetch, signal, clock }: ForwardOptions,
): Promise<Response> {
  const stop = new AbortController();
  const init = { method, headers, body, redirect: "manual", signal: stop.signal } as const;
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
